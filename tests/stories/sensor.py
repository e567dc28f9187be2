#!/usr/bin/env -S python3 -B
"""Fingerprint readers: attend-sensor with the unmodified libfprint of the
distribution, its virtual readers, and fingers that nobody has."""
import os, re, select, shutil, signal, socket, subprocess, sys, time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
import reader
from dump import finger_patterns, kept, picture_patterns
from reader import Client, Failed, Finger, PROGRAM, SENSOR, Sensor, VIRTUAL
import ridges
import usbreader
from story import BUILD, HELPERS, SRC, as_user, check, ctl, equal, has, \
    journal, lacks, main, pids, read, run, skip, skip_sanitized, story, \
    wait_for, write

LEFT, RIGHT = ridges.finger(1), ridges.finger(2)
SMALL = (150, 150, ridges.picture([], width=150, height=150))


def sample_of(client, finger=LEFT, wait_ms=5000):
    client.ask(wait_ms)
    client.until("touch")
    with Finger() as f:
        f.touch(*finger)
        return client.end()


def fails(what, reason):
    check(isinstance(what, Failed), "not refused: %r" % (what,))
    equal(what.reason, reason, what.detail)
    return what


def is_open():
    """Whether libfprint listens for pictures."""
    return VIRTUAL in read("/proc/net/unix")


@story("a finger on the reader becomes minutiae, where its ridges end")
def capture():
    with Sensor(), Client() as c:
        got = sample_of(c)
        equal(got.reason, "sample", got)
        check(got.near(LEFT[3]) >= 22, "near %d of 24" % got.near(LEFT[3]))
        check(got.near(RIGHT[3]) <= 16, "any finger would do")
        equal((got.driver, got.width, got.height, got.resolution),
              ("virtual_image", 320, 400, 197))
        check(50 <= got.quality <= 100, "quality %d" % got.quality)
        equal(got.points, sorted(got.points), "the order of minutiae")


@story("several samples on one connection: lift, and touch again")
def several():
    with Sensor(), Client() as c:
        c.ask()
        c.until("touch")
        with Finger() as f:
            f.hold(True)
            f.touch(*LEFT)
            equal(c.end().reason, "sample")
            c.ask()
            c.until("lift")
            f.hold(False)
            c.until("touch")
            f.command(-3, 1)
            f.touch(*RIGHT)
            got = c.end()
        equal(got.reason, "sample", got)
        check(got.near(RIGHT[3]) >= 22, "near %d" % got.near(RIGHT[3]))


@story("the reader is open while somebody has it, and not a moment before")
def opened():
    with Sensor():
        check(not is_open(), "nobody has asked")
        with Client() as c:
            equal(c.status().reason, "fine")
            check(not is_open(), "a status opens nothing")
            c.ask()
            c.until("touch")
            check(is_open(), "it waits for a finger")
            equal(c.status().in_use, 1)
        wait_for("the reader is closed", lambda: not is_open())


@story("no finger in time: told in time, and the next try works")
def late():
    with Sensor(), Client() as c:
        began = time.monotonic()
        c.ask(700)
        fails(c.end(), "timeout")
        took = time.monotonic() - began
        check(0.6 < took < 5, "%.2f s" % took)
        equal(sample_of(c).reason, "sample")


@story("two logins at once: the second is told at once, the first goes on")
def busy():
    with Sensor(), Client() as first, Client() as second:
        first.ask()
        first.until("touch")
        began = time.monotonic()
        second.ask()
        no = fails(second.end(), "busy")
        check(time.monotonic() - began < 3, "it had to wait")
        check(0 < no.retry_ms <= 5000, "retry in %d ms" % no.retry_ms)
        with Finger() as f:
            f.touch(*LEFT)
            equal(first.end().reason, "sample")
        first.close()
        equal(sample_of(second).reason, "sample")


@story("a login that hangs up while the reader waits gives it back at once")
def hangs_up():
    with Sensor(), Client() as other:
        c = Client()
        c.ask(60000)
        c.until("touch")
        c.close()
        equal(sample_of(other).reason, "sample")


@story("a capture that is cancelled ends; the connection goes on")
def cancelled():
    with Sensor(), Client() as c:
        c.ask(60000)
        c.until("touch")
        c.send(reader.CANCEL)
        fails(c.end(), "cancelled")
        equal(sample_of(c).reason, "sample")


