#!/usr/bin/env -S python3 -B
"""A reader without a service manager: nothing runs, and what a login needs is
started for it."""
import os, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
import reader
from hand import CONSOLE, OFFER, enrol_finger, touch
from reader import PROGRAM, SENSOR, Sensor, VIRTUAL
from story import *

MEI, STRANGER = 1, 2  # fingers


def prepare():
    """attend-sensor is started without our environment: the virtual reader is
    in the program's own."""
    reader.prepare()
    configure(factors="finger, pin")
    enrol("1001")
    ctl("consent", "record", "1001", "--purpose", "biometric.finger").ok()
    os.rename(PROGRAM, PROGRAM + ".real")
    write(PROGRAM, "#!/bin/sh\nFP_VIRTUAL_IMAGE=%s exec %s.real \"$@\"\n" % (
        VIRTUAL, PROGRAM), 0o755)


def nothing_runs():
    equal([os.path.exists(SOCKET), os.path.exists(SENSOR)], [False, False])
    wait_for("everything has left", lambda: not any(
        pids(name) for name in ("attendd", "attend-sensor", "attend-sensor.r")))


def at_the_console():
    t = Terminal(["login"], console=CONSOLE)
    t.answer(r"login: ", "e1001")
    return t


def gets_in(t):
    equal(shell_says(shell_of(t), "id -un").strip(), "e1001")
    t.send("exit\n")
    t.end()


@story("a finger is enrolled with an attendd and a reader started for it alone")
def enrolled():
    nothing_runs()
    equal(enrol_finger("1001", MEI).status, 0)
    nothing_runs()


@story("a finger lets in where nothing listens, and afterwards nothing runs")
def finger():
    t = at_the_console()
    t.expect(OFFER)
    t.send("\n")
    touch(t, MEI)
    gets_in(t)
    nothing_runs()


@story("another finger does not; the PIN does, beside the reader and before it "
       "is opened")
def others():
    t = at_the_console()
    t.expect(OFFER)
    t.send("\n")
    touch(t, STRANGER)
    t.expect(r"(?i)not recogni[sz]ed|did not match|again|PIN")
    t.hang_up()
    nothing_runs()
    t = at_the_console()
    t.expect(OFFER)
    lacks(read("/proc/net/unix"), re.escape(VIRTUAL))
    t.send(PIN + "\n")
    gets_in(t)
    nothing_runs()


@story("who has not agreed is not offered it, and nothing is started")
def not_agreed():
    enrol("1002")
    mark = journal.mark()
    t = Terminal(["login"], console=CONSOLE)
    t.answer(r"login: ", "e1002")
    t.answer(r"(?m)^PIN: $", PIN, hidden=True)
    equal(shell_says(shell_of(t), "id -un").strip(), "e1002")
    t.send("exit\n")
    t.end()
    lacks(journal.since(mark), r"attend-sensor")
    nothing_runs()


@story("where a reader's socket is, that one is asked and none is started")
def shared():
    with Sensor():
        t = at_the_console()
        t.expect(OFFER)
        equal(len(pids("attend-sensor.r")), 1)
        t.send("\n")
        touch(t, MEI)
        gets_in(t)
    nothing_runs()


@story("a program that is not root's alone is not started, and the PIN does")
def not_ours():
    os.chmod(PROGRAM, 0o777)
    try:
        mark = journal.mark()
        t = at_the_console()
        t.answer(r"PIN: $", PIN, hidden=True)
        gets_in(t)
        journal.tells(mark, r"reader not started why=")
    finally:
        os.chmod(PROGRAM, 0o755)
    t = at_the_console()
    t.expect(OFFER)
    t.send(PIN + "\n")
    gets_in(t)


if __name__ == "__main__":
    main(prepare=prepare)
