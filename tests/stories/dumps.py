#!/usr/bin/env -S python3 -B
"""A core dump holds neither PIN nor finger: the memory of attendd's processes
and of attend-sensor, at the end of a login and after it, and, so that the
search is known to find, in the middle."""
import os, sqlite3, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
import reader
from dump import Stopped, finger_patterns, holds, picture_patterns, \
    pin_patterns
from hand import OFFER, TOUCH, enrol_finger, impression, may_use_finger, touch
from reader import Client, Finger, Sensor
from story import *

LONG_PIN = "482915730684"  # a number that no memory has by chance
MEI, TOUCHED = 1, 9        # her finger, and which touch of it logs in
broker, sensor = Broker(), Sensor()
finger, picture = {}, {}   # patterns


def prepare():
    if BUILD.endswith("/asan"):
        return
    reader.prepare()
    # a worker of an ordinary user's rests for a quarter of it at its end
    configure(factors="finger, pin", fail_delay_ms=10000)
    broker.start()
    sensor.__enter__()
    enrol("1001", pin=LONG_PIN)
    may_use_finger("1001")
    learn(MEI, TOUCHED)
    for n in range(1, 6):
        learn(MEI, n, "easy")
    t = enrol_finger("1001", MEI)
    equal(t.status, 0, t.text)
    wait_for("the reader is given back", is_free)


def is_free():
    with Client() as c:
        return c.status().in_use == 0


def learn(number, touch_, how="usual"):
    """What is to be searched for: what attend-sensor sees in this picture."""
    width, _, grey = impression(number, touch_, how)
    with Client() as c:
        c.ask(10000)
        c.until("touch")
        with Finger() as f:
            f.touch(*impression(number, touch_, how))
            sample = c.end()
    equal(sample.reason, "sample", sample)
    name = "%s touch %d" % (how, touch_)
    finger.update(finger_patterns(sample.points, name))
    picture.update(picture_patterns(grey, width, name))


# ---- a locker, which is an ordinary user's ----

IN_SESSION = r"""echo %d >/proc/self/loginuid && exec setpriv --reuid=e1001 \
    --regid=kiosk --init-groups sh -c "$0" "$@" """


def locker():
    """In a session at a seat, as logind writes it down."""
    uid = int(run("id", "-u", "e1001").ok().out)
    t = Terminal(["sh", "-c", IN_SESSION % uid,
                  "cat /proc/self/sessionid; echo; read go; exec pamtester kiosk "
                  "e1001 authenticate"], timeout=40)
    t.expect(r"(\d+)\n")
    write("/run/systemd/sessions/" + t.match[1],
          "UID=%d\nREMOTE=0\nSTATE=active\nSEAT=seat0\n" % uid)
    t.send("\n")
    t.expect(OFFER)
    return t


def worker(*calls):
    """The one process of the broker's that sleeps in one of these calls."""
    found = [pid for pid in session_of(broker.process.pid)
             if pid != broker.process.pid and sleeps_in(pid, *calls)]
    return found[0] if len(found) == 1 else None


class Held:
    """Nobody may write to the store: a factor in hand waits to be tried."""

    def __enter__(self):
        self.db = sqlite3.connect(STORE, isolation_level=None)
        self.db.execute("BEGIN IMMEDIATE")

    def __exit__(self, *_):
        self.db.execute("ROLLBACK")
        self.db.close()


def looked_at_twice(t, show, patterns):
    """Show the factor; what the worker holds while it waits to try it, and
    what when all is done."""
    with Held():
        show()
        pid = wait_for("the worker waits for the store",
                       lambda: worker("clock_nanosleep"))
        stopped = Stopped(pid)
        stopped.__enter__()
    meanwhile = holds(pid, patterns)
    stopped.__exit__()
    equal(t.end(), 0, t.text)
    wait_for("it rests", lambda: sleeps_in(pid, "clock_nanosleep"))
    with Stopped(pid):
        return meanwhile, holds(pid, patterns)


def nowhere(patterns):
    """Not in the broker, nor in the worker that is next."""
    wait_for("the worker is gone", at_rest)
    found = session_of(broker.process.pid)
    equal(len(found), 2)
    for pid in found:
        equal(holds(pid, patterns), [], "process %d" % pid)


def dump_story(sentence):
    def mark(tell):
        def told():
            skip_sanitized("a sanitizer keeps what is freed, to look at it")
            tell()
        return story(sentence)(told)
    return mark


# ---- the stories ----

@dump_story("this search finds: in a process that holds them in each form")
def finds():
    text = "import time\nheld = %r\nprint('.', flush=True)\ntime.sleep(60)\n"
    for name, pattern in {**pin_patterns(LONG_PIN), **finger, **picture}.items():
        check(len(pattern) >= 12, "%s is too short to be hers" % name)
    some = dict(list(finger.items())[:5])
    held = [re.sub(rb"\\(.)", rb"\1", p, flags=re.S) for p in some.values()]
    held += [LONG_PIN.encode()]
    p = subprocess.Popen([sys.executable, "-c", text % held],
                         stdout=subprocess.PIPE)
    try:
        p.stdout.read(1)
        equal(holds(p.pid, {**some, **pin_patterns(LONG_PIN)}),
              sorted(list(some) + ["PIN"]))
    finally:
        p.kill()
        p.wait()


@dump_story("a PIN is in the worker while it is tried, and nowhere when it was")
def pin():
    t = locker()
    patterns = pin_patterns(LONG_PIN)
    meanwhile, afterwards = looked_at_twice(
        t, lambda: t.send(LONG_PIN + "\n"), patterns)
    equal(meanwhile, ["PIN"], "while it is tried")
    equal(afterwards, [], "when it was")
    nowhere(patterns)


@dump_story("a finger is in the worker while it is tried, and nowhere when it was, "
       "neither as it was touched nor as it is stored")
def a_finger():
    t = locker()

    def show():
        t.send("\n")
        touch(t, MEI, TOUCHED)

    meanwhile, afterwards = looked_at_twice(t, show, finger)
    check(any(name.startswith("usual") for name in meanwhile), meanwhile)
    print("# in the worker meanwhile: %s" % ", ".join(meanwhile))
    equal(afterwards, [], "when it was")
    nowhere({**finger, **picture, **pin_patterns(LONG_PIN)})


@dump_story("attend-sensor has forgotten minutiae and picture when it has told them")
def sensor_forgets():
    wait_for("the reader is given back", is_free)
    patterns = {**finger, **picture}
    equal(holds(sensor.process.pid, patterns), [])


@dump_story("a picture is in attend-sensor while it looks at it")
def sensor_holds():
    moments = Moments(0.02, 40)
    for _ in moments:
        with Client() as c:
            c.ask(10000)
            c.until("touch")
            with Finger() as f:
                f.touch(*impression(MEI, TOUCHED))
                moments.wait()
                with Stopped(sensor.process.pid) as pid:
                    found = holds(pid, picture)
                c.end()
        if found:
            return
        moments.note(False)
    raise AssertionError("never seen")


if __name__ == "__main__":
    main(prepare=prepare)
