#!/usr/bin/env -S python3 -B
"""Callers and bytes that mean harm: a clear refusal, in time, nothing lost,
nobody else hindered."""
import os, select, sqlite3, struct, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
from story import *

broker = Broker()
LONG = "x" * 4096
NAMES = ("", "-e", "+e1001", "-", "+", "e1001\n", "e1001\x1b[2J", "e1001\t",
         "e1001:x", "../e1001", "e1001/", "E1001", "root ", "\u202ee1001",
         "e1001\x7f", "0", "70000", "*", "x" * 33, LONG)
AUTHENTICATE, ACCOUNT, CHANGE_PIN, COMMAND = 1, 2, 5, 6
IDENTIFY = 1 << 8
REQUEST, ANSWER, ASK, VERDICT = 1, 2, 16, 20
ALLOW, DENY, UNKNOWN, UNAVAILABLE, REFUSED = 0x69a5c3d2, 0, 1, 6, 7


def prepare():
    enrol("1001")
    enrol("1002")
    broker.start()


def well(user="e1002"):
    """Somebody else logs in meanwhile, in ordinary time."""
    return within(4, "a login meanwhile", lambda: run(
        "pamtester", "kiosk", user, "authenticate", "acct_mgmt",
        input=PIN + "\n").ok())


# ---- the wire, spoken by hand ----

def frame(kind, body, version=1, reserved=0, length=None):
    return struct.pack("<BBHI", version, kind, reserved,
                       len(body) if length is None else length) + body


def str8(s):
    s = s if isinstance(s, bytes) else s.encode()
    return bytes([len(s)]) + s


def str16(s):
    return struct.pack("<H", len(s.encode())) + s.encode()


def request(phase, user="e1001", flags=0, argv=(), service="kiosk"):
    return frame(REQUEST, struct.pack("<BII", phase, flags, 0) + b"".join(
        str8(s) for s in (service, user, "", "", "", "en")) +
        bytes([len(argv)]) + b"".join(map(str16, argv)))


def answer(text, state=0):
    return frame(ANSWER, bytes([state]) + str16(text))