@story("unplugged in the middle: told at once, then that there is no reader")
def unplugged():
    with Sensor(), Client() as c:
        c.ask(60000)
        c.until("touch")
        with Finger() as f:
            began = time.monotonic()
            f.unplug()
            fails(c.end(), "gone")
            check(time.monotonic() - began < 5, "it took its time")
        c.ask()
        fails(c.end(), "no-reader")
        equal(c.status().driver, "")


@story("a finger that cannot be read is asked for again, with what to do")
def retries():
    with Sensor(), Client() as c:
        c.ask(20000)
        c.until("touch")
        with Finger() as f:
            for code, notice in enumerate(("again", "longer", "centre",
                                           "lift")):
                f.retry(code)
                c.until(notice)
                c.until("touch")
            f.touch(ridges.WIDTH, ridges.HEIGHT,
                    b"\xff" * (ridges.WIDTH * ridges.HEIGHT))
            wait = [c.hear()[1]]
            while wait[-1] not in ("press", "again"):
                wait.append(c.hear()[1])
            c.until("touch")
            f.touch(*LEFT)
            equal(c.end().reason, "sample")


@story("an error of the driver is told, and the next try opens it anew")
def broken_driver():
    with Sensor(), Client() as c:
        c.ask(20000)
        c.until("touch")
        mark = journal.mark()
        with Finger() as f:
            f.fail(0)
            fails(c.end(), "fault")
        journal.tells(mark, r"reader failed doing=capture why=fault")
        wait_for("it is closed", lambda: not is_open())
        equal(sample_of(c).reason, "sample")


@story("a reader that another program holds is named, and fprintd by its name")
def held():
    shutil.copy("/bin/sleep", "/tmp/fprintd")
    with Sensor(), Client() as c:
        c.ask(20000)
        c.until("touch")
        with Finger() as f:
            f.fail(4)  # FP_DEVICE_ERROR_BUSY
            lacks(fails(c.end(), "held").detail, "fprintd")
        wait_for("it is closed", lambda: not is_open())
        fprintd = subprocess.Popen(["/tmp/fprintd", "60"])
        try:
            c.ask(20000)
            c.until("touch")
            with Finger() as f:
                f.fail(4)
                has(fails(c.end(), "held").detail, "fprintd")
        finally:
            fprintd.kill()
            fprintd.wait()


@story("a picture too small to tell people apart is refused, also next time")
def small():
    with Sensor(), Client() as c:
        equal(c.status().reason, "fine")
        fails(sample_of(c, SMALL), "unsuitable")
        equal(c.status().reason, "unsuitable")
        c.ask()
        fails(c.end(), "unsuitable")
    with Sensor(), Client() as c:  # a larger one is not
        equal(sample_of(c, LEFT).reason, "sample")


@story("a reader that compares fingers by itself is refused before it is opened")
def on_chip():
    with Sensor(env={"FP_VIRTUAL_DEVICE": VIRTUAL}), Client() as c:
        equal((c.status().reason, c.status().driver),
              ("unsuitable", "virtual_device"))
        c.ask()
        fails(c.end(), "unsuitable")
        check(not is_open(), "it was opened")


def with_usb(tell, *devices, **env):
    """What a client of an attend-sensor is told that sees these on USB."""
    skip_sanitized("umockdev and the sanitizer both have to come first")
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    # as its user from the start: umockdev's folder is its caller's
    p = subprocess.Popen(
        ["setpriv", "--reuid=attend-sensor", "--regid=attend-sensor",
         "--clear-groups", "umockdev-run", *devices, "--", PROGRAM, "--once"],
        stdin=theirs, stderr=subprocess.DEVNULL, env={**os.environ, **env})
    theirs.close()
    with Client(ours) as c:
        told = tell(c)
    equal(p.wait(10), 0)
    return told


def usb_status(vendor, product):
    """What attend-sensor says of a reader that USB shows."""
    write("/tmp/virtual/usb", usbreader.describe(vendor, product))
    return with_usb(Client.status, "-d", "/tmp/virtual/usb")


@story("readers on USB: one that one presses is suitable, one to swipe over not")
def usb():
    if not shutil.which("umockdev-run"):
        skip("umockdev is not installed")
    status = usb_status(0x05ba, 0x000a)
    equal((status.reason, status.driver), ("fine", "uru4000"))
    has(status.name, r"U\.are\.U 4000/4000B/4500")
    status = usb_status(0x138a, 0x0017)
    equal((status.reason, status.driver), ("unsuitable", "vfs5011"))
    equal(usb_status(0x1234, 0x5678).reason, "no-reader")


