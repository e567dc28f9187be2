#!/usr/bin/env -S python3 -B
"""A console that starts without a name: the finger says who it is. Real login,
attendd, attend-sensor and libfprint; fingers that nobody has."""
import functools, os, re, signal, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
import reader
from dump import finger_patterns, holds, kept, print_patterns
from hand import CONSOLE, OFFER as PIN_OFFER, TOUCH, enrol_finger, \
    impression, may_use_finger, touch
from reader import Client, Finger, Sensor, VIRTUAL
from story import *

MEI, JUN, QING, STRANGER, LI = 1, 2, 3, 4, 5  # fingers
OFFER = r"Login name, or press Enter and touch the reader: $"
NO = r"Finger not recognised\."
LINE = "auth [success=done user_unknown=ignore ignore=ignore " \
    "module_unknown=ignore default=die] pam_attend.so nodelay identify\n" \
    "account requisite pam_nologin.so\n"
broker, sensor = Broker(), Sensor()


def prepare():
    reader.prepare()
    configure(factors="finger+pin, pin")
    broker.start()
    sensor.__enter__()
    service = read("/etc/pam.d/login")
    write("/etc/pam.d/login", LINE + service)
    for number, name, finger in (("1001", "Lin Mei", MEI),
                                 ("1002", "Wang Jun", JUN),
                                 ("1003", "Zhao Qing", QING)):
        enrol(number, name=name)
        may_use_finger(number)
        t = enrol_finger(number, finger)
        equal(t.status, 0, t.text)


def finish():
    sensor.__exit__()


def console(*options, tty=CONSOLE):
    return Terminal(["login", *options], console=tty)


def press_enter(t):
    t.expect(OFFER)
    t.send("\n")


def is_in(t, user):
    equal(shell_says(shell_of(t), "id -un").strip(), user)
    t.send("exit\n")
    t.end()


def recognised(t, user, pin=PIN):
    t.answer(r"\nPIN of %s: $" % user, pin, hidden=True)


def comes_in(user, finger):
    t = console()
    press_enter(t)
    touch(t, finger)
    recognised(t, user)
    is_in(t, user)
    return t


def types_name(t, user):
    """At whatever asks for it."""
    t.answer(OFFER + r"|login: $", user)


def is_open():
    return VIRTUAL in read("/proc/net/unix")


def asks_name(t):
    t.expect(r"login: $")
    lacks(t.text, r"touch the reader")
    check(not is_open(), "the reader is open")
    t.hang_up()


@story("a finger says who it is, the PIN proves it")
def found():
    mark = journal.mark()
    for user, finger in (("e1001", MEI), ("e1002", JUN), ("e1003", QING)):
        t = comes_in(user, finger)
        lacks(t.text, r"Login incorrect|not recognised")
    log = journal.since(mark)
    has(log, r"login verdict=allow reason=ok phase=authenticate")
    lacks(log, r"attendd\[\d+\]:.*(Lin Mei|\b1001|e1001)")


@story("who is recognised and types a wrong PIN is refused")
def wrong_pin():
    t = console()
    press_enter(t)
    touch(t, MEI)
    recognised(t, "e1001", WRONG_PIN)
    t.expect(r"Wrong number or PIN|Login incorrect")
    t.hang_up()
    t = console()
    press_enter(t)
    touch(t, MEI)
    recognised(t, "e1001", "")
    t.expect(r"Wrong number or PIN|Login incorrect")
    t.hang_up()


@story("a finger alone is asked for the PIN too, where one alone would do")
def never_alone():
    configure(factors="finger, pin")
    comes_in("e1001", MEI)
    t = console()
    types_name(t, "e1001")
    t.expect(PIN_OFFER)
    t.send("\n")
    touch(t, MEI)
    is_in(t, "e1001")
    configure(factors="finger+pin, pin")


@story("a stranger's finger is nobody's: after three the name is asked for")
def stranger():
    t = console()
    for _ in range(3):
        press_enter(t)
        touch(t, STRANGER)
        t.expect(NO)
    t.answer(r"login: $", "e1001")
    t.answer(PIN_OFFER + r"|PIN: $", PIN, hidden=True)
    is_in(t, "e1001")
    t = console()
    press_enter(t)
    touch(t, STRANGER)
    t.expect(NO)
    press_enter(t)
    touch(t, JUN)
    recognised(t, "e1002")
    is_in(t, "e1002")


@story("the name can be typed, at once and after a touch")
def typed():
    t = console()
    t.answer(OFFER, "e1002")
    t.answer(PIN_OFFER + r"|PIN: $", PIN, hidden=True)
    is_in(t, "e1002")
    t = console()
    press_enter(t)
    touch(t, STRANGER)
    t.expect(NO)
    t.answer(OFFER, "e1001")
    t.answer(PIN_OFFER + r"|PIN: $", PIN, hidden=True)
    is_in(t, "e1001")
    check(not is_open(), "the reader is open")


