"""A hand at the reader of a kiosk: synthetic fingers, pressed on libfprint's
virtual reader when somebody is asked to touch it."""
import os, struct

from reader import Finger
from story import HELPERS, ctl, run
from terminal import Terminal

TOUCH = r"Touch the fingerprint reader\.|请将手指放在指纹读取器上。"
CONSOLE = "/dev/tty7"
OFFER = r"PIN, or press Enter and touch the reader: $|指纹读取器上：$"
taken = {}


def impression(finger, number, how="usual"):
    """(width, height, grey) of a finger that nobody has."""
    key = finger, number, how
    if key not in taken:
        path = "/tmp/impression"
        run("sh", "-c", '"$0" "$@" > ' + path, os.path.join(HELPERS, "finger"),
            str(finger), str(number), how).ok()
        with open(path, "rb") as f:
            data = f.read()
        width, height = struct.unpack("=ii", data[:8])
        taken[key] = width, height, data[8:]
    return taken[key]


def touch(t, finger, number=9, how="usual"):
    """Wait until t asks for it."""
    t.expect(TOUCH)
    with Finger() as f:
        f.touch(*impression(finger, number, how))


def enrol_finger(number, finger, name="right-index", samples=5, how="easy",
                 by=None):
    """As the office does it; the terminal at its end. by: another machine."""
    words = ["attendctl", "finger", "enrol", number, "--finger", name]
    t = Terminal(list(by.in_it(*words)) if by else words, timeout=30)
    for i in range(samples):
        touch(t, finger, i + 1, how)
    t.end()
    return t


def may_use_finger(number, **more):
    ctl("consent", "record", number, "--purpose", "biometric.finger").ok()
