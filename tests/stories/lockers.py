#!/usr/bin/env -S python3 -B
"""Screen lockers: run by the person, one answer, no account phase."""
import os, shutil, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
from story import *

broker = Broker()


def prepare():
    enrol("1001")
    enrol("1002")
    for login in ("e1001", "e1002"):
        run("install", "-d", "-o", login, "-g", "kiosk", "/home/" + login).ok()
    broker.start()


@story("an employee unlocks as himself, without root, and a wrong PIN is refused")
def oneself():
    t = pam("e1001", "authenticate", answers=[WRONG_PIN], as_="e1001")
    check(t.status != 0, t.text)
    has(t.text, r"Wrong number or PIN")
    t = pam("e1001", "authenticate", answers=[PIN], as_="e1001")
    equal(t.status, 0, t.text)


@story("nobody but root authenticates as somebody else, the right PIN or not")
def only_oneself():
    for user in ("e1002", "visitor", "nobody"):
        t = Terminal(["pamtester", "kiosk", "e1001", "authenticate"],
                     user=user)
        if t.expect(r"PIN: $", r"Password: $", r"\n") < 2:
            t.send(PIN + "\n")
        check(t.end() != 0, t.text)
        lacks(t.text, r"successfully")
    t = pam("e1001", "authenticate", answers=[PIN], as_="e1001")
    equal(t.status, 0, t.text)


@story("failures of a locker count, a success resets them, the lock shows its time")
def counts():
    for _ in range(4):
        pam("e1002", "authenticate", answers=[WRONG_PIN], as_="e1002")
    t = pam("e1002", "authenticate", answers=[PIN], as_="e1002")
    equal(t.status, 0, t.text)
    for _ in range(5):
        pam("e1002", "authenticate", answers=[WRONG_PIN], as_="e1002")
    t = pam("e1002", "authenticate", as_="e1002")
    check(t.status != 0, t.text)
    has(t.text, r"Try again in \d+ (min|sec)")
    ctl("employee", "unlock", "1002").ok()


@story("a locker stays locked for whose consent was withdrawn or who was suspended")
def decided():
    ctl("consent", "withdraw", "1001").ok()
    t = pam("e1001", "authenticate", answers=[PIN], as_="e1001")
    check(t.status != 0, t.text)
    ctl("consent", "record", "1001").ok()
    ctl("employee", "suspend", "1001").ok()
    t = pam("e1001", "authenticate", answers=[PIN], as_="e1001")
    check(t.status != 0, t.text)
    ctl("employee", "resume", "1001").ok()
    t = pam("e1001", "authenticate", answers=[PIN], as_="e1001")
    equal(t.status, 0, t.text)


@story("a locker opens for nobody who has not agreed: it cannot ask for that")
def not_agreed():
    def unlock():
        return pam("e1003", "authenticate", answers=[PIN], as_="e1003")

    enrol("1003", consent=False)
    t = unlock()
    check(t.status != 0, t.text)
    t = Terminal(["pamtester", "kiosk", "e1003", "authenticate", "acct_mgmt"])
    t.answer(r"PIN: $", PIN, hidden=True)
    t.answer(r"agree\?.*: $", "no")
    check(t.end() != 0, t.text)
    has(ctl("consent", "show", "1003").ok().out, r"(?i)refused")
    t = unlock()
    check(t.status != 0, t.text)
    ctl("consent", "record", "1003").ok()
    t = unlock()
    equal(t.status, 0, t.text)


@story("a locker lets in with a first PIN, a login has it changed first")
def first_pin():
    enrol("1004", must_change=True)
    t = pam("e1004", "authenticate", "acct_mgmt", answers=[PIN], as_="e1004")
    equal(t.status, 0, t.text)
    t = pam("e1004", "authenticate", "acct_mgmt", answers=[PIN])
    check(t.status != 0, t.text)
    has(t.text, r"(?i)new one required")


