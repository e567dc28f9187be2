#!/usr/bin/env -S python3 -B
"""Logging in with a finger: real login, attendd, attend-sensor and libfprint;
fingers that nobody has."""
import json, os, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
import reader
from hand import CONSOLE, OFFER, TOUCH, enrol_finger, impression, \
    may_use_finger, touch
from reader import Finger, Sensor, VIRTUAL
from story import *

MEI, JUN, STRANGER = 1, 2, 3  # fingers
broker, sensor = Broker(), Sensor()


def prepare():
    reader.prepare()
    configure(factors="finger, pin")
    broker.start()
    sensor.__enter__()
    enrol("1001", name="Lin Mei")
    enrol("1002", name="Wang Jun")
    enrol("1003", name="Zhao Qing")
    for number, finger in (("1001", MEI), ("1002", JUN)):
        may_use_finger(number)
        t = enrol_finger(number, finger)
        equal(t.status, 0, t.text)


def finish():
    sensor.__exit__()


def at_console(user, service="login", tty=CONSOLE):
    """Before the prompt for the PIN."""
    t = Terminal(["login"], console=tty)
    t.answer(r"login: ", user)
    return t


def press_enter(t):
    t.expect(OFFER)
    t.send("\n")


def is_in(t, user):
    equal(shell_says(shell_of(t), "id -un").strip(), user)
    t.send("exit\n")
    t.end()


def comes_in(user, finger, number=9, how="usual"):
    t = at_console(user)
    press_enter(t)
    touch(t, finger, number, how)
    is_in(t, user)
    return t


def is_open():
    return VIRTUAL in read("/proc/net/unix")


def asks_only_pin(t):
    t.expect(r"PIN: $")
    lacks(t.text, r"touch the reader")
    check(not is_open(), "the reader is open")


@story("who has enrolled a finger comes in with it, or with the PIN")
def either():
    comes_in("e1001", MEI)
    t = at_console("e1001")
    t.answer(OFFER, PIN, hidden=True)
    is_in(t, "e1001")
    mark = journal.mark()
    comes_in("e1002", JUN)
    has(journal.since(mark), r"login verdict=allow reason=ok phase=authenticate")


@story("another's finger is refused three times, then the PIN is asked for")
def wrong_finger():
    t = at_console("e1001")
    for finger in (JUN, STRANGER, JUN):
        press_enter(t)
        touch(t, finger)
        t.expect(r"Finger not recognised\.")
    t.answer(r"\nPIN: $", PIN, hidden=True)
    is_in(t, "e1001")
    comes_in("e1001", MEI)


@story("who has not consented is not offered the reader, and it stays closed")
def not_consented():
    t = at_console("e1003")
    asks_only_pin(t)
    t.send(PIN + "\n")
    is_in(t, "e1003")
    t = at_console("e1777")
    asks_only_pin(t)
    t.hang_up()
    t = at_console("e1001")
    t.expect(OFFER)
    check(not is_open(), "the reader is open before anybody pressed Enter")
    t.hang_up()


@story("who withdraws the consent is asked for the PIN only, and may come back")
def withdrawn():
    ctl("consent", "withdraw", "1002", "--purpose", "biometric.finger").ok()
    t = at_console("e1002")
    asks_only_pin(t)
    t.hang_up()
    may_use_finger("1002")
    t = at_console("e1002")
    asks_only_pin(t)  # the template is gone
    t.hang_up()
    t = enrol_finger("1002", JUN)
    equal(t.status, 0, t.text)
    comes_in("e1002", JUN)


@story("P15: a backup from before does not bring a finger back that was "
       "destroyed since, and brings back the one that was not")
def restored():
    ctl("backup", "/root/with-both").ok()
    ctl("consent", "withdraw", "1002", "--purpose", "biometric.finger").ok()
    restored = ctl("restore", "/root/with-both", "--yes", timeout=60).ok()
    has(restored.out, r"\b1 consents that were withdrawn")
    equal(json.loads(ctl("finger", "list", "1002", "--json").ok().out), [])
    t = at_console("e1002")
    asks_only_pin(t)
    t.hang_up()
    comes_in("e1001", MEI)
    may_use_finger("1002")
    t = enrol_finger("1002", JUN)
    equal(t.status, 0, t.text)
    comes_in("e1002", JUN)


@story("a minor whose guardian agreed to logins and not to fingers types the PIN")
def minor():
    enrol("1004", name="Sun Li", birth=years_ago(17), minor=True, consent=False)
    ctl("consent", "record", "1004", "--purpose", "biometric.finger").ok()
    t = Terminal(["attendctl", "finger", "enrol", "1004", "--finger",
                  "right-index"])
    t.end()
    equal(t.status, 4, t.text)
    lacks(t.text, TOUCH)
    t = at_console("e1004")
    asks_only_pin(t)
    t.send(PIN + "\n")
    is_in(t, "e1004")
    guardian("1004", purpose="biometric.finger").ok()
    equal(enrol_finger("1004", 4).status, 0)
    comes_in("e1004", 4)
    ctl("guardian", "withdraw", "1004", "--purpose", "biometric.finger").ok()
    t = at_console("e1004")
    asks_only_pin(t)
    t.hang_up()


@story("a remote host and a pseudo-terminal never open the reader")
def far_away():
    t = Terminal(["login", "-h", "host.example"], console=CONSOLE)
    t.answer(r"login: ", "e1001")
    asks_only_pin(t)
    t.hang_up()
    t = at_console("e1001", tty=None)
    asks_only_pin(t)
    t.hang_up()
    t = at_console("e1001")
    t.expect(OFFER)
    t.hang_up()


