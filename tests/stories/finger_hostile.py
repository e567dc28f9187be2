#!/usr/bin/env -S python3 -B
"""A finger in bad hands, and a reader's program that does not answer."""
import os, socket, struct, sys, threading
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
import reader
from hand import CONSOLE, OFFER, TOUCH, enrol_finger, may_use_finger, touch
from reader import Sensor, VIRTUAL
from story import *

MEI, JUN, STRANGER = 1, 2, 3  # fingers
NEW_PIN = "839205"
broker, sensor = Broker(), Sensor()


def start_anew(pid):
    """It ends by itself when it finds how much time has passed; who runs it
    starts it again."""
    send_signal(pid, signal.SIGCONT)
    sensor.__exit__()
    sensor.__enter__()


class Liar:
    """In place of attend-sensor: says all is well and gives one sample, of six
    minutiae that are a pixel apart."""

    def __enter__(self):
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.listener.bind(reader.SENSOR)
        os.chmod(reader.SENSOR, 0o666)
        self.listener.listen()
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.close()
        os.unlink(reader.SENSOR)

    def serve(self):
        try:
            while True:
                self.answer(self.listener.accept()[0])
        except OSError:
            pass

    def answer(self, sock):
        name = b"\x05liars"
        points = b"".join(struct.pack("<HHBBB", 100, 100 + i // 2, i % 2, 1, 50)
                          for i in range(6))
        body = {reader.ASK_STATUS: (reader.STATUS, bytes(8) + name + name),
                reader.CAPTURE: (reader.SAMPLE, b"\x01\x00" + name + struct.pack(
                    "<BHHHBB", 1, 300, 400, 197, 50, 6) + points)}
        while frame := sock.recv(4096):
            self.reply(sock, *body[frame[1]])

    @staticmethod
    def reply(sock, kind, said):
        sock.send(struct.pack("<BBHI", 1, kind, 0, len(said)) + said)


class Chatterer(Liar):
    """Says all is well, and without end what is to be done."""
    said = 0

    def answer(self, sock):
        while frame := sock.recv(4096):
            if frame[1] == reader.ASK_STATUS:
                self.reply(sock, reader.STATUS, bytes(8) + b"\x05liars" * 2)
            try:
                while frame[1] == reader.CAPTURE:
                    self.reply(sock, reader.NOTICE, bytes([1 + self.said % 7]))
                    self.said += 1
            except OSError:  # nobody listens any more
                break


def prepare():
    reader.prepare()
    configure(factors="finger, pin")
    broker.start()
    sensor.__enter__()
    enrol("1001", name="Lin Mei")
    may_use_finger("1001")
    t = enrol_finger("1001", MEI)
    equal(t.status, 0, t.text)


def finish():
    sensor.__exit__()


def at_console(user="e1001"):
    t = Terminal(["login"], console=CONSOLE)
    t.answer(r"login: ", user)
    return t


def is_in(t, user="e1001"):
    equal(shell_says(shell_of(t), "id -un").strip(), user)
    t.send("exit\n")
    t.end()


@story("who knows the PIN only has as many fingers to try as anybody")
def guessing():
    configure(factors="finger, pin", **{"factors.login": "finger+pin, badge"})
    try:
        for n in (3, 2):
            t = at_console()
            t.answer(OFFER, PIN, hidden=True)
            for i in range(n):
                touch(t, STRANGER)
                t.expect(r"Finger not recognised\.")
            if n == 2:
                t.expect(r"Try again in (2\d|30) seconds")
            t.hang_up()
        t = at_console()
        t.expect(r"PIN: $")
        lacks(t.text, r"touch the reader")
        t.hang_up()
    finally:
        configure(factors="finger, pin")
    t = at_console()  # the PIN is enough here, and forgives
    t.answer(r"PIN: $", PIN, hidden=True)
    is_in(t)


@story("who came in with a finger changes no PIN without showing the old one")
def must_change():
    enrol("1002", name="Wang Jun", must_change=True)
    may_use_finger("1002")
    equal(enrol_finger("1002", JUN).status, 0)
    t = at_console("e1002")
    t.answer(OFFER, "", hidden=True)
    touch(t, JUN)
    t.expect(r"PIN: $")
    lacks(t.text, r"New PIN")
    t.hang_up()
    t = at_console("e1002")  # a PIN just shown is not asked for again
    t.answer(OFFER, PIN, hidden=True)
    for i in range(2):
        t.answer(r"New PIN.*: $", NEW_PIN, hidden=True)
    is_in(t, "e1002")


@story("a sample with too little in it is a finger that is not recognised")
def too_little():
    sensor.__exit__()
    with Liar():
        t = at_console()
        t.answer(OFFER, "", hidden=True)
        t.expect(r"Finger not recognised\.")
        t.answer(OFFER, PIN, hidden=True)
        is_in(t)
    has(ctl("audit", "list").ok().out, r"attempt-end.*\bfailure\b")
    sensor.__enter__()


@story("a reader's program that talks without end leaves everybody the PIN")
def talks():
    sensor.__exit__()
    mark = journal.mark()
    with Chatterer() as c:
        t = at_console()
        t.answer(OFFER, "", hidden=True)
        t.expect(TOUCH)
        t.answer(r"\nPIN: $", PIN, hidden=True)
        is_in(t)
        check(c.said > 128, "it said %d things only" % c.said)
    has(journal.since(mark), r"reader failed why=")
    sensor.__enter__()


@story("a consent withdrawn at the prompt keeps the reader closed")
def withdrawn():
    t = at_console()
    t.expect(OFFER)
    ctl("consent", "withdraw", "1001", "--purpose", "biometric.finger").ok()
    t.send("\n")
    t.expect(r"\nPIN: $|Touch the")
    lacks(t.text, TOUCH)
    check(VIRTUAL not in read("/proc/net/unix"), "the reader is open")
    t.hang_up()


@story("a reader's program that hangs leaves everybody the PIN")
def hung():
    may_use_finger("1001")
    if "right-index" not in ctl("finger", "list", "1001").out:
        equal(enrol_finger("1001", MEI).status, 0)
    pid = sensor.process.pid
    send_signal(pid, signal.SIGSTOP)
    try:
        t = at_console()
        t.expect(r"PIN: $")
        t.send(PIN + "\n")
        is_in(t)
    finally:
        start_anew(pid)


@story("one that hangs when a finger was promised leaves the PIN in seconds")
def hung_later():
    pid = sensor.process.pid
    t = at_console()
    t.expect(OFFER)
    try:
        send_signal(pid, signal.SIGSTOP)
        began = time.monotonic()
        t.send("\n")
        t.answer(r"\nPIN: $", PIN, hidden=True)
        took = time.monotonic() - began
        is_in(t)
        check(took < 20, "as long as for a finger: %.1f s" % took)
    finally:
        start_anew(pid)


@story("who guesses PINs from afar takes nobody's finger away")
def guessing_from_afar():
    configure(factors="finger, pin", kiosk_max_failures=10,
              kiosk_lock_seconds=30)
    for i in range(10):
        pam("e%d" % (8000 + i), "authenticate", answers=[WRONG_PIN])
    t = Terminal(["login"])
    t.answer(r"login: ", "e1001")
    t.expect(r"Try again in")
    t.hang_up()
    t = at_console()
    t.expect(r"Try again in")
    touch(t, MEI)
    is_in(t)
    configure(factors="finger, pin")


if __name__ == "__main__":
    main(prepare=prepare, finish=finish)
