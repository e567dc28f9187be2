"""What the stories share: sentences as TAP, a kiosk with attend installed, its
broker, its staff.

A story file is a list of functions marked @story("sentence that is true"), and
ends with main(). Run by itself it enters a throwaway kiosk (tests/lab/kiosk)
and tells its sentences there, in order, one kiosk for the file.
"""
import errno, glob, os, re, select, signal, socket, sqlite3, subprocess, sys
import threading, time
import traceback

from terminal import Silent, Terminal, session_of, sleeps_in

SRC = os.path.realpath(os.path.join(os.path.dirname(__file__), "../.."))
BUILD = os.path.join(SRC, os.environ.get("ATT_BUILD", "build/release"))
HELPERS = "/usr/local/libexec/attend-tests"  # for ordinary users, too

RUN_DIR, SOCKET = "/run/attend", "/run/attend/socket"
STORE = "/var/lib/attend/store.db"
DIRECTORY = "/var/cache/attend/directory"
CONFIG = "/etc/attend/attend.conf"
PIN = "482915"       # what the staff of the stories use unless told
WRONG_PIN = "173064"

stories = []


# ---- sentences ----

class Skip(Exception):
    pass


def story(sentence, timeout=120):
    def mark(tell):
        stories.append((sentence, tell, timeout))
        return tell
    return mark


def skip(reason):
    raise Skip(reason)


def skip_sanitized(reason):
    """For what cannot be told of a build with sanitizers."""
    if BUILD.endswith("/asan"):
        skip(reason)


def check(ok, what):
    if not ok:
        raise AssertionError(what)


def equal(got, wanted, what=""):
    check(got == wanted, "%s: %r, not %r" % (what or "got", got, wanted))


def has(text, *patterns):
    for pattern in patterns:
        check(re.search(pattern, text), "no %r in %r" % (pattern, text[-1500:]))


def lacks(text, *patterns):
    for pattern in patterns:
        check(not re.search(pattern, text), "%r in %r" % (pattern, text[-1500:]))


def too_slow(*_):
    raise Silent("the story's time is up")


def tell_one(n, sentence, tell, timeout):
    """True unless it turned out false."""
    signal.signal(signal.SIGALRM, too_slow)
    signal.alarm(timeout)
    began = time.monotonic()
    try:
        tell()
    except Skip as s:
        print("ok %d - %s # SKIP %s" % (n, sentence, s))
        return True
    except Exception as e:
        signal.alarm(0)
        for line in traceback.format_exc().splitlines()[1:-1]:
            print("# " + line)
        for line in ("%s: %s" % (type(e).__name__, e)).splitlines():
            print("# " + line)
        for line in journal.tail(12):
            print("# log: " + line)
        print("not ok %d - %s" % (n, sentence))
        return False
    finally:
        signal.alarm(0)
        sys.stdout.flush()
    print("# %.2f s" % (time.monotonic() - began))
    print("ok %d - %s" % (n, sentence), flush=True)
    return True


def enter_kiosk(*sets, size="1g"):
    """Go on in a throwaway kiosk with these sets of packages."""
    if os.environ.get("ATT_KIOSK") != "1":
        kiosk = os.path.join(SRC, "tests/lab/kiosk")
        argv = [kiosk, "run", "--size", size]
        for name in sets:
            argv += ["--with", name]
        os.execv(kiosk, argv + ["--", sys.executable, "-B",
                                os.path.realpath(sys.argv[0])] + sys.argv[1:])


def enter(*sets, size="1g", quick=True):
    """The same, with attend installed there."""
    enter_kiosk(*sets, size=size)
    install(quick)


def wait_for_young_day(margin=240, period=86400):
    """Who is of age today is not tomorrow's question: a file that begins just
    before midnight waits for the new day; a story about parts of a day, for
    the next. The kiosk's time zone is UTC or the machine's."""
    for clock in time.gmtime, time.localtime:
        t = clock()
        passed = t.tm_hour * 3600 + t.tm_min * 60 + t.tm_sec
        left = period - passed % period
        if left < margin:
            print("# waiting %d s for the time of day" % left, flush=True)
            time.sleep(left + 1)


