#!/usr/bin/env -S python3 -B
"""When something of attend is broken: root and local accounts notice nothing,
no employee gets in, and once it is mended everybody does. One by one."""
import os, shutil, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
from story import *

broker = Broker()
MULTIARCH = os.path.dirname(next(
    p for p in run("sh", "-c", "ls -d /usr/lib/*/security").out.split()))
PAM_MODULE = MULTIARCH + "/security/pam_attend.so"
NSS_MODULE = MULTIARCH + "/libnss_attend.so.2"
LOCAL_SECONDS = 3  # a local login, the PIN's delay switched off
if BUILD.endswith("/asan"):
    LOCAL_SECONDS = 9  # every program is slow to start


def prepare():
    enrol("1001")
    write("/etc/sudoers.d/kiosk", "Defaults !lecture\nvisitor ALL=(ALL) ALL\n",
          0o440)
    broker.start()


# ---- who gets in ----

def local_login(user, password):
    t = log_in(user, "not it", prompt=r"assword: ")
    t.answer(r"login: ", user)
    t.answer(r"Password: ", password, hidden=True)
    shell_of(t)
    equal(shell_says(t, "id -un").strip(), user)
    lacks(t.text, r"PIN")
    t.send("exit\n")
    t.end()


def locals_as_always():
    for user in ("root", "visitor"):
        within(LOCAL_SECONDS, "login of %s" % user,
               lambda: local_login(user, user + "password"))
    r = run("sudo", "-k", "-S", "-p", "", "id", "-un", user="visitor",
            input="visitorpassword\n").ok()
    equal(r.out, "root\n")
    r = run("su", "-c", "id -un", user="visitor", input="rootpassword\n").ok()
    equal(r.out, "root\n")
    r = run("id", "visitor").ok()
    has(r.out, r"uid=\d+\(visitor\) gid=\d+\(visitor\)")


def employee(*phases):
    t = Terminal(["pamtester", "kiosk", "e1001"] + list(phases))
    if t.expect(r"PIN: $", r"assword: $", r"\n") < 2:
        t.send(PIN + "\n")
    t.end()
    return t


def employee_gets_in():
    t = employee("authenticate", "acct_mgmt", "open_session", "close_session")
    equal(t.status, 0, t.text)
    t = employee("acct_mgmt")
    equal(t.status, 0, t.text)


def pam_says_no():
    def refused(*phases):
        t = employee(*phases)
        check(t.status != 0, t.text)

    within(13, "a refusal", lambda: refused("authenticate", "acct_mgmt"))
    # sshd with a key, cron
    within(8, "a refusal", lambda: refused("acct_mgmt"))


def login_says_no():
    t = Terminal(["login"])
    t.answer(r"login: ", "e1001")
    refused = r"(?i)incorrect|denied|unavailable|cannot|fail|unknown|login: $"
    if t.expect(r"PIN: $", r"assword: $", refused, timeout=15) < 2:
        t.send(PIN + "\n")
        t.expect(refused, timeout=15)
    t.hang_up()
    lacks(t.text, r"\n\$ $")


# ---- what breaks ----

def away(path):
    os.rename(path, path + ".away")


def back(path):
    if os.path.exists(path) and os.path.exists(path + ".away"):
        os.unlink(path)
    os.rename(path + ".away", path)


def kill():
    broker.process.kill()
    broker.process.wait()
    kill_all("attendd")
    check(os.path.exists(SOCKET), "it leaves its socket behind")


def restart():
    broker.stop(signal.SIGKILL)
    broker.start()


def remove_broker():
    broker.stop()
    away("/usr/sbin/attendd")


def return_broker():
    back("/usr/sbin/attendd")
    broker.start()


def freeze():
    broker.signal_all(signal.SIGSTOP)


def thaw():
    broker.signal_all(signal.SIGCONT)


def fill_backlog():
    """Frozen, and more callers than its backlog holds: connect would hang."""
    freeze()
    fill_backlog.held = []
    while True:
        s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        s.setblocking(False)
        fill_backlog.held.append(s)
        try:
            s.connect(SOCKET)
        except BlockingIOError:
            return


def drain_backlog():
    for s in fill_backlog.held:
        s.close()
    thaw()
    wait_for("attendd through its backlog",
             lambda: ctl("status").status == 0, seconds=60)


def garbage(path, keep=0):
    """Another file in its place: keep bytes of the old one, then noise."""
    shutil.copy2(path, path + ".new")
    shutil.chown(path + ".new", os.stat(path).st_uid, os.stat(path).st_gid)
    size = os.path.getsize(path)
    with open(path + ".new", "r+b") as f:
        f.seek(keep)
        f.write(os.urandom(max(0, size - keep)))
    away(path)
    os.rename(path + ".new", path)


def store_garbage():
    broker.stop()
    for tail in ("-wal", "-shm"):
        if os.path.exists(STORE + tail):
            os.unlink(STORE + tail)
    garbage(STORE)
    broker.start()


def store_torn():
    """The header is whole, the pages are not."""
    broker.stop()
    for tail in ("-wal", "-shm"):
        if os.path.exists(STORE + tail):
            os.unlink(STORE + tail)
    garbage(STORE, keep=4096)
    broker.start()


