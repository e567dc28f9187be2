"""attend-sensor in a kiosk: the program, whoever asks it, and a reader made of
libfprint's virtual image driver. The frames are written down here a second
time, from sensor.h alone."""
import os, pwd, signal, socket, struct, subprocess, time

from story import check, journal, read, run, wait_for, write

SENSOR = "/run/attend/sensor"
SETTINGS = "/etc/attend/sensor.conf"
VIRTUAL = "/tmp/virtual/reader"
PROGRAM = "/usr/sbin/attend-sensor"

CAPTURE, CANCEL, ASK_STATUS = 1, 2, 3
NOTICE, SAMPLE, FAILED, STATUS = 16, 17, 18, 19
NOTICES = ["", "touch", "finger", "lift", "again", "centre", "longer", "press"]
REASONS = ["fine", "timeout", "no-reader", "unsuitable", "test-reader", "busy",
           "held", "no-access", "hot", "gone", "slept", "cancelled",
           "taken-away", "fault"]


def prepare():
    """The user that the package makes, and where the virtual reader is."""
    if run("id", "attend-sensor").status != 0:
        run("useradd", "--system", "--no-create-home", "--home-dir", "/",
            "--shell", "/usr/sbin/nologin", "attend-sensor").ok()
    os.makedirs(os.path.dirname(VIRTUAL), exist_ok=True)
    pw = pwd.getpwnam("attend-sensor")
    os.chown(os.path.dirname(VIRTUAL), pw.pw_uid, pw.pw_gid)
    settings(test_readers="yes")


def settings(**rows):
    write(SETTINGS, "".join("%s = %s\n" % (k.replace("_", "-"), v)
                            for k, v in rows.items()))


class Sensor:
    """attend-sensor --listen, until stopped."""

    def __init__(self, env=None, prefix=()):
        self.env = {"FP_VIRTUAL_IMAGE": VIRTUAL} if env is None else env
        self.prefix, self.process = list(prefix), None

    def __enter__(self):
        self.process = subprocess.Popen(
            self.prefix + [PROGRAM, "--listen"], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, **self.env}, start_new_session=True)
        wait_for("attend-sensor listens", self.answers)
        return self

    def answers(self):
        check(self.process.poll() is None, "attend-sensor ended with %s: %s" % (
            self.process.returncode, journal.tail(3)))
        try:
            Client().close()
        except OSError:
            return False
        return True

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(10)
        if os.path.exists(SENSOR):
            os.unlink(SENSOR)


def fast_sensor(speed=20):
    """One whose clock runs faster: it is hot in seconds, and cold again."""
    return Sensor(env={"FP_VIRTUAL_IMAGE": VIRTUAL, "FAKETIME_DONT_RESET": "1",
                       "FAKETIME_CACHE_DURATION": "1000000"},
                  prefix=("faketime", "-f", "+0 x%d" % speed))


def heat_up():
    """Ask until the reader is too hot; how that was said."""
    said, began = None, time.monotonic()
    while said is None or said.reason == "timeout":
        check(time.monotonic() - began < 40, "it does not get hot")
        with Client() as c:  # a lease does not last as long
            c.ask(60000)
            said = c.end(20)
    return said


class Client:
    """Somebody who asks; sees frames as they come."""

    def __init__(self, sock=None, path=SENSOR):
        self.sock = sock or socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        if sock is None:
            self.sock.connect(path)
        self.sock.settimeout(10)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.sock.close()

    def send(self, kind, body=b""):
        self.sock.send(struct.pack("<BBHI", 1, kind, 0, len(body)) + body)

    def hear(self, timeout=10):
        """(type, what it says); None at the end."""
        self.sock.settimeout(timeout)
        frame = self.sock.recv(65536)
        if not frame:
            return None
        version, kind, zero, length = struct.unpack("<BBHI", frame[:8])
        body = frame[8:]
        check((version, zero, length) == (1, 0, len(body)), repr(frame[:8]))
        return kind, {NOTICE: self.notice, SAMPLE: Sample, FAILED: Failed,
                      STATUS: Status}[kind](body)

    @staticmethod
    def notice(body):
        return NOTICES[body[0]]

    def status(self):
        self.send(ASK_STATUS)
        kind, status = self.hear()
        check(kind == STATUS, "type %d" % kind)
        return status

    def ask(self, wait_ms=5000):
        self.send(CAPTURE, struct.pack("<I", wait_ms))

    def until(self, notice, timeout=10):
        """Hear notices up to this one."""
        while True:
            kind, what = self.hear(timeout)
            check(kind == NOTICE, "not a notice: %r" % (what,))
            if what == notice:
                return

    def end(self, timeout=10):
        """What the capture comes to; notices before it in self.said."""
        self.said = []
        while True:
            kind, what = self.hear(timeout)
            if kind != NOTICE:
                return what
            self.said.append(what)


def take_str8(body):
    return body[1:1 + body[0]].decode(), body[1 + body[0]:]


class Failed:
    def __init__(self, body):
        self.reason = REASONS[body[0]]
        self.retry_ms, = struct.unpack("<I", body[1:5])
        self.detail, rest = take_str8(body[5:])
        check(rest == b"", "more than a failure: %r" % rest)

    def __repr__(self):
        return "failed: %s (%s)" % (self.reason, self.detail)


class Status:
    def __init__(self, body):
        reason, in_use, test, heat, self.retry_ms = struct.unpack(
            "<BBBBI", body[:8])
        self.reason, self.in_use, self.test = REASONS[reason], in_use, test
        self.temperature = ["cold", "warm", "hot"][heat]
        self.driver, rest = take_str8(body[8:])
        self.name, rest = take_str8(rest)
        check(rest == b"", "more than a status: %r" % rest)


class Sample:
    """A template of one sample, as bio/template.h has it."""
    reason = "sample"

    def __init__(self, body):
        check(body[:2] == b"\x01\x00", "version and finger: %r" % body[:2])
        self.driver, rest = take_str8(body[2:])
        samples, self.width, self.height, self.resolution, self.quality, n = \
            struct.unpack("<BHHHBB", rest[:9])
        check(samples == 1, "%d samples" % samples)
        self.points = [struct.unpack("<HHBBB", rest[i:i + 7])
                       for i in range(9, len(rest), 7)]
        check(len(self.points) == n, "%d of %d" % (len(self.points), n))

    def near(self, points, pixels=12):
        """How many of these (y downwards) have a minutia beside them."""
        return sum(any(abs(x - u) <= pixels and
                       abs(self.height - y - v) <= pixels
                       for u, v, *_ in self.points) for x, y, *_ in points)


class Finger:
    """The other end of libfprint's virtual image reader, once it is open."""

    def __init__(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        wait_for("the virtual reader is open", self.connects)

    def connects(self):
        try:
            self.sock.connect(VIRTUAL)
        except OSError:
            return False
        return True

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()

    def command(self, what, value=0):
        self.sock.sendall(struct.pack("=ii", what, value))

    def touch(self, width, height, grey, *_):
        self.sock.sendall(struct.pack("=ii", width, height) + grey)

    def retry(self, code):
        self.command(-1, code)

    def fail(self, code):
        self.command(-2, code)

    def hold(self, on):
        """Report the finger by hand: down, or lifted."""
        self.command(-3, 0)
        self.command(-4, 1 if on else 0)

    def unplug(self):
        self.command(-5)
