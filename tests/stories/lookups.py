#!/usr/bin/env -S python3 -B
"""Programs that look staff up, and what may stand between them and us."""
import glob, os, shutil, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
from story import *

CROWD = HELPERS + "/crowd"
PEOPLE = 10000
USERDB = "/run/userdb"
USERDBD = "/lib/systemd/systemd-userdbd"


def prepare():
    run("groupadd", "--system", "scanner")
    configure(local_groups="scanner")
    enrol("1001", department="Assembly")
    enrol("1002", department="Stores")


def getent(*words):
    return run("getent", *words).out


# ---- the programs ----

@story("python, perl and id agree about a person and about a group")
def programs():
    line = getent("passwd", "e1001").strip().split(":")
    out = run("python3", "-c", "import pwd, grp; p = pwd.getpwnam('e1001');"
              "print(p.pw_uid, p.pw_dir, pwd.getpwuid(p.pw_uid).pw_name,"
              "grp.getgrnam('dept-assembly').gr_mem)").ok().out
    equal(out, "%s %s e1001 ['e1001']\n" % (line[2], line[5]))
    out = run("perl", "-e", "@p = getpwnam('e1001'); @g = getgrnam('dept-assembly');"
              "print join(' ', @p[2, 7], scalar getpwuid($p[2]), $g[3])").ok().out
    equal(out, "%s %s e1001 e1001" % (line[2], line[5]))
    has(run("id", "e1001").ok().out, r"uid=%s\(e1001\)" % line[2],
        r"\(dept-assembly\)", r"\(scanner\)")
    for argv in (("python3", "-c", "import pwd; pwd.getpwnam('e9999')"),
                 ("perl", "-e", "exit(defined(getpwnam('e9999')) ? 0 : 1)"),
                 ("id", "e9999")):
        check(run(*argv).status != 0, argv[0])


@story("sudo knows a department, and nobody of another one")
def sudo():
    write("/etc/sudoers.d/it", "%dept-assembly ALL = /usr/bin/true\n", 0o440)
    has(run("sudo", "-l", "-U", "e1001").out, r"may run", r"/usr/bin/true")
    lacks(run("sudo", "-l", "-U", "e1002").all, r"/usr/bin/true")
    os.unlink("/etc/sudoers.d/it")


@story("ls -l names ten thousand owners, mapping the directory once", timeout=120)
def ten_thousand():
    kept = "/root/kept"
    shutil.copy2(DIRECTORY, kept)
    try:
        run(CROWD, DIRECTORY, str(PEOPLE)).ok()
        os.mkdir("/tmp/owned")
        for i in range(PEOPLE):
            path = "/tmp/owned/%05d" % i
            open(path, "w").close()
            os.chown(path, 70100 + i, 70001)
        lines = run("ls", "-l", "/tmp/owned").ok().out.splitlines()[1:]
        equal(len(lines), PEOPLE)
        for i, line in enumerate(lines):
            equal(line.split()[2:4], ["e%d" % (1000 + i), "dept-crowd"], line)
        out = run("strace", "--seccomp-bpf", "-f", "-e", "trace=openat", "ls",
                  "-l", "/tmp/owned", timeout=55).ok().err
        opened = out.count('"%s"' % DIRECTORY)
        check(1 <= opened <= 2, "opened %d times" % opened)
    finally:
        shutil.rmtree("/tmp/owned", ignore_errors=True)
        os.rename(kept, DIRECTORY)
        ctl("publish").ok()


@story("[SUCCESS=merge] joins a local group with ours of the same name and id")
def merge():
    gid = getent("group", "dept-assembly").split(":")[2]
    before = read("/etc/nsswitch.conf"), read("/etc/group")
    try:
        write("/etc/group", before[1] + "dept-assembly:x:%s:visitor\n" % gid)
        equal(getent("group", "dept-assembly").strip().split(":")[3], "visitor")
        edit("/etc/nsswitch.conf", r"^(group:\s*)files attend",
             r"\1files [SUCCESS=merge] attend")
        equal(getent("group", "dept-assembly").strip().split(":")[3], "visitor,e1001")
        equal(getent("group", gid).strip().split(":")[3], "visitor,e1001")
        has(getent("group", "dept-stores"), r":e1002\n")  # one that is ours alone
        has(run("id", "-Gn", "e1001").ok().out, r"\bdept-assembly\b", r"\bscanner\b")
    finally:
        write("/etc/nsswitch.conf", before[0])
        write("/etc/group", before[1])