RECORDINGS = os.path.join(SRC, "build/lab/recordings")


def replayed(name, tell):
    """A capture as it once went, packet by packet; recordings.sh fetched it."""
    for file in ("device", "capture.pcapng"):
        shutil.copy(os.path.join(RECORDINGS, name, file), "/tmp/virtual/")
        os.chmod("/tmp/virtual/" + file, 0o644)
    path = re.search(r"^P: (.*)$", read("/tmp/virtual/device"), re.M)[1]
    return with_usb(tell, "-d", "/tmp/virtual/device", "-p",
                    "/sys%s=/tmp/virtual/capture.pcapng" % path,
                    FP_DEVICE_EMULATION="1")


def one_capture(client):
    client.ask(20000)
    return client.end(30)


@story("what a real reader once sent becomes minutiae, if it is one to press")
def recordings():
    if not shutil.which("umockdev-run"):
        skip("umockdev is not installed")
    if not os.path.isdir(RECORDINGS):
        skip("no recordings: tests/lab/recordings.sh fetches them from Debian")
    for name in ("uru4000-4500", "uru4000-msv2"):
        got = replayed(name, one_capture)
        equal(got.reason, "sample", "%s: %r" % (name, got))
        equal((got.driver, got.resolution), ("uru4000", 202))
        check(20 <= len(got.points) <= 100, "%d minutiae" % len(got.points))
        check(got.width > 300 and got.height > 250, "%d x %d" % (
            got.width, got.height))
        print("# %s: %d x %d, %d minutiae, quality %d" % (
            name, got.width, got.height, len(got.points), got.quality))
    fails(replayed("elan-cobo", one_capture), "unsuitable")  # swiped


@story("test readers are refused unless switched on, and then complained about")
def test_readers():
    with Sensor(), Client() as c:
        equal(c.status().test, 1)
        journal.tells(0, r"TEST READERS ARE ALLOWED")
    try:
        reader.settings(test_readers="no")
        mark = journal.mark()
        with Sensor(), Client() as c:
            equal((c.status().test, c.status().reason), (0, "no-reader"))
            c.ask()
            fails(c.end(), "no-reader")
        journal.tells(mark, r"refused FP_VIRTUAL_IMAGE of the environ")
        lacks(journal.since(mark), r"TEST READERS")
    finally:
        reader.settings(test_readers="yes")


@story("doctor and status tell of the reader, and loudly of test readers")
def doctor():
    has(ctl("doctor").all, r"no attend-sensor: staff log in without")
    has(ctl("status").all, r"Reader +none", r"Test readers +refused")
    with Sensor():
        ctl("doctor").fails(1, r"test readers are allowed",
                            r"reader is there: .*\(virtual_image\)")
        has(ctl("status").all, r"Reader +virtual_image", r"Reader state +fine",
            r"Test readers +ALLOWED")
    try:
        reader.settings()
        with Sensor(env={}):
            told = ctl("doctor").all
            has(told, r"No fingerprint reader is connected")
            lacks(told, r"test readers")
    finally:
        reader.settings(test_readers="yes")


@story("settings that others may write, or that make no sense, start nothing")
def bad_settings():
    for text, mode, why in (("test-readers = yes\n", 0o666, "not allowed"),
                            ("test-reader = yes\n", 0o644, "line=1"),
                            ("plugin = /opt/none\n", 0o644, "/opt/none")):
        write(reader.SETTINGS, text, mode)
        mark = journal.mark()
        run(PROGRAM, "--listen").fails(1)
        journal.tells(mark, "attend-sensor cannot start", why)
    reader.settings(test_readers="yes")


@story("only attendd and root are heard")
def peers():
    code = ("import socket\ns = socket.socket(socket.AF_UNIX, "
            "socket.SOCK_SEQPACKET)\ns.settimeout(5)\ns.connect('%s')\n"
            "s.send(b'\\1\\3' + bytes(6))\nprint(len(s.recv(9999)))" % SENSOR)

    def knock(user):
        return run("/usr/bin/python3", "-c", code, user=user)

    with Sensor():
        equal(knock("attend").ok().out.strip() != "0", True)
        knock("visitor").fails(1, "PermissionError")
        os.chmod(SENSOR, 0o666)  # the file does not decide alone
        mark = journal.mark()
        check(knock("visitor").out.strip() in ("0", ""), "visitor is heard")
        journal.tells(mark, r"connection refused peer=\d+")