def main(*sets, size="1g", quick=True, prepare=None, finish=None):
    if os.geteuid() != 0:
        print("1..0 # SKIP a throwaway kiosk needs root")
        sys.exit(0)
    enter(*sets, size=size, quick=quick)
    # a shell that starts us in the background has it ignored, and by children
    signal.signal(signal.SIGINT, signal.default_int_handler)
    wait_for_young_day()
    chosen = [s for s in stories if len(sys.argv) < 2 or sys.argv[1] in s[0]]
    try:
        if prepare:
            prepare()
        good = [tell_one(n, *s) for n, s in enumerate(chosen, 1)]
    finally:
        if finish:
            finish()
    print("1..%d" % len(chosen))
    clean = sanitizers_silent()
    sys.stdout.flush()
    os._exit(0 if all(good) and clean else 1)


# ---- running things ----

class Done:
    def __init__(self, argv, status, out, err):
        self.argv, self.status, self.out, self.err = argv, status, out, err
        self.all = out + err

    def ok(self):
        check(self.status == 0, "%s ended with %d: %s" % (
            " ".join(self.argv), self.status, self.all[-1500:]))
        return self

    def fails(self, status=None, *patterns):
        """Refused, and for this reason."""
        check(self.status != 0 if status is None else self.status == status,
              "%s ended with %d, not %s: %s" % (
                  " ".join(self.argv), self.status, status, self.all[-1500:]))
        has(self.all, *patterns)
        return self


def as_user(user):
    """For subprocess: become a user as login would, by the user's name."""
    import pwd
    pw = pwd.getpwnam(user)

    def become():
        os.initgroups(user, pw.pw_gid)
        os.setresgid(pw.pw_gid, pw.pw_gid, pw.pw_gid)
        os.setresuid(pw.pw_uid, pw.pw_uid, pw.pw_uid)
    return become


def run(*argv, input="", user=None, env=None, timeout=30, new_session=True):
    """Run without a terminal; input may be None: /dev/null."""
    p = subprocess.Popen(
        argv, stdin=subprocess.PIPE if input is not None else subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        errors="replace", env={**os.environ, **(env or {})}, cwd="/",
        preexec_fn=as_user(user) if user else None,
        start_new_session=new_session)
    try:
        out, err = p.communicate(input, timeout=timeout)
    except subprocess.TimeoutExpired:
        p.kill()
        p.communicate()
        raise Silent("%s did not end within %d s" % (" ".join(argv), timeout))
    return Done(argv, p.returncode, out, err)


def ctl(*args, **kw):
    return run("attendctl", *args, **kw)


def wait_for(what, ready, seconds=30):
    """What ready() gives once it is true."""
    end = time.monotonic() + seconds
    while True:
        got = ready()
        if got:
            return got
        check(time.monotonic() < end, "%s: not within %d s" % (what, seconds))
        time.sleep(0.02)


def within(seconds, what, do, tries=4):
    """do() takes less than that, and gives what it gave. A wait of ours comes
    every time; when this machine stands still, it goes on the next time."""
    for _ in range(tries):
        began = time.monotonic()
        got = do()
        took = time.monotonic() - began
        if took < seconds:
            return got
        print("# %s: %.1f s" % (what, took), flush=True)
    raise AssertionError("%s took %.1f s, %d times over %s s" % (
        what, took, tries, seconds))


class Moments:
    """When to stop something that takes about so many seconds, so often that
    it is met before, at and after its end, however fast the machine is just
    now: every other moment is anywhere, the rest close in on the end."""

    def __init__(self, seconds, rounds):
        self.range, self.rounds = 1.3 * seconds, rounds
        self.near, self.happened, self.round = seconds, 0, 0

    def __iter__(self):
        """As many as wanted, and more (four times) until both were met."""
        while self.round < self.rounds or (
                self.round < 4 * self.rounds and not self.both()):
            yield self.round
            self.round += 1

    def both(self):
        return 0 < self.happened < self.round

    def wait(self):
        time.sleep(self.near if self.round % 2 else
                   self.range * (self.round % self.rounds) / self.rounds)

    def note(self, happened):
        """Whether it had happened in spite of the interruption."""
        self.happened += happened
        if self.round % 2:
            self.near *= 0.7 if happened else 1.5

    def met(self):
        print("# %d of %d happened; the last moments were about %.1f ms" % (
            self.happened, self.round, self.near * 1e3))
        check(self.both(), "%d of %d happened" % (self.happened, self.round))


