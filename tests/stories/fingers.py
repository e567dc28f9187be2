#!/usr/bin/env -S python3 -B
"""Enrolled fingers: attendctl finger at a real attendd, attend-sensor and
libfprint, with fingers that nobody has."""
import json, os, signal, struct, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
import reader
from enrolling import Capturing, enrol_finger
from hand import TOUCH, grow, impression
from reader import Client, Finger, Sensor, VIRTUAL
from story import *

FINGER = ("--purpose", "biometric.finger")
ADULTS = ("1001", "1002", "1003", "1005")
broker, sensor = Broker(), Sensor()


def prepare():
    reader.prepare()
    for number in ADULTS:
        enrol(number)
        ctl("consent", "record", number, *FINGER).ok()
    enrol("1004", name="Wang Jun")
    enrol("1006", name="Sun Li", birth=years_ago(17), minor=True,
          consent=False)
    broker.start()
    sensor.__enter__()
    grow((1, 2, 3), range(1, 6))


def is_open():
    """Whether libfprint listens for pictures."""
    return VIRTUAL in read("/proc/net/unix")


def fingers(number):
    listed = ctl("finger", "list", number, "--json").ok().out
    return [f["finger"] for f in json.loads(listed)]


def events(number, event):
    listed = json.loads(ctl("audit", "list", number, "--json").ok().out)
    return [e for e in listed if e["event"] == event]


def begin(number, name, touches, finger=1):
    """An enrolment under way, that many touches into it."""
    c = Capturing("finger", "enrol", number, "--finger", name)
    for i in range(touches):
        check(c.touch(finger, i + 1), "%r" % c.said)
    check(c.until(TOUCH), "%r" % c.said)
    return c


@story("a finger is enrolled at the reader: five touches that are alike")
def enrolled():
    check(not is_open(), "nobody has asked")
    done = enrol_finger("1001", "right-index", 1).ok()
    has(done.err, r"The right index finger, 5 times", r"1 of 5\.", r"5 of 5\.")
    has(done.out, r"1001: right index finger enrolled, 5 samples of virtual_im")
    wait_for("the reader is closed", lambda: not is_open())
    equal(fingers("1001"), ["right-index"])
    equal(len(events("1001", "finger-enrol")), 1)
    has(ctl("finger", "list", "1001").ok().out,
        r"right index finger +5 +virtual_image +20\d\d-")


@story("P12: she sees it at the kiosk and in her report, in her language")
def seen():
    user = login_name("1001")
    has(ctl("me", "finger", user=user).ok().out, r"right index finger +5 ")
    has(ctl("me", "finger", user=user, env={"LC_ALL": "zh_CN.UTF-8"}).ok().out,
        r"右手食指|右食指")
    report = json.loads(ctl("me", "show", "--json", user=user).ok().out)
    equal([f["finger"] for f in report["fingers"]], ["right-index"])
    check("fingers" in [k["kind"] for k in report["kinds"]], "not explained")
    has(ctl("employee", "show", "1001").ok().out, r"right index finger")
    equal(json.loads(ctl("me", "finger", "--json", user=login_name("1002"))
                     .ok().out), [])


@story("a touch of another finger is told, and costs one touch")
def wrong_touch():
    done = enrol_finger("1002", "left-thumb", 2, wrong={0: 3, 2: 1}).ok()
    equal(done.err.count("That was another finger"), 2)
    has(done.out, r"left thumb enrolled, 5 samples")


@story("somebody's finger is refused to everybody else, and both have it on "
       "record; her own under another name, too")
def duplicate():
    for number in ("1003", "1001"):
        done = enrol_finger(number, "left-ring", 1).fails(
            5, r"nothing was stored", r"1001's right index finger")
    equal([len(events(n, "finger-duplicate")) for n in ("1001", "1003")],
          [1, 1])
    equal(fingers("1003"), [])
    equal(fingers("1001"), ["right-index"])
    ctl("employee", "suspend", "1001").ok()
    enrol_finger("1003", "left-ring", 1).fails(5)  # it is hers all the same
    ctl("employee", "resume", "1001").ok()


@story("P10: without consent to it the reader stays closed, and who is to ask "
       "is named")
def no_consent():
    mark = journal.mark()
    for words in (("finger", "enrol", "1004", "--finger", "right-index"),
                  ("finger", "test", "1004")):
        ctl(*words).fails(4, r"consent record 1004 --purpose biometric.finger")
        check(not is_open(), "the reader was opened")
    lacks(journal.since(mark), r"capture")
    ctl("finger", "enrol", "9999", "--finger", "right-index").fails(3)
    ctl("finger", "enrol", "1001", "--finger", "nose").fails(2, r"no finger")
    ctl("finger", "enrol", "1001", "--finger", "right-index").fails(
        5, r"finger delete 1001 --finger right-index")
    check(not is_open(), "the reader was opened")