IN_SESSION = r"""echo %s >/proc/self/loginuid && exec setpriv --reuid=visitor \
    --regid=visitor --init-groups sh -c 'cat /proc/self/sessionid; echo
    read go; exec su - e1001'"""


def becomes(session, tty=CONSOLE):
    """A local user in a session as logind writes it down, None: as it does
    not, who gives su a terminal of his choice."""
    uid = run("id", "-u", "visitor").ok().out.strip()
    t = Terminal(["sh", "-c", IN_SESSION % uid], console=tty)
    t.expect(r"(\d+)\n")
    if session:
        write("/run/systemd/sessions/" + t.match[1],
              "UID=%s\n%s\n" % (uid, session.replace(" ", "\n")))
    t.send("\n")
    return t


@story("su from a remote session, or one in the background, opens no reader, "
       "whatever terminal it has; from the one that a seat shows it does")
def from_session():
    for session in ("REMOTE=1 SERVICE=sshd STATE=active",
                    "REMOTE=1 SERVICE=sshd STATE=active TTY=tty7",
                    "REMOTE=0 STATE=online SEAT=seat0 TTY=tty7",
                    "REMOTE=0 STATE=closing SEAT=seat0 TTY=tty7",
                    "REMOTE=0 STATE=active",  # a timer's
                    "REMOTE=0 STATE=active TTY=ttyS0", None):
        t = becomes(session)
        asks_only_pin(t)
        t.hang_up()
    for session, tty in (
            ("REMOTE=0 STATE=active SEAT=seat0 TTY=tty7", CONSOLE),
            ("REMOTE=0 STATE=active SEAT=seat0 TTY=tty7", None),
            ("REMOTE=0 STATE=active TTY=tty7", CONSOLE)):
        t = becomes(session, tty)
        press_enter(t)
        touch(t, MEI)
        t.answer(r"\nPIN: $", PIN, hidden=True)  # su wants it besides
        is_in(t, "e1001")


@story("a finger and the PIN, where the service demands both or the PIN")
def both():
    configure(factors="finger, pin", **{"factors.login": "finger+pin, pin"})
    t = at_console("e1001")
    press_enter(t)
    touch(t, MEI)
    t.answer(r"\nPIN: $", PIN, hidden=True)
    is_in(t, "e1001")
    t = at_console("e1001")
    press_enter(t)
    touch(t, MEI)
    t.answer(r"\nPIN: $", WRONG_PIN, hidden=True)
    t.expect(r"Wrong number or PIN|Login incorrect")
    t.hang_up()
    configure(factors="finger, pin", **{"factors.login": "finger+badge, pin"})
    t = at_console("e1001")
    asks_only_pin(t)  # no finger could help
    t.hang_up()
    configure(factors="finger, pin")


@story("a reader that is unplugged or busy leaves the PIN at once")
def trouble():
    t = at_console("e1001")
    press_enter(t)
    t.expect(TOUCH)
    with Finger() as f:
        f.unplug()
    t.expect(r"unplugged|failed")
    t.answer(r"\nPIN: $", PIN, hidden=True)
    is_in(t, "e1001")
    sensor.__exit__()
    t = at_console("e1001")
    asks_only_pin(t)
    t.hang_up()
    sensor.__enter__()
    with reader.Client() as other:
        other.ask(20000)
        other.until("touch")
        t = at_console("e1001")
        press_enter(t)
        t.expect(r"in use by another login")
        t.answer(r"\nPIN: $", PIN, hidden=True)
        is_in(t, "e1001")
    comes_in("e1001", MEI)


@story("a reader that is too hot leaves the PIN, until it has cooled down",
       timeout=120)
def heat():
    sensor.__exit__()
    with reader.fast_sensor():
        equal(reader.heat_up().reason, "hot")
        t = at_console("e1001")
        asks_only_pin(t)
        t.send(PIN + "\n")
        is_in(t, "e1001")
        with reader.Client() as c:
            wait_for("it has cooled down",
                     lambda: c.status().reason == "fine", 30)
        t = at_console("e1001")
        t.expect(OFFER)
        t.hang_up()
    sensor.__enter__()
    comes_in("e1001", MEI)


@story("two kiosks race for the reader: one gets it, the other the PIN")
def race():
    first, second = at_console("e1001"), at_console("e1002", tty="/dev/tty8")
    press_enter(first)
    first.expect(TOUCH)
    press_enter(second)
    second.answer(r"in use by another login[\s\S]*PIN: $", PIN, hidden=True)
    is_in(second, "e1002")
    with Finger() as f:
        f.touch(*impression(MEI, 9))
    is_in(first, "e1001")


@story("a login that is given up gives the reader back, and counts as no failure")
def given_up():
    mark = journal.mark()
    t = at_console("e1001")
    press_enter(t)
    t.expect(TOUCH)
    t.hang_up()
    wait_for("the reader is closed", lambda: not is_open())
    lacks(journal.since(mark), r"finger-not-recognised")
    comes_in("e1001", MEI)


@story("five failures bring a delay, the PIN ends it")
def delay():
    for n in (2, 3):
        t = at_console("e1001")
        for i in range(n):
            press_enter(t)
            touch(t, STRANGER)
            t.expect(r"Finger not recognised\.")
        if n == 3:
            t.expect(r"Try again in (2\d|30) seconds")
        t.expect(r"\nPIN: $|touch the reader: $")
        t.hang_up()
    t = at_console("e1001")
    asks_only_pin(t)
    t.send(PIN + "\n")
    is_in(t, "e1001")
    # hers are forgiven; the reader's own delay runs on for everybody
    broker.stop()
    broker.start()
    t = at_console("e1002")
    asks_only_pin(t)
    t.hang_up()


if __name__ == "__main__":
    main(prepare=prepare, finish=finish)