def write(path, text, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as f:
        f.write(text)
    os.chmod(path, mode)


def read(path):
    with open(path, errors="replace") as f:
        return f.read()


# ---- the system log ----

class Journal:
    """/dev/log, read by a thread; what every program of the kiosk said."""

    BARRIER = "everything before this was read "

    def __init__(self):
        self.lines, self.lock = [], threading.Lock()
        self.barrier, self.passed = 0, 0

    def open(self):
        s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        s.bind("/dev/log")
        os.chmod("/dev/log", 0o666)
        threading.Thread(target=self._read, args=(s,), daemon=True).start()

    def _read(self, s):
        while True:
            text = s.recv(8192).decode("utf-8", "replace").rstrip("\n\0")
            if text.startswith(self.BARRIER):
                self.passed = int(text[len(self.BARRIER):])
                continue
            with self.lock:
                self.lines.append(re.sub(r"^<\d+>(\w+ +\d+ [\d:]+ )?", "", text))

    def _catch_up(self):
        """Whatever was logged so far is read, however late the thread is."""
        self.barrier += 1
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
            s.connect("/dev/log")
            s.send(("%s%d" % (self.BARRIER, self.barrier)).encode())
        wait_for("the log is read", lambda: self.passed >= self.barrier)

    def mark(self):
        time.sleep(0.05)  # last words of a worker, after its verdict
        self._catch_up()
        return len(self.lines)

    def since(self, mark=0):
        time.sleep(0.05)
        self._catch_up()
        with self.lock:
            return "\n".join(self.lines[mark:])

    def tells(self, mark, *patterns):
        """Wait until each of the patterns was logged; what was since mark."""
        end = time.monotonic() + 20
        while time.monotonic() < end and not all(
                re.search(p, self.since(mark)) for p in patterns):
            pass
        has(self.since(mark), *patterns)
        return self.since(mark)

    def tail(self, n):
        with self.lock:
            return self.lines[-n:]


journal = Journal()


# ---- the kiosk ----

SERVICE = """auth include common-auth
account include common-account
password include common-password
session include common-session
"""
ALONE = """auth required pam_attend.so
account required pam_attend.so
password required pam_attend.so
session required pam_attend.so
"""
SETTINGS = """site-name = Harbour Works
kiosk-name = kiosk-1
contact = staff office, extension 100
fail-delay-ms = 0
"""


def edit(path, pattern, replacement):
    write(path, re.sub(pattern, replacement, read(path), flags=re.M),
          os.stat(path).st_mode & 0o777)


def install_files():
    """Just what README tells a sysadmin to do, on a machine without attend."""
    run("userdel", "attend")
    run("rm", "-rf", "/etc/attend", "/var/lib/attend", "/var/cache/attend").ok()
    # -o all: it is built, and the checkout is read-only here
    run("make", "-s", "-C", SRC, "B=" + BUILD[len(SRC) + 1:], "-o", "all", "install",
        "PREFIX=/usr", timeout=60).ok()
    run("useradd", "--system", "--no-create-home", "--home-dir",
        "/var/lib/attend", "--shell", "/usr/sbin/nologin", "attend").ok()
    edit("/etc/nsswitch.conf", r"^((?:passwd|group):\s*files\b)(?! attend)",
         r"\1 attend")
    # --force: this machine's own stacks may have been edited by hand
    run("pam-auth-update", "--force", "--package", "--enable", "attend",
        "attend-pin", "mkhomedir").ok()


def install_helpers():
    os.makedirs(HELPERS, exist_ok=True)
    for folder in ("pam", "nss", "lab"):
        at = os.path.join(BUILD, "tests", folder)
        for name in os.listdir(at) if os.path.isdir(at) else ():
            if "." not in name:
                run("install", os.path.join(at, name), HELPERS).ok()


SANITIZED = "/tmp/sanitized"  # where the sanitizers report


def install_sanitizer():
    """A build with sanitizers: their runtime has to come first in every
    program that loads our modules, setuid ones too, and this one: it begins
    again. Leaks are the unit tests' to find: other programs leave theirs, and
    free as they like what C++ gave them."""
    os.makedirs(SANITIZED)
    os.chmod(SANITIZED, 0o1777)
    write("/root/options.c", """
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{ return "detect_leaks=0:verify_asan_link_order=0:alloc_dealloc_mismatch=0:log_path=%s/report"; }
const char *__ubsan_default_options(void);
const char *__ubsan_default_options(void)
{ return "print_stacktrace=1:log_path=%s/report"; }
""" % (SANITIZED, SANITIZED))
    options = "/usr/lib/libattend-test-options.so"
    run("gcc", "-shared", "-fPIC", "-o", options, "/root/options.c").ok()
    runtime = [os.path.realpath(run("gcc", "-print-file-name=" + name)
                                .ok().out.strip())
               for name in ("libasan.so", "libubsan.so")]
    # libasan looks for crypt when it starts: it must be there before pam_unix
    runtime += glob.glob("/lib/*/libcrypt.so.1")
    write("/etc/ld.so.preload", "\n".join([options] + runtime) + "\n")
    os.execv(sys.executable, [sys.executable, "-B"] + sys.argv)


def sanitizers_silent():
    """True if no process had anything to report."""
    reports = os.listdir(SANITIZED) if os.path.isdir(SANITIZED) else []
    for name in reports:
        for line in read(os.path.join(SANITIZED, name)).splitlines()[:40]:
            print("# " + line)
    return not reports


def local_account(name, password, *more):
    run("useradd", "--create-home", "--shell", "/bin/sh", *more, name).ok()
    run("chpasswd", "--crypt-method=SHA512", input="%s:%s\n" % (name, password)).ok()


def install(quick=True):
    """attend on this kiosk, initialised; two local accounts. quick: without
    the delays after a failure, which are right and would only take time."""
    if BUILD.endswith("/asan") and not os.path.exists(SANITIZED):
        install_sanitizer()
    journal.open()
    install_files()
    install_helpers()
    write(CONFIG, SETTINGS)
    if quick:
        for name in os.listdir("/etc/pam.d"):
            edit("/etc/pam.d/" + name, r"^.*pam_faildelay.*\n", "")
        edit("/etc/pam.d/common-auth", r"(pam_(att|unix)\.so)", r"\1 nodelay")
        edit("/etc/login.defs", r"^FAIL_DELAY.*$", "FAIL_DELAY 0")
    write("/etc/pam.d/kiosk", SERVICE)
    write("/etc/pam.d/alone", ALONE)
    run("chpasswd", "--crypt-method=SHA512", input="root:rootpassword\n").ok()
    local_account("visitor", "visitorpassword")
    ctl("init").ok()


def configure(**settings):
    """attend.conf with these on top; '_' stands for '-'."""
    lines = [line for line in SETTINGS.splitlines()
             if line.split(" =")[0].replace("-", "_") not in settings]
    lines += ["%s = %s" % (k.replace("_", "-"), v) for k, v in settings.items()]
    write(CONFIG, "\n".join(lines) + "\n")


# ---- the broker ----

def connects(path=SOCKET):
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as s:
        try:
            s.connect(path)
        except OSError:
            return False
    return True


class Broker:
    """attendd --listen, until stopped."""

    def __init__(self, env=None, prefix=()):
        self.env, self.prefix, self.process = env, list(prefix), None

    def start(self):
        self.process = subprocess.Popen(
            self.prefix + ["/usr/sbin/attendd", "--listen"], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, **(self.env or {})}, start_new_session=True)
        wait_for("attendd listens", self.answers)
        return self

    def answers(self):
        check(self.process.poll() is None, "attendd ended with %s: %s" % (
            self.process.returncode, journal.tail(3)))
        return connects()

    def stop(self, sig=signal.SIGTERM):
        """As systemd would; the whole of it is gone afterwards: its workers,
        too, the last of which closes the store."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(sig)
            self.process.wait(20)
        if self.process and sig != signal.SIGKILL:
            wait_for("its workers have left",
                     lambda: not session_of(self.process.pid))
        self.process = None
        if sig == signal.SIGKILL:
            kill_all("attendd")
        if os.path.exists(SOCKET):
            os.unlink(SOCKET)

    def signal_all(self, sig):
        for pid in pids("attendd"):
            send_signal(pid, sig)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.signal_all(signal.SIGCONT)
        self.stop()


def pids(name):
    found = []
    for entry in os.listdir("/proc"):
        try:
            if entry.isdigit() and read("/proc/%s/comm" % entry).strip() == name:
                found.append(int(entry))
        except OSError:
            pass  # it just ended
    return found


def send_signal(pid, sig):
    try:
        os.kill(pid, sig)
    except ProcessLookupError:
        pass  # it ended meanwhile


def kill_all(name):
    """Every process of that name in this kiosk (its own pid namespace)."""
    while pids(name):
        for pid in pids(name):
            send_signal(pid, signal.SIGKILL)
        time.sleep(0.01)


CLOCK = "/run/clock"  # what attendd's wall clock says, through libfaketime


def libfaketime():
    return next(iter(glob.glob("/usr/lib/*/faketime/libfaketime.so.1")), None)


def set_clock(offset):
    """attendd's clock away from ours: "+2d", "-30d", or seconds."""
    if not libfaketime():
        skip("libfaketime is not installed")
    write(CLOCK, "%+d\n" % offset if isinstance(offset, int) else offset + "\n")