@story("a new major notice does not keep anybody out of a session that runs")
def notice():
    write("/root/new.txt", "Another privacy notice.\n")
    ctl("notice", "publish", "/root/new.txt", "--version", "9", "--lang", "en",
        "--major", "rights").ok()
    t = pam("e1001", "authenticate", answers=[PIN], as_="e1001")
    equal(t.status, 0, t.text)
    t = pam("e1001", "acct_mgmt(PAM_SILENT)")
    check(t.status != 0, t.text)
    for number in ("1001", "1002"):
        ctl("consent", "record", number).ok()


def typed(t, text):
    """As a person does: vlock throws away what comes with its prompt."""
    wait_for("it reads the terminal", t.reads)
    t.send(text)


@story("vlock lets go for the PIN, not for a wrong one")
def vlock():
    if not shutil.which("vlock"):
        skip("vlock is not installed")
    t = Terminal(["vlock", "--current"], user="e1001")
    if t.expect(r"(?i)press \[enter\]", r"PIN: $") == 0:
        typed(t, "\n")
        t.expect(r"PIN: $")
    typed(t, WRONG_PIN + "\n")
    t.expect(r"(?i)wrong number or PIN")
    i = t.expect(r"(?i)press \[enter\]", r"PIN: $", r"(?i)password: $")
    if i == 2:  # vlock lets root unlock, too
        typed(t, "not it\n")
        i = t.expect(r"(?i)press \[enter\]", r"PIN: $")
    if i == 0:
        typed(t, "\n")
        t.expect(r"PIN: $")
    typed(t, PIN + "\n")
    equal(t.end(), 0, t.text)


@story("i3lock lets go for the PIN, not for a wrong one, and asks once")
def i3lock():
    for program in ("i3lock", "Xvfb", "xdotool"):
        if not shutil.which(program):
            skip(program + " is not installed")
    write("/etc/pam.d/i3lock", SERVICE)
    display = {"DISPLAY": ":7", "HOME": "/tmp"}
    x = subprocess.Popen(["Xvfb", ":7", "-screen", "0", "640x480x24",
                          "-nolisten", "tcp"], stdout=subprocess.DEVNULL,
                         stderr=subprocess.DEVNULL)
    try:
        wait_for("X is there", lambda: os.path.exists("/tmp/.X11-unix/X7"))
        p = subprocess.Popen(["i3lock", "-n"], env={**os.environ, **display},
                             preexec_fn=as_user("e1001"))

        def type_until(text, ready):
            """i3lock is deaf before it has the keyboard, and for a while
            after a failure."""
            again = 0
            while not ready():
                if time.monotonic() > again:
                    run("xdotool", "type", text, env=display).ok()
                    run("xdotool", "key", "Return", env=display).ok()
                    again = time.monotonic() + 2
                time.sleep(0.1)

        mark = journal.mark()
        type_until(WRONG_PIN,
                   lambda: "not-proven" in journal.since(mark))
        check(p.poll() is None, "i3lock ended with %s" % p.returncode)
        type_until(PIN, lambda: p.poll() is not None)
        equal(p.returncode, 0, "i3lock")
    finally:
        x.kill()
        x.wait()


@story("a locker with attendd silent stays locked in time, and a later try opens")
def silent():
    broker.signal_all(signal.SIGSTOP)

    def stays_locked():
        t = Terminal(["pamtester", "kiosk", "e1001", "authenticate"],
                     user="e1001")
        if t.expect(r"assword: $", r"\n") == 0:
            t.send(PIN + "\n")
        check(t.end() != 0, t.text)

    within(12, "a locker that stays locked", stays_locked)
    broker.signal_all(signal.SIGCONT)
    t = pam("e1001", "authenticate", answers=[PIN], as_="e1001")
    equal(t.status, 0, t.text)


@story("a locker without attendd running stays locked: only root may start it")
def dead():
    broker.stop()
    t = Terminal(["pamtester", "kiosk", "e1001", "authenticate"], user="e1001")
    if t.expect(r"assword: $", r"\n") == 0:
        t.send(PIN + "\n")
    check(t.end() != 0, t.text)
    broker.start()
    t = pam("e1001", "authenticate", answers=[PIN], as_="e1001")
    equal(t.status, 0, t.text)


main("desktop", prepare=prepare)
