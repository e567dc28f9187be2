#!/usr/bin/env -S python3 -B
"""From a picture to the verdict: what a login with a finger costs beyond the
reader's own time. The same touches go to attend-sensor alone, which gives the
time that libfprint needs to read and to find minutiae, and to a login through
PAM, attendd and the same attend-sensor; by turns, in one kiosk."""
import os, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
import reader
from hand import OFFER, TOUCH, enrol_finger, impression, may_use_finger
from reader import Client, Finger, Sensor
from story import *

MEI, ROUNDS, WARM = 1, 40, 3


def alone(picture):
    """Seconds from the picture to the sample."""
    with Client() as c:
        c.ask(10000)
        c.until("touch")
        with Finger() as f:
            began = time.monotonic()
            f.touch(*picture)
            end = c.end()
            took = time.monotonic() - began
    equal(end.reason, "sample", end)
    return took


def login(picture):
    """Seconds from the picture to the verdict."""
    t = Terminal(["pamtester", "-I", "tty=/dev/tty7", "kiosk", "e1001",
                  "authenticate", "acct_mgmt"])
    t.expect(OFFER)
    t.send("\n")
    t.expect(TOUCH)
    with Finger() as f:
        began = time.monotonic()
        f.touch(*picture)
        which = t.expect(r"successfully authenticated", r"(?i)not recognised")
        took = time.monotonic() - began
    if which == 0:
        equal(t.end(), 0, t.text)
    else:
        t.hang_up()
    return took if which == 0 else None


def row(what, seconds):
    ms = sorted(s * 1e3 for s in seconds)
    at = [ms[min(len(ms) - 1, int(len(ms) * p))] for p in (.1, .5, .9, .99)]
    print("%-48s %5d %9.2f %9.2f %9.2f %9.2f" % (what, len(ms), *at),
          flush=True)
    return at[1]


def is_free():
    with Client() as c:
        return c.status().in_use == 0


def main():
    enter()
    reader.prepare()
    configure(factors="finger, pin")
    with Broker(), Sensor():
        enrol("1001")
        may_use_finger("1001")
        equal(enrol_finger("1001", MEI).status, 0)
        apart, whole, refused = [], [], 0
        for n in range(WARM + ROUNDS):
            picture = impression(MEI, 10 + n, "easy")
            pair = []
            for one in (alone, login):
                wait_for("the reader is given back", is_free)
                pair.append(one(picture))
            if None in pair:
                refused += 1
            elif n >= WARM:
                apart.append(pair[0])
                whole.append(pair[1])
    print("\n%-48s %5s %9s %9s %9s %9s" % (
        "one touch, ms", "n", "p10", "median", "p90", "p99"))
    row("reader: picture to sample, libfprint's minutiae", apart)
    row("login: picture to verdict", whole)
    beyond = row("login beyond the reader's own time",
                 [w - a for w, a in zip(whole, apart)])
    print("capture to verdict beyond the reader: %.1f ms (aim: under 60)"
          % beyond)
    print("touches that were not recognised: %d of %d" % (
        refused, WARM + ROUNDS))


if os.geteuid() != 0:
    sys.exit("bench: must run as root (namespaces)")
main()