class Caller:
    """A client in a process of its own uid, for SO_PEERCRED."""

    def __init__(self, user=None):
        self.here, there = socket.socketpair(
            socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.pid = os.fork()
        if self.pid == 0:
            try:
                if isinstance(user, int):
                    os.setresuid(user, user, user)
                elif user:
                    as_user(user)()
                s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                s.connect(SOCKET)
                socket.send_fds(there, [b"."], [s.fileno()])
            finally:
                os._exit(0)
        there.close()
        _, fds, _, _ = socket.recv_fds(self.here, 1, 1)
        os.waitpid(self.pid, 0)
        self.s = socket.socket(fileno=fds[0])
        self.s.settimeout(10)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.s.close()
        self.here.close()

    def send(self, packet):
        try:
            self.s.send(packet)
        except OSError:
            pass  # it is gone already: as good

    def heard(self):
        """(type, body) of the next frame; None at the end."""
        try:
            packet = self.s.recv(1 << 17)
        except ConnectionResetError:
            return None
        if not packet:
            return None
        return packet[1], packet[8:]

    def verdict(self):
        """The verdict and the exit status; None when there was none."""
        while True:
            got = self.heard()
            if got is None:
                return None
            if got[0] == ASK:
                self.send(answer(PIN))
            if got[0] == VERDICT:
                v, _, status = struct.unpack("<IIB", got[1])
                return v, status


@story("the wire as the stories speak it lets in with the right PIN")
def control():
    with Caller() as c:
        c.send(request(AUTHENTICATE))
        equal(c.verdict(), (ALLOW, 0))


@story("a stranger, and who has no PIN, cost the memory of a PIN like anybody")
def same_work():
    skip_sanitized("its address space cannot be bounded")

    def asked(user, phase=AUTHENTICATE):
        with Caller() as c:
            c.send(request(phase, user=user))
            return c.verdict()[0]

    users = ("e1001", "e9999", enrol("1003", pin=None))
    equal([asked(user) for user in users], [ALLOW, DENY, DENY])
    size = int(re.search(r"VmPeak:\s*(\d+)", read(
        "/proc/%d/status" % broker.process.pid))[1])
    broker.stop()
    enough_for_all_else = (size + 10240) * 1024
    with Broker(prefix=["prlimit", "--as=%d" % enough_for_all_else, "setpriv",
                        "--bounding-set=-sys_resource"]):
        equal([asked(user) for user in users], [UNAVAILABLE] * 3)
        equal(asked("e1001", ACCOUNT), ALLOW)
    broker.start()


@story("malformed frames end that dialogue at once, without a verdict of yes")
def malformed():
    good = request(AUTHENTICATE)
    body = good[8:]
    packets = (b"\0", good[:4], good[:8], good[:-1], good + b"\0",
               frame(REQUEST, body, version=2), frame(REQUEST, body, version=0),
               frame(REQUEST, body, reserved=7), frame(99, body),
               frame(REQUEST, body, length=len(body) + 1),
               frame(REQUEST, body, length=0xffffffff),
               frame(VERDICT, struct.pack("<IIB", ALLOW, 0, 0)),
               answer(PIN), frame(REQUEST, b"\xff" * 60000),
               request(0), request(77), request(AUTHENTICATE, flags=1 << 31),
               request(AUTHENTICATE, user=b"e1001\0"),
               request(AUTHENTICATE, user=b"\xff\xfe"),
               request(AUTHENTICATE, argv=("employee", "list")),
               request(AUTHENTICATE, flags=IDENTIFY),
               request(ACCOUNT, user="", flags=IDENTIFY))
    for packet in packets:
        def ends():
            with Caller() as c:
                c.send(packet)
                v = c.verdict()
                check(v is None or v[0] != ALLOW, "%r: %r" % (packet[:60], v))
        within(4, repr(packet[:60]), ends)
    well()


@story("answers out of turn, doubled, oversize or with NUL never let in")
def bad_answers():
    pins = (answer(PIN + "\0"), frame(ANSWER, b"\0" + struct.pack("<H", 999) +
            PIN.encode()), answer("9" * 512), answer(PIN, state=7),
            frame(ANSWER, b""), request(AUTHENTICATE))
    for packet in pins:
        with Caller() as c:
            c.send(request(AUTHENTICATE))
            while c.heard()[0] != ASK:
                pass
            c.send(packet)
            v = c.verdict()
            check(v is None or v[0] != ALLOW, "%r: %r" % (packet[:60], v))
    with Caller() as c:
        c.send(request(AUTHENTICATE))
        c.send(answer(WRONG_PIN))
        c.send(answer(PIN))
        v = c.verdict()
        check(v is None or v[0] != ALLOW, repr(v))
    ctl("employee", "unlock", "1001").ok()
    well("e1001")


@story("an ordinary user may ask for himself only, and for no command of root's")
def peers():
    with Caller("e1001") as c:
        c.send(request(AUTHENTICATE))
        equal(c.verdict(), (ALLOW, 0))
    for user in ("visitor", "e1002", "nobody"):
        for phase in (AUTHENTICATE, ACCOUNT, 3, 4, CHANGE_PIN):
            with Caller(user) as c:
                c.send(request(phase, flags=8))
                v = c.verdict()
                check(v is None or v[0] != ALLOW, "%s %d: %r" % (user, phase, v))
    for user, verdict in (("e1001", REFUSED), ("visitor", REFUSED),
                          (None, UNKNOWN)):  # root, who is nowhere
        with Caller(user) as c:
            c.send(request(AUTHENTICATE, user="", flags=IDENTIFY))
            kind, body = c.heard()
            equal((kind, struct.unpack("<I", body[:4])[0]), (VERDICT, verdict))
    for words in (("employee", "list"), ("employee", "show", "1001"),
                  ("pin", "set", "1001"), ("audit", "list"), ("init",)):
        with Caller("e1001") as c:
            c.send(request(COMMAND, user="", argv=words))
            v = c.verdict()
            check(v is None or v[0] != ALLOW and v[1] == 4, repr((words, v)))
        r = ctl(*words, user="e1001", input=PIN + "\n").fails(4)
        lacks(r.out, r"Lin Mei")
    with Caller("e1001") as c:  # "I am root": only the kernel says who is
        c.send(request(CHANGE_PIN, flags=8))
        v = c.verdict()
        check(v is None or v[0] != ALLOW, repr(v))
    well("e1001")


@story("names that are none of ours get no prompt, no connection and no log line")
def names():
    for name in NAMES:
        mark = journal.mark()
        t = run("pamtester", "alone", name, "authenticate", input=PIN + "\n")
        check(t.status != 0, "%r: %s" % (name, t.all))
        lacks(t.all, r"PIN: ", r"successfully")
        lacks(journal.since(mark), r"attendd.*verdict")
    well()


@story("login with names like that stays calm, and lets the next person in")
def login_names():
    for name in NAMES[1:]:
        t = Terminal(["login"])
        t.answer(r"login: ", name.replace("\n", ""))
        t.expect(r"(?i)assword: |PIN: |login: |incorrect|illegal|invalid|too long")
        t.hang_up()
        check(t.status != 139, "login crashed at %r" % name)
    well()


@story("PINs of 4 KiB, control characters and other scripts are wrong, not harmful")
def pins():
    for pin in ("9" * 511, "\x1b[2J", "\u0660" * 6, "%n%s%n", "'; --", PIN + " ",
                " " + PIN, "9" * 4000):
        r = run("pamtester", "kiosk", "e1001", "authenticate",
                input=pin + "\n")
        check(r.status != 0, "%r: %s" % (pin[:20], r.all))
        ctl("employee", "unlock", "1001").ok()
    well("e1001")


@story("silent clients are dropped in time and hinder nobody")
def silent():
    callers = [Caller("visitor") for _ in range(3)] + [
        Caller() for _ in range(20)]
    try:
        well()
        mute = Caller()
        mute.send(request(AUTHENTICATE))
        while mute.heard()[0] != ASK:
            pass
        well()  # one sits at his PIN prompt: nobody waits for him
        mute.s.close()
        for c in callers:
            equal(c.heard(), None)
    finally:
        for c in callers:
            c.s.close()
    wait_for("their workers left", lambda: len(pids("attendd")) <= 2)


@story("one user with many uids leaves room for everybody, and the log too")
def many_uids():
    broker.stop()
    configure(max_dialogues=16, max_dialogues_per_uid=4)
    broker.start()
    mark, began = journal.mark(), time.monotonic()

    callers = []

    def crowd():
        """More than there is room for; who is silent is dropped after 5 s."""
        callers.extend(Caller(100000 + n % 6) for n in range(24))

    def served():
        return [c for c in callers if not select.select([c.s], [], [], 0)[0]]

    def come():
        try:
            crowd()
            well()
            wait_for("the others are sent away", lambda: len(served()) <= 8)
            left = len(served())
            wait_for("all others wait", lambda: all(
                sleeps_in(pid, "poll", "ppoll") for pid in pids("attendd")))
            t = pam("e1002", "authenticate", answers=[PIN], as_="e1002")
            equal(t.status, 0, t.text)
            ctl("me", "show", user="e1002").ok()
            with Caller("e1002") as c:
                c.send(request(AUTHENTICATE, user="e1002"))
                while c.heard()[0] != ASK:
                    pass
                crowd()  # is there longer, and does not end her prompt
                c.send(answer(PIN))
                equal(c.verdict(), (ALLOW, 0))
            return left
        finally:
            for c in callers:
                c.s.close()
            callers.clear()
            wait_for_workers()

    equal(within(8, "a crowd of one's", come), 8)
    told = journal.tells(mark, "too many dialogues").count("too many dialogues")
    check(told <= 1 + (time.monotonic() - began) / 10, "told %d times" % told)
    broker.stop()
    configure()
    broker.start()


@story("who asks too much at once is told so, and only he for a moment")
def too_much():
    configure(fail_delay_ms=6000)
    broker.stop()
    broker.start()
    answers = [4]
    while answers[-1] == 4 and len(answers) < 40:
        r = ctl("me", "show", user="visitor")
        answers.append(r.status)
    r.fails(6, r"too much was asked at once")
    check(len(answers) > 9, "too early: %r" % answers)
    ctl("me", "show", user="e1001").ok()
    well()
    wait_for("his turn", lambda: ctl("me", "show", user="visitor").status == 4)

    def stop_with_one_at_rest():
        broker.start()
        ctl("me", "show", user="visitor").fails(4)
        broker.stop()

    broker.stop()
    within(4, "who rests holds nobody up", stop_with_one_at_rest)
    configure()
    broker.start()


@story("su prompts that nobody answers make room for who comes, and lose no login")
def prompts():
    broker.stop()
    configure(max_dialogues=16)
    broker.start()
    t = Terminal(["pamtester", "kiosk", "e1001", "authenticate"])
    t.expect(r"PIN: $")
    callers = []
    try:
        for _ in range(40):
            callers.append(Caller())
            callers[-1].send(request(AUTHENTICATE, service="su"))
            while callers[-1].heard()[0] != ASK:
                pass
        well()
        t.send(PIN + "\n")  # it was ended long ago: asked again, unnoticed
        equal(t.end(), 0, t.text)
        left = [c for c in callers if not select.select([c.s], [], [], 0)[0]]
        check(10 <= len(left) <= 16, "%d left" % len(left))
        check(callers[-1] in left and callers[0] not in left, "oldest first")
    finally:
        for c in callers:
            c.s.close()
    lacks(journal.since(), r"worker died")
    broker.stop()
    configure()
    broker.start()


@story("a conversation that answers NULL, fails or says later is a failure of its kind")
def conversations():
    tool = HELPERS + "/pamcall"
    if not os.path.exists(tool):
        skip("pamcall is not built")
    base = [tool, "-s", "kiosk", "-u", "e1001"]
    for script in ("null", "error", "again"):
        r = run(*base, "-c", script, "authenticate")
        check(r.status != 0, "%s: %s" % (script, r.all))
        lacks(r.all, r"PAM_SUCCESS|SUCCESS")
    well("e1001")


@story("a broker that lies lets nobody in")
def liar():
    tool = HELPERS + "/falsebroker"
    if not os.path.exists(tool):
        skip("falsebroker is not built")
    broker.stop()
    for lie in ("garbage", "short", "silent", "unlisted"):
        p = subprocess.Popen([tool, lie], stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
        try:
            wait_for("it listens", lambda: os.path.exists(SOCKET))
            r = run("pamtester", "kiosk", "e1001", "authenticate",
                    input=PIN + "\n")
            check(r.status != 0, "%s: %s" % (lie, r.all))
        finally:
            p.kill()
            p.wait()
            if os.path.exists(SOCKET):
                os.unlink(SOCKET)
    broker.start()
    well("e1001")


@story("a store made by a newer attend is refused and left as it is")
def newer_store():
    ctl("status").ok()
    broker.stop()
    kill_all("attendd")
    run("cp", "-a", "/var/lib/attend", "/root/state").ok()
    db = sqlite3.connect(STORE)
    version = db.execute("PRAGMA user_version").fetchone()[0]
    check(version > 0, "the schema has a version")
    db.execute("PRAGMA user_version = %d" % (version + 1))
    db.commit()
    db.close()
    run("chown", "-R", "attend:attend", "/var/lib/attend").ok()
    before = run("sha256sum", STORE).out
    broker.start()
    r = ctl("employee", "list")
    check(r.status != 0, r.all)
    has(r.all, r"(?i)newer")
    t = run("pamtester", "kiosk", "e1001", "authenticate", input=PIN + "\n")
    check(t.status != 0, t.all)
    broker.stop()
    equal(run("sha256sum", STORE).out, before)
    run("rm", "-rf", "/var/lib/attend").ok()
    run("mv", "/root/state", "/var/lib/attend").ok()
    broker.start()
    well("e1001")


@story("a typo in attend.conf is named with its line by doctor and by attendctl")
def typo():
    broker.stop()
    try:
        write(CONFIG, SETTINGS + "max-failure = 3\n")
        line = SETTINGS.count("\n") + 1
        for words in (("doctor",), ("status",), ("employee", "list")):
            r = ctl(*words)
            check(r.status != 0, r.all)
            has(r.all, r"attend\.conf:%d: max-failure" % line)
        for bad in ("max-failures = -1", "max-failures = 99999999999",
                    "majority = 16", "uid-min = 0", "factors = finger",
                    "max-failures = 3\nmax-failures = 3"):
            write(CONFIG, SETTINGS + bad + "\n")
            check(ctl("doctor").status != 0, bad)
    finally:
        configure()
    ctl("doctor").ok()
    broker.start()
    well()


@story("options and numbers that are nonsense are refused by attendctl with a hint")
def command_line():
    ctl().fails(2, r"(?i)usage")
    ctl("employee").fails(2)
    ctl("employee", "frobnicate").fails(2)
    ctl("employee", "add").fails(2, r"NUMBER")
    ctl("employee", "add", "77").fails(2, r"--name")
    ctl("employee", "add", "77", "--name", "X", "--birth", "2001-02-29").fails(2)
    ctl("employee", "add", "77", "--name", "X", "--bogus", "1").fails(2, "bogus")
    ctl("employee", "add", "77", "--name", "a\x1b[2J").fails()
    ctl("employee", "add", "77", "--name", LONG).fails()
    ctl("employee", "add", "-77", "--name", "X").fails(2)
    ctl("employee", "add", "7/7", "--name", "X").fails()
    ctl("employee", "show", "77").fails(3)
    ctl("consent", "record", "1001", "--paper", "/nonexistent").fails(
        None, r"/nonexistent")
    ctl(*(["employee"] * 100)).fails(2)
    ctl("employee", "add", "77", "--name", "X").ok()


@story("attendctl with attendd silent gives up in time and says so")
def silent_broker():
    broker.signal_all(signal.SIGSTOP)
    within(12, "a silent attendd",
           lambda: ctl("employee", "list").fails(6))
    broker.signal_all(signal.SIGCONT)
    ctl("employee", "list").ok()


main(prepare=prepare)