def store_back():
    broker.stop()
    for tail in ("-wal", "-shm"):
        if os.path.exists(STORE + tail):
            os.unlink(STORE + tail)
    back(STORE)
    broker.start()


def store_gone():
    broker.stop()
    away(STORE)
    broker.start()


def other_disk(**options):
    broker.stop()
    small_disk(**options)
    broker.start()


def own_disk():
    broker.stop()
    disk_back()
    broker.start()


def key_gone():
    broker.stop()
    away("/var/lib/attend/site.key")
    broker.start()


def key_back():
    broker.stop()
    back("/var/lib/attend/site.key")
    broker.start()


def key_other():
    broker.stop()
    garbage("/var/lib/attend/site.key")
    broker.start()


def directory_cut():
    away(DIRECTORY)
    with open(DIRECTORY + ".away", "rb") as f:
        data = f.read()
    with open(DIRECTORY, "wb") as f:
        f.write(data[:len(data) // 2])
    shutil.chown(DIRECTORY, "attend", "attend")


def directory_bits():
    away(DIRECTORY)
    with open(DIRECTORY + ".away", "rb") as f:
        data = bytearray(f.read())
    data[len(data) * 2 // 3] ^= 0x10
    with open(DIRECTORY, "wb") as f:
        f.write(data)
    shutil.chown(DIRECTORY, "attend", "attend")


def directory_writable():
    os.chmod(DIRECTORY, 0o666)


def directory_tidy():
    os.chmod(DIRECTORY, 0o644)


def config_typo():
    broker.stop()
    write(CONFIG, SETTINGS + "max-failure = 3\n")
    broker.start()


def config_right():
    broker.stop()
    configure()
    broker.start()


def user_gone():
    broker.stop()
    edit("/etc/passwd", r"^attend:", "attend-away:")


def user_back():
    edit("/etc/passwd", r"^attend-away:", "attend:")
    broker.start()


def socket_foreign():
    broker.stop()
    squat = socket_foreign.listener = socket.socket(
        socket.AF_UNIX, socket.SOCK_SEQPACKET)
    squat.bind(SOCKET)
    squat.listen(5)
    shutil.chown(SOCKET, "visitor", "visitor")


def socket_ours():
    socket_foreign.listener.close()
    os.unlink(SOCKET)
    broker.start()


def run_dir_open():
    os.chmod(RUN_DIR, 0o777)


def run_dir_closed():
    os.chmod(RUN_DIR, 0o755)


BREAKS = (
    ("attendd dead, its socket left behind", kill, restart),
    ("attendd gone from the disk", remove_broker, return_broker),
    ("attendd stopped with SIGSTOP", freeze, thaw),
    ("attendd stopped and its backlog full", fill_backlog, drain_backlog),
    ("the store overwritten with noise", store_garbage, store_back),
    ("the store's pages torn behind a good header", store_torn, store_back),
    ("the store missing", store_gone, store_back),
    ("the store's disk full", lambda: other_disk(megabytes=4), own_disk),
    ("the store's disk read-only", lambda: other_disk(full=False, read_only=True),
     own_disk),
    ("the site key missing", key_gone, key_back),
    ("another site key in its place", key_other, key_back),
    ("the directory missing", lambda: away(DIRECTORY), lambda: back(DIRECTORY)),
    ("the directory cut in half", directory_cut, lambda: back(DIRECTORY)),
    ("a bit of the directory flipped", directory_bits,
     lambda: back(DIRECTORY)),
    ("the directory writable by everybody", directory_writable,
     directory_tidy),
    ("a typo in attend.conf", config_typo, config_right),
    ("the system user attend missing", user_gone, user_back),
    ("somebody else listening on the socket", socket_foreign, socket_ours),
    ("the socket's folder open to everybody", run_dir_open, run_dir_closed),
    ("pam_attend.so missing", lambda: away(PAM_MODULE),
     lambda: back(PAM_MODULE)),
    ("pam_attend.so overwritten with noise", lambda: garbage(PAM_MODULE),
     lambda: back(PAM_MODULE)),
    # PAM needs no NSS; whoever has no uid gets no session
    ("libnss_attend.so.2 missing", lambda: away(NSS_MODULE),
     lambda: back(NSS_MODULE), (login_says_no,)),
)


def told_by_attendctl():
    broker.process.kill()
    broker.process.wait()
    kill_all("attendd")
    ctl("status").fails(6, r"nobody serves " + SOCKET)
    restart()
    ctl("status").ok()


def tell_broken(break_it, mend_it, stays_out=(pam_says_no, login_says_no)):
    def tell():
        employee_gets_in()
        break_it()
        try:
            locals_as_always()
            for says_no in stays_out:
                says_no()
        finally:
            mend_it()
        employee_gets_in()
    return tell


for what, *how in BREAKS:
    story("with %s, locals log in as always and staff do not" % what,
          timeout=120)(tell_broken(*how))

story("a socket that nobody serves is named by attendctl")(told_by_attendctl)

main(prepare=prepare)