@story("the module's tests are clean under valgrind", timeout=400)
def valgrind():
    skip_sanitized("valgrind runs no program that has a sanitizer")
    for test in ("test_nss", "test_nss_process"):
        r = run("valgrind", "-q", "--error-exitcode=99", "--leak-check=full",
                os.path.join(BUILD, "tests/unit", test),
                env={"ATT_UNDER_VALGRIND": "1"}, timeout=380).ok()
        has(r.out, r"\n1\.\.\d+\n")
        lacks(r.out, r"(?m)^not ok")


# ---- nscd ----

class Nscd:
    def __enter__(self):
        for path in ("/run/nscd", "/var/cache/nscd"):
            os.makedirs(path, exist_ok=True)
        self.process = subprocess.Popen(["/usr/sbin/nscd", "--foreground"],
                                        stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        wait_for("nscd listens", lambda: os.path.exists("/run/nscd/socket"))
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)
        for path in ("/run/nscd/socket", "/run/nscd/nscd.pid"):
            if os.path.exists(path):
                os.unlink(path)


@story("nscd forgets who was not there yet, and how somebody was, at once")
def nscd():
    with Nscd():
        equal(getent("passwd", "e3001"), "")
        home = getent("passwd", "e1001").strip().split(":")[5]
        equal(home, "/home/e1001")
        r = enrol("3001", pin=None, consent=False, department="Nights")
        has(getent("passwd", r), r"^e3001:")
        configure(local_groups="scanner", home="/srv/%l")
        ctl("publish").ok()
        has(getent("passwd", "e1001"), r":/srv/e1001:")
        lacks(run("attendctl", "doctor").all, r"nscd runs")
        has(run("attendctl", "doctor").all, r"nscd stands between")
    configure(local_groups="scanner")
    ctl("publish").ok()


@story("without that message nscd would go on as before")
def nscd_untold():
    with Nscd():
        equal(getent("passwd", "e1500"), "")
        shutil.copy2(DIRECTORY, "/root/kept")
        run(CROWD, DIRECTORY, "600").ok()
        try:
            equal(getent("passwd", "e1500"), "")
            has(getent("-s", "attend", "passwd", "e1500"), r"^e1500:")
        finally:
            os.rename("/root/kept", DIRECTORY)
            ctl("publish").ok()