@story("root and local accounts are handed on, and asked for their password")
def others():
    mark = journal.mark()
    t = console()
    t.answer(OFFER, "visitor")
    t.answer(r"Password: $", "visitorpassword", hidden=True)
    is_in(t, "visitor")
    t = console()
    t.answer(OFFER, "root")
    t.expect(r"Password: $")
    t.hang_up()
    lacks(journal.since(mark), r"login verdict=")
    t = console()
    press_enter(t)
    touch(t, STRANGER)
    t.expect(NO)
    t.answer(OFFER, "visitor")
    t.answer(r"Password: $", "visitorpassword", hidden=True)
    is_in(t, "visitor")


@story("two people whom the reader cannot tell apart are not proposed")
def alike():
    enrol("1005", name="Lin Mei the younger")
    may_use_finger("1005")
    run("setpriv", "--reuid=attend", "--regid=attend", "--clear-groups",
        os.path.join(HELPERS, "samefinger"), "1001", "1005").ok()
    t = console()
    press_enter(t)
    touch(t, MEI)
    t.expect(NO)
    types_name(t, "e1005")
    t.expect(PIN_OFFER)
    t.send("\n")
    touch(t, MEI)  # her own it is, now that she says who she is
    t.answer(r"\nPIN: $", PIN, hidden=True)
    is_in(t, "e1005")
    ctl("consent", "withdraw", "1005", "--purpose", "biometric.finger").ok()
    comes_in("e1001", MEI)


@story("who withdraws the consent, or is suspended, is not found any more")
def withdrawn():
    for away, back in (
            (("consent", "withdraw", "1002", "--purpose", "biometric.finger"),
             None),
            (("employee", "suspend", "1003"), ("employee", "resume", "1003"))):
        finger, user = (JUN, "e1002") if back is None else (QING, "e1003")
        ctl(*away).ok()
        t = console()
        press_enter(t)
        touch(t, finger)
        t.expect(NO)
        t.hang_up()
        if back:
            ctl(*back).ok()
        else:
            may_use_finger("1002")
            equal(enrol_finger("1002", finger).status, 0)
        comes_in(user, finger)


@story("where nobody who agreed can be found the name is asked for, where one "
       "can the reader is offered")
def nobody():
    everybody = "1001", "1002", "1003"
    for number in everybody:
        ctl("employee", "suspend", number).ok()
    try:
        asks_name(console())
        may_use_finger("1005")  # who has none enrolled
        asks_name(console())
        ctl("employee", "resume", "1002").ok()
        comes_in("e1002", JUN)
    finally:
        for number in everybody:
            ctl("employee", "resume", number)


@story("without a reader, from afar or where no finger helps, the name is asked")
def plain():
    asks_name(console("-h", "host.example"))
    asks_name(console(tty=None))
    configure(factors="pin")
    asks_name(console())
    configure(factors="finger+pin, pin")
    sensor.__exit__()
    asks_name(console())
    sensor.__enter__()
    broker.stop()
    t = console()
    types_name(t, "visitor")
    t.answer(r"Password: $", "visitorpassword", hidden=True)
    is_in(t, "visitor")
    broker.start()
    comes_in("e1001", MEI)


@story("doctor finds nothing wrong with such a console")
def doctor():
    has(ctl("doctor").out, r"services use pam_attend and come out right")


@story("an application that gives the name is not asked who it is")
def given():
    t = Terminal(["login", "e1001"], console=CONSOLE)
    t.answer(PIN_OFFER, PIN, hidden=True)
    is_in(t, "e1001")
    lacks(t.text, r"Login name")


@story("a reader that is unplugged leaves the name at once")
def trouble():
    t = console()
    press_enter(t)
    t.expect(TOUCH)
    with Finger() as f:
        f.unplug()
    t.expect(r"unplugged|failed")
    types_name(t, "e1001")
    t.expect(r"PIN")
    t.hang_up()
    sensor.__exit__()
    sensor.__enter__()
    comes_in("e1001", MEI)


def librarians():
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            if read("/proc/%s/comm" % pid).strip() == "attend-gallery":
                found.append(int(pid))
        except OSError:
            pass
    return found