def with_own_clock(broker):
    """Its clock is set by set_clock from now on, where that can be."""
    if libfaketime():
        write(CLOCK, "+0\n")
        broker.env = {"FAKETIME_TIMESTAMP_FILE": CLOCK,
                      "FAKETIME_NO_CACHE": "1", "DONT_FAKE_MONOTONIC": "1",
                      "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                      "LD_PRELOAD": libfaketime()}
    return broker


def at_rest():
    found = pids("attendd")
    return len(found) <= 2 and all(
        sleeps_in(pid, "poll", "ppoll") for pid in found)


def wait_for_workers():
    """No dialogue is under way or about to be: the broker waits for somebody,
    and its spare worker for the broker."""
    wait_for("the workers end", at_rest)


class Activator:
    """What systemd does for attendd.socket: hold the socket, start attendd
    with it when somebody comes and none runs."""

    def __enter__(self):
        os.makedirs(RUN_DIR, exist_ok=True)
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.listener.bind(SOCKET)
        os.chmod(SOCKET, 0o666)
        self.listener.listen(128)
        self.starts, self.going, self.process = 0, True, None
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()
        return self

    def _serve(self):
        while self.going:
            if self.process and self.process.poll() is None:
                time.sleep(0.02)
            elif select.select([self.listener], [], [], 0.1)[0]:
                self.starts += 1
                self.process = subprocess.Popen(
                    ["/bin/sh", "-c",
                     "LISTEN_PID=$$ exec /usr/sbin/attendd"],
                    env={**os.environ, "LISTEN_FDS": "1"},
                    preexec_fn=self._pass_socket, close_fds=False,
                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL)

    def _pass_socket(self):
        os.dup2(self.listener.fileno(), 3)
        os.set_inheritable(3, True)
        os.closerange(4, 256)

    def __exit__(self, *_):
        self.going = False
        self.thread.join()
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)
        self.listener.close()
        os.unlink(SOCKET)