@story("P19: a minor whose guardian agreed to the login and not to the finger "
       "gives none")
def minor():
    ctl("consent", "record", "1006", *FINGER).ok()
    ctl("finger", "enrol", "1006", "--finger", "right-index").fails(
        4, r"guardian record 1006 .*--purpose biometric.finger")
    check(not is_open(), "the reader was opened")
    guardian("1006", purpose="biometric.finger").ok()
    c = begin("1006", "right-index", 1, finger=3)
    c.interrupt()
    c.end()


@story("unplugged in the middle: told at once, nothing stored")
def unplugged():
    c = begin("1003", "right-index", 2, finger=3)
    with Finger() as f:
        f.unplug()
        c.end().fails(6, r"Nothing was stored", r"unplugged")
    equal(fingers("1003"), [])
    sensor.__exit__()
    sensor.__enter__()  # as one that is plugged in anew


@story("SIGINT, a client that is killed, a worker that is killed: nothing is "
       "stored and the reader is given back")
def interrupted():
    def kill_worker(_):
        killed = [p for p in pids("attendd") if p != broker.process.pid]
        for pid in killed:
            send_signal(pid, signal.SIGKILL)
        # the broker gives nobody to a spare that is dead and not yet buried
        wait_for("they are gone", lambda: not any(
            os.path.exists("/proc/%d" % p) for p in killed))

    for end in (Capturing.interrupt, lambda c: c.p.kill(), kill_worker):
        c = begin("1003", "right-index", 2, finger=3)
        check(is_open(), "it waits for a finger")
        end(c)
        c.end().fails()
        wait_for("the reader is closed", lambda: not is_open())
        equal(fingers("1003"), [])
    equal(events("1003", "finger-enrol"), [])


@story("a reader that a login has is busy, said at once")
def busy():
    with Client() as other:
        other.ask(20000)
        other.until("touch")
        ctl("finger", "enrol", "1003", "--finger", "right-index").fails(
            6, r"in use by another login")
    enrol_finger("1003", "right-index", 3).ok()


@story("test says how alike a touch is, shows it on a terminal, and never counts")
def tested():
    c = Capturing("finger", "test", "1001", "--json")
    c.touch(1, 5)
    said = json.loads(c.end().ok().out)
    equal((said["match"], said["finger"]), (True, "right-index"))
    check(said["score"] >= said["threshold"] > 1000, "%r" % said)
    c = Capturing("finger", "test", "1001", "--html")
    c.touch(2, 5)
    page = c.end().fails(1, r"<svg ", r"Match</th><td>no")
    for _ in range(6):
        c = Capturing("finger", "test", "1001")
        c.touch(3, 1)
        lacks(c.end().fails(1, r"Match +no").out, "[\u2801-\u28ff]")
    with Terminal(["attendctl", "finger", "test", "1001"]) as t:
        t.expect(TOUCH)
        with Finger() as f:
            f.touch(*impression(1, 4))
            equal(t.end(), 0, t.text)
        has(t.text, r"Match +yes", "[\u2801-\u28ff]")
    equal(len(events("1001", "finger-test")), 9)
    explained = json.loads(ctl("explain", "1001", "--json").ok().out)
    equal((explained["fingers"], explained["finger"],
           explained["finger_locked_seconds"]), (1, "ok", 0))
    equal(json.loads(ctl("explain", "1004", "--json").out)["finger"],
          "factor-not-consented")


@story("quality measures this site's own fingers, of those who agree")
def quality():
    said = json.loads(ctl("finger", "quality", "--json").ok().out)
    equal((said["people"], said["fingers"], said["pairs"], said["samples"]),
          (3, 3, 6, 15))
    equal((said["others_above"], said["own_below"]), (0, 0))
    equal(sum(row["own"] for row in said["scores"]), 15)
    equal(said["suggested"], None)
    has(ctl("finger", "quality").ok().out, r"Too few pairs")
    has(ctl("finger", "quality", "--html").ok().out, r"<table")


def minutiae(finger, n):
    """As a template has them, in the order of the encoding."""
    with Client() as c:
        c.ask()
        c.until("touch")
        with Finger() as f:
            f.touch(*impression(finger, n))
            sample = c.end()
    return b"".join(struct.pack("<HHBBB", *p) for p in sample.points)