@story("an nscd that hangs holds a command up for seconds, and is named")
def nscd_hangs():
    os.makedirs("/run/nscd", exist_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as s:
        s.bind("/run/nscd/socket")
        s.listen(8)
        began = time.monotonic()
        r = ctl("publish").fails(1, r"nscd did not forget", r"nscd -i passwd")
        check(time.monotonic() - began < 10, "too long")
    os.unlink("/run/nscd/socket")
    ctl("publish").ok()


# ---- systemd's user database ----

def records():
    return sorted(os.path.basename(p) for p in glob.glob(USERDB + "/*"))


@story("the user database is told of nobody unless the site says so")
def userdb_off():
    equal(records(), [])
    equal(getent("-s", "systemd", "passwd", "e1001"), "")
    has(ctl("doctor").all, r"no records for the user database are asked for")


@story("with userdb on, everybody has a record, by name, by id and by membership")
def userdb_on():
    configure(local_groups="scanner", userdb="yes")
    has(ctl("doctor").all, r"the published directory does not yet")
    ctl("publish").ok()
    uid, gid = getent("-s", "attend", "passwd", "e1001").split(":")[2:4]
    for name in ("e1001.user", uid + ".user", "kiosk.group", gid + ".group",
                 "dept-assembly.group", "e1001:dept-assembly.membership",
                 "e1001:scanner.membership"):
        check(name in records(), name)
    equal([n for n in records() if n.startswith(".")], [])
    has(ctl("doctor").all, r"everybody has a record")
    has(getent("-s", "systemd", "passwd", "e1001"),
        r"^e1001:x:%s:%s:1001:/home/e1001:/bin/bash\n" % (uid, gid))
    has(getent("-s", "systemd", "passwd", uid), r"^e1001:")
    has(getent("-s", "systemd", "group", "dept-assembly"), r":e1001\n")
    equal(getent("-s", "systemd", "passwd", "e9999"), "")


@story("people who come, change and go are written, rewritten and removed")
def userdb_changes():
    enrol("4001", pin=None, consent=False, department="Paint")
    check("e4001.user" in records(), "e4001")
    untouched = os.stat(USERDB + "/e1001.user").st_ino
    ctl("employee", "set", "4001", "--department", "Stores").ok()
    check("e4001:dept-stores.membership" in records(), "moved")
    check("e4001:dept-paint.membership" not in records(), "still in the old one")
    equal(os.stat(USERDB + "/e1001.user").st_ino, untouched)
    ctl("employee", "set", "4001", "--login", "newname").ok()
    check("newname.user" in records() and "e4001.user" not in records(), "renamed")


@story("a record that is missing is pointed out, and written again")
def userdb_missing():
    os.unlink(USERDB + "/e1001.user")
    has(ctl("doctor").all, r"warning +1 people have no record in /run/userdb",
        r"attend-userdb\.service")
    ctl("publish").ok()
    has(ctl("doctor").all, r"everybody has a record")


@story("a name with quotes and a backslash is a record like others")
def userdb_escapes():
    import json
    name = 'Ann "Q" \\ L\u00ed'
    configure(local_groups="scanner", userdb="yes", publish_names="yes")
    enrol("4002", name=name, pin=None, consent=False, department="Paint")
    equal(json.loads(read(USERDB + "/e4002.user"))["realName"], name)
    equal(getent("-s", "systemd", "passwd", "e4002").split(":")[4], name)
    configure(local_groups="scanner", userdb="yes")
    ctl("publish").ok()
    equal(json.loads(read(USERDB + "/e4002.user"))["realName"], "4002")


@story("where the records do not fit, the command says so and NSS goes on")
def userdb_full():
    run("mount", "-t", "tmpfs", "-o", "size=16k,mode=755", "none", USERDB).ok()
    try:
        ctl("publish").fails(1, r"/run/userdb are not up to date", r"attendctl publish")
        check(".attend-record" not in records(), records())
        has(getent("passwd", "e1001"), r"^e1001:")
    finally:
        run("umount", USERDB).ok()
    ctl("publish").ok()


@story("records of others are left alone, and said to be in the way")
def userdb_foreign():
    write(USERDB + "/guest.user", '{"userName":"guest","uid":4000,"gid":4000}\n')
    os.unlink(USERDB + "/e1002.user")
    write(USERDB + "/e1002.user", '{"userName":"e1002","uid":4001,"gid":4001}\n')
    r = ctl("publish")
    has(r.all, r"left alone in /run/userdb: 1 records", r"e1002\.user")
    has(read(USERDB + "/e1002.user"), "4001")
    check("guest.user" in records(), "guest is gone")
    os.unlink(USERDB + "/e1002.user")
    ctl("publish").ok()
    has(read(USERDB + "/e1002.user"), "attendRecord")


@story("a folder that others may write to is refused, with the next step")
def userdb_folder():
    os.chmod(USERDB, 0o777)
    ctl("publish").fails(1, r"/run/userdb are not up to date", r"attendctl publish")
    os.chmod(USERDB, 0o755)
    ctl("publish").ok()


@story("a static program finds staff through systemd-userdbd")
def userdbd():
    skip_sanitized("systemd-userdbd does not bear the sanitizer")
    if not os.path.exists(USERDBD):
        skip("this systemd has no systemd-userdbd")
    daemon = subprocess.Popen([USERDBD], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)
    try:
        try:
            wait_for("systemd-userdbd listens", lambda: os.path.exists(
                "/run/systemd/userdb/io.systemd.Multiplexer"), 5)
        except AssertionError:
            skip("systemd-userdbd does not start here, status %s" % daemon.poll())
        program = HELPERS + "/static_userdb"
        has(run("ldd", program).all,
            r"statically linked|not a dynamic executable")
        uid = getent("passwd", "e1001").split(":")[2]
        has(run(program, "e1001").ok().out, r'"userName":"e1001"', r'"uid":%s\b' % uid,
            r'"homeDirectory":"/home/e1001"')
        has(run(program, "e9999").ok().out, r"NoRecordFound")
        out = run("userdbctl", "groups-of-user", "e1001").ok().out
        has(out, r"dept-assembly", r"scanner")
    finally:
        daemon.terminate()
        daemon.wait(20)


@story("with userdb off again, ours are gone and those of others stay")
def userdb_off_again():
    configure(local_groups="scanner")
    ctl("publish").ok()
    equal(records(), ["guest.user"])
    os.unlink(USERDB + "/guest.user")


# ---- for people ----

@story("attendctl directory prints what is published, as a table and as JSON")
def directory():
    import json
    out = ctl("directory").ok().out
    has(out, r"Generation +\d+", r"e1001 +7\d+ +7\d+ +1001 +/home/e1001 +/bin/bash +\d+ dept-assembly\n",
        r"dept-assembly +7\d+ +1\n")
    d = json.loads(ctl("directory", "--json").ok().out)
    who = [p for p in d["people"] if p["name"] == "e1001"]
    equal(who[0]["home"], "/home/e1001")
    check(d["userdb"] is False and d["bytes"] == os.path.getsize(DIRECTORY), d)
    lacks(str(d), r"Lin|1990")
    with Broker():
        run("attendctl", "directory", user="visitor").fails(4)
        run("attendctl", "directory").ok()


@story("a directory that cannot be printed is said to be so, with the next step")
def directory_broken():
    with open(DIRECTORY, "rb") as f:
        good = f.read()
    with open(DIRECTORY, "r+b") as f:
        f.seek(300)
        f.write(b"\xff\xff\xff")
    ctl("directory").fails(1, r"attendctl publish")
    has(ctl("doctor").all, r"error +/var/cache/attend/directory cannot be used")
    os.unlink(DIRECTORY)
    ctl("directory").fails(3, r"no such file", r"attendctl publish")
    ctl("publish").ok()
    ctl("directory").ok()


# ---- what others remember of our people ----

def directory_away():
    os.rename(DIRECTORY, DIRECTORY + ".away")


def directory_cut():
    directory_away()
    with open(DIRECTORY + ".away", "rb") as f:
        half = f.read()[:os.stat(f.name).st_size // 2]
    with open(DIRECTORY, "wb") as f:
        f.write(half)
    shutil.chown(DIRECTORY, "attend", "attend")


def foreigner(uid):
    """Somebody of another directory, whom systemd's module knows."""
    os.makedirs("/etc/userdb", exist_ok=True)
    record = ('{"userName":"remote","uid":%d,"gid":%d,"disposition":"regular"}'
              % (uid, uid))
    for name in ("remote", str(uid)):
        write("/etc/userdb/%s.user" % name, record)


def account(name):
    return run("pamtester", "kiosk", name, "acct_mgmt")


def stays_out(good, gone):
    """Who has withdrawn, with the directory and without."""
    def as_ever():
        for name in (good, gone, "remote"):
            has(getent("passwd", name), r"^%s:" % name)
        account(good).ok()
        account(gone).fails(1, "Permission denied")
        account("remote").ok()  # outside the range: others decide

    before = read("/etc/nsswitch.conf")
    edit("/etc/nsswitch.conf", r"^(passwd:.*)$", r"\1 systemd")
    try:
        as_ever()
        for break_it in (directory_away, directory_cut):
            break_it()
            try:
                as_ever()
            finally:
                os.rename(DIRECTORY + ".away", DIRECTORY)
    finally:
        write("/etc/nsswitch.conf", before)


@story("while nscd remembers them, who has withdrawn stays out without the directory")
def remembered():
    foreigner(60001)
    for number in ("5001", "5002"):
        enrol(number)
    ctl("consent", "withdraw", "5002", "--purpose", "login").ok()
    with Broker(), Nscd():
        stays_out("e5001", "e5002")


@story("a passwd file that cannot be read to its end makes nobody of ours a local")
def passwd_too_long():
    enrol("5005")
    enrol("5006")
    ctl("consent", "withdraw", "5006", "--purpose", "login").ok()
    before = read("/etc/passwd")
    last = "late:x:%d:60002:%s:/:/bin/sh\n"
    try:
        for gecos in ("short", "l" * 300000):
            write("/etc/passwd", before + last % (60002, gecos))
            with Broker():
                account("e5005").ok()
                account("e5006").fails(1, "Permission denied")
                account("visitor").ok()
    finally:
        write("/etc/passwd", before)


@story("nor while the user database has them, in whatever range of ids they are")
def remembered_elsewhere():
    configure(local_groups="scanner", userdb="yes", uid_min=200000,
              uid_max=299999)
    foreigner(70050)
    for number in ("5003", "5004"):
        enrol(number)
    ctl("consent", "withdraw", "5004", "--purpose", "login").ok()
    has(run("id", "-u", "e5004").out, r"^2\d{5}$")
    with Broker():
        stays_out("e5003", "e5004")
    configure(local_groups="scanner")
    ctl("publish").ok()


main("names", size="2g", prepare=prepare)