# ---- the disk ----

STATE_DIR = os.path.dirname(STORE)


def state_files():
    """The bytes of every file of the state, by name; all at once: read again
    when one goes meanwhile, as the store's log does with the last worker."""
    while True:
        found = {}
        try:
            for folder, _, names in os.walk(STATE_DIR):
                for name in names:
                    with open(os.path.join(folder, name), "rb") as f:
                        found[name] = f.read()
            return found
        except FileNotFoundError:
            pass


def state_bytes():
    return b"".join(state_files().values())


SMALL = "/tmp/small"


def fold_log(store=STORE):
    """What was committed into the store's own file, its log empty; for when
    no attendd runs."""
    db = sqlite3.connect(store)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def fill(path):
    """To the last byte: what is smaller than a page fits in, too."""
    with open(path, "wb", buffering=0) as f:
        for size in (65536, 4096, 512, 1):
            try:
                while f.write(bytes(size)) == size:
                    pass
            except OSError as e:
                equal(e.errno, errno.ENOSPC)


def small_disk(megabytes=6, read_only=False, full=True):
    """Move the state to a file system of its own; no attendd may run. Full
    means no room in the store's log either."""
    kill_all("attendd")
    os.makedirs(SMALL)
    run("mount", "-t", "tmpfs", "-o", "mode=700,size=%dm" % megabytes, "small",
        SMALL).ok()
    run("cp", "-a", STATE_DIR + "/.", SMALL).ok()
    fold_log(os.path.join(SMALL, os.path.basename(STORE)))
    run("chown", "-R", "attend:attend", SMALL).ok()
    if full:
        fill(SMALL + "/filler")
    if read_only:
        run("mount", "-o", "remount,ro", SMALL).ok()
    run("mount", "--bind", SMALL, STATE_DIR).ok()