@story("templates stand nowhere in the clear")
def sealed():
    plain = minutiae(1, 1)
    stored = state_bytes()
    check(len(plain) > 150, "%d bytes" % len(plain))
    check(b"virtual_image" in stored, "nothing is found in these files")
    for at in range(0, len(plain) - 14, 7):
        check(plain[at:at + 14] not in stored, "two minutiae in the clear")
    lacks(ctl("export", "--deidentified", "--json").ok().out, r"finger|templ")
    log = journal.since()
    lacks(log, r"score|threshold=|minutiae=")


@story("her own copy is a record of ISO/IEC 19794-2 that goes in again: for "
       "her, and for nobody else")
def moved():
    user = login_name("1001")
    run("rm", "-f", "/tmp/own.fmr", "/root/out.fmr")
    ctl("me", "finger", "/tmp/own.fmr", user=user).fails(2, r"both FILE and")
    ctl("me", "finger", "/tmp/own.fmr", "--finger", "left-ring",
        user=user).fails(3, r"not enrolled")
    check(not os.path.exists("/tmp/own.fmr"), "it left a file")
    ctl("me", "finger", "/tmp/own.fmr", "--finger", "right-index",
        user=user).ok()
    equal(os.stat("/tmp/own.fmr").st_mode & 0o777, 0o600)
    ctl("finger", "export", "1001", "/root/out.fmr", "--finger",
        "right-index").ok()
    with open("/tmp/own.fmr", "rb") as a, open("/root/out.fmr", "rb") as b:
        record = a.read()
        equal(record, b.read())
    equal((record[:8], record[22]), (b"FMR\0 20\0", 5))
    equal(len(events("1001", "finger-export")), 3)
    name = ("--finger", "right-index")
    ctl("finger", "import", "1005", "/root/out.fmr", *name).fails(
        5, r"1001's right index finger")
    ctl("finger", "import", "1001", "/root/out.fmr", *name).fails(5)
    ctl("finger", "delete", "1001", *name, "--yes").ok()
    ctl("finger", "import", "1004", "/root/out.fmr", *name).fails(4)
    ctl("finger", "import", "1001", "/root/out.fmr", "--finger",
        "left-ring").fails(1, r"no view of the left ring finger; .* right ind")
    write("/root/none.fmr", "FMR and nothing more")
    ctl("finger", "import", "1001", "/root/none.fmr", *name).fails(
        1, r"not a finger minutiae record")
    ctl("finger", "import", "1001", "/root/out.fmr", *name).ok()
    has(ctl("finger", "list", "1001").ok().out, r"right index finger +5 +iso")
    c = Capturing("finger", "test", "1001")
    c.touch(1, 3)
    has(c.end().ok().out, r"Match +yes")


def sealed_templates():
    """A piece of each, as it stands in the store's file."""
    db = sqlite3.connect(STORE)
    rows = db.execute("SELECT template FROM finger").fetchall()
    db.close()
    return [bytes(template)[16:80] for template, in rows]


@story("P15: who withdraws is told that it is destroyed, and nothing of it is "
       "left")
def withdrawn():
    user = login_name("1002")
    pieces = sealed_templates()
    equal(len(pieces), 3)
    check(all(p in state_bytes() for p in pieces), "not found to begin with")
    done = ctl("me", "withdraw", *FINGER, user=user).ok()
    has(done.out, r"enrolled fingers is destroyed: 1 of them")
    equal(fingers("1002"), [])
    ctl("finger", "test", "1002").fails(4, r"consent record 1002")
    equal(len(events("1002", "finger-destroy")), 1)
    has(ctl("consent", "withdraw", "1001", *FINGER).ok().out,
        r"destroyed: 1 of")
    ctl("finger", "delete", "1003", "--yes").ok()
    check(not any(p in state_bytes() for p in pieces), "sealed bytes are left")
    lacks(ctl("me", "withdraw", *FINGER, user=login_name("1003")).ok().out,
          r"destroyed")


@story("doctor tells of fingers that nobody gives, or nobody asks for")
def doctor():
    try:
        configure(factors="finger, pin")
        has(ctl("doctor").all, r"factors .* name a finger, and nobody has")
        ctl("consent", "record", "1001", *FINGER).ok()
        ctl("finger", "import", "1001", "/root/out.fmr", "--finger",
            "right-index").ok()
        has(ctl("doctor").all, r"ok +1 fingers are enrolled\n")
    finally:
        configure()
    has(ctl("doctor").all, r"kept for nothing")


if __name__ == "__main__":
    main(prepare=prepare)