@story("it runs as its own user, without privileges, network, or a way to more")
def confined():
    with Sensor() as s, Client() as c:
        equal(sample_of(c).reason, "sample")
        status = read("/proc/%d/status" % s.process.pid)
        uid = run("id", "-u", "attend-sensor").out.strip()
        has(status, r"Uid:\s+%s\s+%s\s+%s" % (uid, uid, uid),
            r"Groups:\s*\n", r"CapEff:\s+0+\n", r"CapPrm:\s+0+\n",
            r"NoNewPrivs:\s+1", r"Seccomp:\s+2")
        threads = os.listdir("/proc/%d/task" % s.process.pid)
        for t in threads:
            has(read("/proc/%d/task/%s/status" % (s.process.pid, t)),
                r"Seccomp:\s+2")
        run("/usr/bin/python3", "-c", "open('/proc/%d/environ').read()" %
            s.process.pid, user="attend-sensor").fails(1, "PermissionError")


@story("after a capture the picture is nowhere in its memory")
def wiped():
    skip_sanitized("a sanitizer keeps what is freed, to look at it")
    row = LEFT[2][200 * ridges.WIDTH + 100:][:48]
    with Sensor() as s, Client() as c:
        c.ask()
        c.until("touch")
        with Finger() as f:
            f.hold(True)
            f.touch(*LEFT)
            equal(c.end().reason, "sample")
            check(row in memory(s.process.pid), "it is never there")
        c.close()
        wait_for("the reader is closed", lambda: not is_open())
        check(row not in memory(s.process.pid), "a row of the finger is left")


def memory(pid):
    found = []
    with open("/proc/%d/maps" % pid) as maps, \
            open("/proc/%d/mem" % pid, "rb", 0) as mem:
        for line in maps:
            span, mode = line.split()[:2]
            if mode[:2] != "rw" or "[v" in line:
                continue
            low, high = (int(x, 16) for x in span.split("-"))
            mem.seek(low)
            try:
                found.append(mem.read(high - low))
            except OSError:
                pass
    return b"".join(found)


@story("a reader that waits too long is too hot, said at once, with the time",
       timeout=120)
def heat():
    with reader.fast_sensor():
        said = fails(reader.heat_up(), "hot")
        check(100000 < said.retry_ms <= 206000, "%d ms" % said.retry_ms)
        with Client() as c:
            equal((c.status().reason, c.status().temperature), ("hot", "hot"))
            began = time.monotonic()
            c.ask()
            fails(c.end(), "hot")
            check(time.monotonic() - began < 3, "it had to wait")
        with Client() as c:  # who asks for the state only, has no lease
            def captures():
                # libfprint looks at its own clock when it likes
                if c.status().reason != "fine":
                    return False
                c.ask(60000)
                kind, said = c.hear()
                check(kind == reader.NOTICE or said.reason == "hot", said)
                return kind == reader.NOTICE

            wait_for("it has cooled down", captures, 60)


@story("a machine that slept: told at once, and the reader is opened anew")
def slept():
    skip_sanitized("a sanitizer wants to be loaded first")
    place = "/tmp/asleep"
    with Sensor(env={"FP_VIRTUAL_IMAGE": VIRTUAL,
                     "LD_PRELOAD": HELPERS + "/asleep"}), Client() as c:
        c.ask(20000)
        c.until("touch")
        for seconds in 0, 3600:
            equal(select.select([c.sock], [], [], 0.1)[0], [], "still awake")
            write(place, " " * seconds)
            with Client() as other:  # what wakes it: nothing comes of itself
                other.status()
        fails(c.end(), "slept")
        equal(sample_of(c).reason, "sample")
    os.unlink(place)


@story("one connection on standard input is served without a socket")
def once():
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    p = subprocess.Popen([PROGRAM, "--once"], stdin=theirs,
                         env={**os.environ, "FP_VIRTUAL_IMAGE": VIRTUAL})
    theirs.close()
    with Client(ours) as c:
        equal(sample_of(c).reason, "sample")
    equal(p.wait(10), 0)
    check(not os.path.exists(SENSOR), "it made a socket")
    run(PROGRAM, "--once").fails(1)  # standard input is no socket