def make_room():
    os.unlink(STATE_DIR + "/filler")


def disk_back():
    kill_all("attendd")
    for at in (STATE_DIR, SMALL):
        wait_for("nobody holds " + at,
                 lambda: run("umount", at).status == 0)
    os.rmdir(SMALL)


# ---- staff ----

def login_name(number):
    return "e" + number.lower()


PAPER = "/root/paper.pdf"  # what a guardian signed


def guardian(number, name="Sun Yan", relation="mother", **more):
    write(PAPER, "signed by %s\n" % name)
    return ctl("guardian", "record", number, "--name", name, "--relation",
               relation, "--paper", PAPER,
               *[w for k, v in more.items() for w in ("--" + k, v)])


def enrol(number, name="Lin Mei", birth="1990-04-12", department="Assembly",
          pin=PIN, consent=True, must_change=False, minor=False, **more):
    """Add an employee; options of `employee add` by their names. A minor
    comes with a guardian's consent: without one there is no PIN."""
    options = [w for k, v in more.items() for w in ("--" + k, v)]
    if birth:
        options += ["--birth", birth]
    if department:
        options += ["--department", department]
    ctl("employee", "add", number, "--name", name, *options).ok()
    if minor:
        guardian(number).ok()
    if pin:
        ctl("pin", "set", number, *["--must-change"] * must_change,
            input=pin + "\n").ok()
    if consent:
        ctl("consent", "record", number).ok()
    return login_name(number)


def years_ago(years, days=0):
    """A date that many years and days before today."""
    t = time.localtime(time.time() - days * 86400)
    year, month, day = t.tm_year - years, t.tm_mon, t.tm_mday
    return "%04d-%02d-%02d" % (year, month, min(day, 28) if month == 2 else day)


# ---- programs that ask ----

def log_in(user, pin=PIN, env=None, prompt="PIN: "):
    """At login's prompt, as typed: name, then PIN."""
    t = Terminal(["login"], env=env)
    t.answer(r"login: ", user)
    t.answer(prompt, pin, hidden=True)
    return t


def shell_of(t):
    """Wait for the shell that log_in was after; then it prints 'ready$ '."""
    t.expect(r"[$#] $")  # what is typed before is thrown away
    t.send("PS1='ready$ '\n")
    t.expect(r"\nready\$ ")
    return t


def shell_says(t, command):
    t.send(command + "\n")
    t.expect(r"\nready\$ ")
    return t.before.split("\n", 1)[-1]


def pam(user, *operations, service="kiosk", answers=(), as_=None, timeout=30):
    """pamtester on a terminal of its own; answers go to its prompts in
    order. Gives the terminal after the end, with .status."""
    t = Terminal(["pamtester", service, user] + list(operations), user=as_,
                 timeout=timeout)
    for text in answers:
        t.answer(r": ?$", text, hidden=True)
    t.end()
    return t
