#!/usr/bin/env -S python3 -B
"""passwd, chpasswd and attendctl: changing a PIN."""
import os, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
from story import *

broker = Broker()
NEW, NEWER = "739105", "260874"
NEW_PROMPT, AGAIN_PROMPT = r"New PIN: $", r"New PIN again: $"


def prepare():
    for number in ("1001", "1002", "1003", "1004"):
        enrol(number)
    broker.start()


def passwd(user, old, new, again=None):
    """Offer one new PIN; passwd would take up to three."""
    t = Terminal(["passwd"], user=user)
    t.answer(r"(?i)PIN: ", old, hidden=True)
    if t.expect(NEW_PROMPT, r"(?i)passwd: .*\n") == 0:
        t.send(new + "\n")
        t.answer(AGAIN_PROMPT, new if again is None else again, hidden=True)
        if t.expect(NEW_PROMPT, r"(?i)passwd: .*\n") == 0:
            t.hang_up()
            return t
    t.end()
    return t


def pin_of(user, pin):
    r = pam(user, "authenticate", answers=[pin])
    return r.status == 0


@story("passwd asks the old PIN and the new one twice, and then the new one counts")
def change():
    t = passwd("e1001", PIN, NEW)
    equal(t.status, 0, t.text)
    check(pin_of("e1001", NEW), "the new PIN counts")
    check(not pin_of("e1001", PIN), "the old one does not")


@story("a wrong old PIN changes nothing, and is counted")
def wrong_old():
    before = failures("1002")
    t = passwd("e1002", WRONG_PIN, NEW)
    check(t.status != 0, t.text)
    lacks(t.text, r"(?i)new PIN")
    check(failures("1002") > before, "counted")
    check(pin_of("e1002", PIN), "unchanged")


def failures(number):
    """Failed attempts since the last success, as the records tell."""
    return ctl("audit", "list", number).ok().out.count("not-proven")


@story("two new PINs that differ, trivial ones, short ones and the old one are refused")
def bad_new():
    for new, again, why in (
            (NEW, NEWER, r"not the same"), ("123456", None, r"easy to guess"),
            ("111111", None, r"easy to guess"), ("4829", None, r"too short"),
            ("abcdef", None, r"digits only"), ("900412", None, r"date of birth"),
            (PIN, None, r"in use|before"), ("", None, r"empty")):
        t = passwd("e1002", PIN, new, again)
        check(t.status != 0, "%s: %s" % (new, t.text))
        has(t.text, why)
        check(pin_of("e1002", PIN), "unchanged by " + new)
    t = passwd("e1002", PIN, NEW)
    equal(t.status, 0, t.text)


@story("a past PIN is refused, one never used is not")
def past():
    t = passwd("e1001", NEW, PIN)
    check(t.status != 0, t.text)
    t = passwd("e1001", NEW, NEWER)
    equal(t.status, 0, t.text)


@story("passwd takes a good PIN after a bad one, and gives up after three bad ones")
def tries():
    t = Terminal(["passwd"], user="e1004")
    t.answer(r"^PIN: ", PIN, hidden=True)
    for new in ("111111", NEW):
        t.answer(NEW_PROMPT, new, hidden=True)
        t.answer(AGAIN_PROMPT, new, hidden=True)
    equal(t.end(), 0, t.text)
    check(pin_of("e1004", NEW), "the new PIN counts")
    t = Terminal(["passwd"], user="e1004")
    t.answer(r"^PIN: ", NEW, hidden=True)
    for _ in range(3):
        t.answer(NEW_PROMPT, "111111", hidden=True)
        t.answer(AGAIN_PROMPT, "111111", hidden=True)
    check(t.end() != 0, t.text)
    check(pin_of("e1004", NEW), "unchanged")
    ctl("pin", "set", "1004", input=PIN + "1\n").ok()


@story("an employee changes only his own PIN with passwd")
def only_own():
    t = Terminal(["passwd", "e1001"], user="e1002")
    check(t.end() != 0, t.text)
    check(pin_of("e1001", NEWER), "unchanged")


@story("root changes an employee's PIN without the old one")
def by_root():
    t = Terminal(["passwd", "e1003"])
    t.answer(NEW_PROMPT, NEW, hidden=True)
    t.answer(AGAIN_PROMPT, NEW, hidden=True)
    equal(t.end(), 0, t.text)
    lacks(t.text, r"(?i)(current|old) PIN")
    check(pin_of("e1003", NEW), "the new PIN counts")


@story("chpasswd sets a PIN, and refuses a trivial one")
def chpasswd():
    run("chpasswd", input="e1003:%s\n" % NEWER).ok()
    check(pin_of("e1003", NEWER), "the new PIN counts")
    run("chpasswd", input="e1003:123456\n").fails()
    check(pin_of("e1003", NEWER), "unchanged")


@story("attendctl me pin changes one's own PIN, and asks for the old one")
def me_pin():
    t = Terminal(["attendctl", "me", "pin"], user="e1004")
    t.answer(r"PIN.*: ", WRONG_PIN, hidden=True)
    check(t.end() != 0, t.text)
    t = Terminal(["attendctl", "me", "pin"], user="e1004")
    t.answer(r"PIN.*: ", PIN + "1", hidden=True)
    t.answer(NEW_PROMPT, "705283", hidden=True)
    t.answer(AGAIN_PROMPT, "705283", hidden=True)
    equal(t.end(), 0, t.text)
    check(pin_of("e1004", "705283"), "the new PIN counts")


@story("attendctl pin set asks twice on a terminal and hides it, reads once elsewhere")
def pin_set():
    t = Terminal(["attendctl", "pin", "set", "1004"])
    t.answer(NEW_PROMPT, NEWER, hidden=True)
    t.answer(AGAIN_PROMPT, NEWER, hidden=True)
    equal(t.end(), 0, t.text)
    check(pin_of("e1004", NEWER), "the new PIN counts")
    ctl("pin", "set", "1004", input="511937\n").ok()
    check(pin_of("e1004", "511937"), "the new PIN counts")
    ctl("pin", "set", "1004", input="12\n").fails(None, r"PIN")
    ctl("pin", "set", "1004", "602814").fails(2)
    ctl("pin", "set", "8888", input="602814\n").fails(3)


@story("a local user's passwd is as on any machine")
def local():
    t = Terminal(["passwd"], user="visitor")
    t.answer(r"Current password: ", "visitorpassword", hidden=True)
    t.answer(r"New password: ", "another9Password", hidden=True)
    t.answer(r"Retype new password: ", "another9Password", hidden=True)
    equal(t.end(), 0, t.text)
    lacks(t.text, r"PIN")
    run("su", "visitor", "-c", "true", user="e1001",
        input="another9Password\n").ok()


@story("with attendd silent, passwd says so in time and a local passwd works")
def silent():
    broker.signal_all(signal.SIGSTOP)

    def refused():
        t = Terminal(["passwd"], user="e1001")
        check(t.end() != 0, t.text)

    within(12, "passwd", refused)
    run("chpasswd", "--crypt-method=SHA512", input="visitor:visitorpassword\n").ok()
    t = Terminal(["passwd"], user="visitor")
    t.answer(r"Current password: ", "visitorpassword", hidden=True)
    t.answer(r"New password: ", "another9Password", hidden=True)
    t.answer(r"Retype new password: ", "another9Password", hidden=True)
    equal(t.end(), 0, t.text)
    broker.signal_all(signal.SIGCONT)
    check(pin_of("e1001", NEWER), "attendd is back")


main(prepare=prepare)