ASK = os.path.join(HELPERS, "askfinger")


def ask_as(user, how, wait_ms, count=1):
    return subprocess.Popen([ASK, how, str(wait_ms), str(count)], text=True,
                            stdout=subprocess.PIPE, preexec_fn=as_user(user))


@story("attendd's own half of the dialogue gets samples, and the reasons for none")
def client():
    if not os.path.exists(ASK):
        skip("askfinger is not built")
    with Sensor():
        p = ask_as("attend", "connect", 5000, 2)
        for finger in (LEFT, RIGHT):
            line = p.stdout.readline()
            while "Touch" not in line:
                line = p.stdout.readline()
            with Finger() as f:
                f.touch(*finger)
                equal(p.stdout.readline(), "notice \n")
                has(p.stdout.readline(), r"sample virtual_image 320 x 400, "
                    r"\d\d minutiae, quality \d\d\n")
        equal(p.wait(5), 0)
        p = ask_as("attend", "connect", 300)
        has(p.communicate()[0], r"no timeout: No finger was put on")
    has(ask_as("attend", "connect", 300).communicate()[0], r"error no such rec")


@story("without a socket one is started for a login that wants a finger")
def started():
    if not os.path.exists(ASK):
        skip("askfinger is not built")
    try:
        reader.settings()
        before = pids("attend-sensor")
        p = ask_as("root", "start", 1000)
        has(p.communicate()[0], r"no no-reader: No fingerprint reader is conn")
        equal(p.returncode, 0)
        wait_for("it is gone", lambda: pids("attend-sensor") == before)
        equal(ask_as("root", "start", 1000, 0).wait(10), 0)
        wait_for("nothing waits on", lambda: not pids("askfinger"))
    finally:
        reader.settings(test_readers="yes")


@story("a socket that systemd passes is served until nobody has come for long",
       timeout=60)
def activated():
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
        listener.bind(SENSOR)
        listener.listen(8)
        fd = listener.fileno()
        p = subprocess.Popen(
            ["faketime", "-f", "+0 x10", "/bin/sh", "-c",
             "exec 3<&%d; LISTEN_PID=$$ exec %s" % (fd, PROGRAM)],
            pass_fds=[fd], env={**os.environ, "LISTEN_FDS": "1",
                                "FAKETIME_CACHE_DURATION": "1000000",
                                "FP_VIRTUAL_IMAGE": VIRTUAL})
        with Client() as c:
            equal(c.status().reason, "fine")
        equal(p.wait(20), 0)
    os.unlink(SENSOR)


@story("told to stop, it ends the capture, closes the reader and leaves")
def stops():
    with Sensor() as s:
        c = Client()
        c.ask(60000)
        c.until("touch")
        s.process.send_signal(signal.SIGTERM)
        equal(c.hear(), None)
        equal(s.process.wait(5), 0)
        check(not is_open(), "the reader was left open")


@story("frames that are none end the connection, and nobody else's")
def nonsense():
    with Sensor(), Client() as good:
        good.ask(20000)
        good.until("touch")
        for bytes_ in (b"x", bytes(8), b"\1\1\0\0\4\0\0\0", b"\1\x11" + bytes(6),
                       os.urandom(2048), b"\1\2" + bytes(6) + b"\0" * 60000):
            with Client() as bad:
                bad.sock.send(bytes_)
                equal(bad.hear(), None, repr(bytes_[:8]))
        with Finger() as f:
            f.touch(*LEFT)
            equal(good.end().reason, "sample")


# ---- a vendor's capture program ----

PLUGIN = "/opt/vendor/capture"
PLUGIN_TEXT = '''#!/usr/bin/python3
import os, socket, struct, sys
sys.path.insert(0, %r)
import ridges
import usbreader
def say(kind, body):
    os.write(1, struct.pack("<BBHI", 1, kind, 0, len(body)) + body)
def hear():
    return os.read(0, 8)
width, height, grey, _ = ridges.finger(1)
def picture(w, h, bytes_):
    body = struct.pack("<HHH", w, h, 197) + bytes_
    out = struct.pack("<BBHI", 1, 18, 0, len(body)) + body
    while out:
        out = out[os.write(1, out):]
say(16, b"\\x0bvendor.live\\x04Live")
mode = open("/tmp/plugin-mode").read()
while True:
    frame = hear()
    if not frame:
        break
    if frame[1] == 2:
        say(19, b"\\x0b")
        continue
    say(17, b"\\1")
    if mode == "picture":
        picture(width, height, grey)
    elif mode == "calls home":
        socket.socket(socket.AF_UNIX)
        try:
            socket.socket(socket.AF_INET)
        except OSError:
            picture(width, height, grey)
    elif mode == "small":
        picture(100, 100, bytes(10000))
    elif mode == "dies":
        sys.exit(0)
    elif mode == "lies":
        say(18, b"\\0" * 6)
'''