@story("one process keeps the gallery, is begun anew if it dies, ends with all")
def librarian():
    comes_in("e1001", MEI)
    was = librarians()
    equal(len(was), 1)
    if not os.path.isdir(SANITIZED):  # they lock no memory
        locked = re.search(r"VmLck:\s*(\d+) kB",
                           read("/proc/%d/status" % was[0]))
        check(1024 <= int(locked.group(1)) < 8192, locked.group(0))
    comes_in("e1002", JUN)
    equal(librarians(), was)
    os.kill(was[0], signal.SIGKILL)
    comes_in("e1001", MEI)
    equal(len(librarians()), 1)
    check(librarians() != was, "it lives")
    broker.stop()
    wait_for("it ends with the broker", lambda: librarians() == [])
    broker.start()
    comes_in("e1001", MEI)


@functools.lru_cache(maxsize=None)
def minutiae(finger, number, how):
    """What is to be searched for in a memory."""
    with Client() as c:
        c.ask(10000)
        c.until("touch")
        with Finger() as f:
            f.touch(*impression(finger, number, how))
            sample = c.end()
    equal(sample.reason, "sample", sample)
    name = "%s touch %d" % (how, number)
    return {**finger_patterns(sample.points, name),
            **print_patterns(sample.points, name + " print")}


def enrolled(finger):
    found = {}
    for number in (1, 2):
        found.update(minutiae(finger, number, "easy"))
    return found


def enrol_li():
    """Among those who are searched."""
    if "1006" not in ctl("employee", "list").out:
        enrol("1006", name="Sun Li")
    may_use_finger("1006")
    t = enrol_finger("1006", LI)
    equal(t.status, 0, t.text)
    comes_in("e1001", MEI)  # a search, before which all is made ready
    check(holds(librarians()[0], enrolled(LI)), "the gallery has no such finger")


@story("a finger that another attendd destroyed is gone from the gallery's "
       "memory soon after")
def forgotten_later():
    skip_sanitized("a sanitizer keeps what is freed, to look at it")
    enrol_li()
    os.rename(SOCKET, SOCKET + ".away")  # so that attendd --once does it
    try:
        ctl("consent", "withdraw", "1006", "--purpose", "biometric.finger").ok()
    finally:
        os.rename(SOCKET + ".away", SOCKET)
    wait_for("the gallery has followed",
             lambda: not holds(librarians()[0], enrolled(LI)))
    check(holds(librarians()[0], enrolled(MEI)), "the gallery is empty")


@story("a finger that is destroyed is gone from the gallery's memory when that "
       "is said")
def forgotten():
    skip_sanitized("a sanitizer keeps what is freed, to look at it")
    for destroys in (("consent", "withdraw", "1006", "--purpose",
                      "biometric.finger"),
                     ("finger", "delete", "1006", "--yes"),
                     ("employee", "erase", "1006", "--reason",
                      "account-closed", "--yes")):
        enrol_li()
        ctl(*destroys).ok()
        equal(holds(librarians()[0], enrolled(LI)), [], destroys)
        check(holds(librarians()[0], enrolled(MEI)), "the gallery is empty")
    equal(kept(librarians()[0], minutiae(MEI, 9, "usual")), [],
          "what was searched for")


@story("no memory to lock for the gallery: said once, the name and PIN go on")
def no_memory():
    if os.path.isdir(SANITIZED):
        skip("sanitizers lock no memory")
    broker.stop()
    mark = journal.mark()
    with Broker(prefix=["prlimit", "--memlock=1048576"]):
        t = console()  # nothing is known yet
        press_enter(t)
        touch(t, MEI)
        t.expect(r"Fingers cannot be compared now\.")
        t.answer(r"login: $", "e1001")
        t.answer(PIN_OFFER, PIN, hidden=True)
        is_in(t, "e1001")
        for _ in range(2):
            t = console()
            t.expect(r"login: $")
            lacks(t.text, r"touch the reader")
            t.hang_up()
    equal(journal.since(mark).count("gallery failed"), 1)
    broker.start()
    comes_in("e1001", MEI)


@story("without a broker that runs, attendd --once does the same")
def once():
    broker.stop()
    comes_in("e1002", JUN)
    t = console()
    press_enter(t)
    touch(t, STRANGER)
    t.expect(NO)
    t.hang_up()
    broker.start()
    comes_in("e1001", MEI)


@story("five strangers bring a delay in which nobody is offered the reader")
def delay():
    t = None
    for i in range(5):
        if i % 3 == 0:
            t = t and t.hang_up() or console()
        press_enter(t)
        touch(t, STRANGER)
        t.expect(NO)
    t.expect(r"Try again in (2\d|30) seconds")
    t.answer(r"login: $", "e1001")
    t.expect(r"PIN: $")
    t.hang_up()
    t = console()
    t.expect(r"login: $")
    lacks(t.text, r"touch the reader")
    t.hang_up()


if __name__ == "__main__":
    main(prepare=prepare, finish=finish)