class Plugin(Sensor):
    def __init__(self, mode):
        super().__init__(env={})
        write("/tmp/plugin-mode", mode)
        # where its user can read it, wherever the checkout is
        lab = os.path.dirname(ridges.__file__)
        for module in ("ridges.py", "usbreader.py"):
            run("install", "-m", "644", os.path.join(lab, module),
                HELPERS).ok()
        write(PLUGIN, PLUGIN_TEXT % HELPERS, 0o755)
        reader.settings(plugin=PLUGIN)

    def __enter__(self):
        super().__enter__()
        with Client() as c:
            wait_for("the plugin said hello",
                     lambda: c.status().driver == "vendor.live")
        return self

    def __exit__(self, *args):
        super().__exit__(*args)
        reader.settings(test_readers="yes")


@story("a vendor's program gives pictures, and minutiae are found in them")
def plugin():
    with Plugin("picture") as s, Client() as c:
        equal((c.status().name, c.status().test), ("Live", 0))
        for _ in range(2):
            c.ask()
            got = c.end()
            equal(got.reason, "sample", got)
            equal((got.driver, got.resolution), ("vendor.live", 197))
            check(got.near(LEFT[3]) >= 22, "near %d" % got.near(LEFT[3]))
        if not BUILD.endswith("/asan"):  # a sanitizer keeps what is freed
            equal(kept(s.process.pid, {
                **finger_patterns(got.points),
                **picture_patterns(LEFT[2], LEFT[0])}), [], "kept of it")
        left = [n for n in os.listdir("/tmp") if n.startswith("attend-sensor.")]
        equal(len(left), 1)
        equal(os.listdir("/tmp/" + left[0]), [], "a way to its extractor")
    check(not os.path.exists("/tmp/" + left[0]), "it left its folder")


@story("a vendor's program that waits is stopped; too small a picture refused")
def plugin_waits():
    with Plugin("waits"), Client() as c:
        c.ask(500)
        fails(c.end(), "timeout")
        c.ask(500)
        fails(c.end(), "timeout")
    with Plugin("small"), Client() as c:
        c.ask()
        fails(c.end(), "unsuitable")


@story("a vendor's program reaches nobody over a network")
def plugin_alone():
    with Plugin("calls home"), Client() as c:
        c.ask()
        equal(c.end().reason, "sample")


@story("a vendor's program that dies or lies is the end of the sensor's process")
def plugin_dies():
    for mode, why in (("dies", "has ended"), ("lies", "may not")):
        mark = journal.mark()
        with Plugin(mode) as s, Client() as c:
            c.ask()
            fails(c.end(), "fault")
            equal(s.process.wait(5), 1)
        journal.tells(mark, "capture plugin lost why=.*" + why)


@story("a vendor's program runs as attend-sensor and dies with it")
def plugin_process():
    with Plugin("waits") as s:
        child = [p for p in pids("capture") + pids("python3")
                 if "capture" in read("/proc/%d/cmdline" % p)]
        equal(len(child), 1)
        status = read("/proc/%d/status" % child[0])
        uid = run("id", "-u", "attend-sensor").out.strip()
        has(status, r"Uid:\s+%s\s+%s\s+%s" % (uid, uid, uid),
            r"NoNewPrivs:\s+1", r"CapEff:\s+0+\n", r"Seccomp:\s+2")
        has(read("/proc/%d/limits" % child[0]), r"core file size\s+0\s+0 ")
        s.process.kill()
        s.process.wait()
        wait_for("it is gone", lambda: not os.path.exists(
            "/proc/%d/cmdline" % child[0]) or
            read("/proc/%d/cmdline" % child[0]) == "")


if __name__ == "__main__":
    main(prepare=reader.prepare)
