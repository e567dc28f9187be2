"""A hand at the reader of a kiosk: synthetic fingers, pressed on libfprint's
virtual reader when somebody is asked to touch it."""
import functools, os, struct, subprocess, threading

from reader import Finger
from story import HELPERS, ctl
from terminal import Terminal

TOUCH = r"Touch the fingerprint reader\.|请将手指放在指纹读取器上。"
CONSOLE = "/dev/tty7"
OFFER = r"PIN, or press Enter and touch the reader: $|指纹读取器上：$"


@functools.lru_cache(maxsize=None)
def impression(finger, number, how="usual"):
    """(width, height, grey) of a finger that nobody has."""
    data = subprocess.run([os.path.join(HELPERS, "finger"), str(finger),
                           str(number), how], stdout=subprocess.PIPE,
                          check=True).stdout
    width, height = struct.unpack("=ii", data[:8])
    return width, height, data[8:]


def grow(fingers, impressions):
    """Impressions ahead of time, two at once: each takes a second."""
    wanted = [(f, n) for f in fingers for n in impressions]
    threads = [threading.Thread(target=lambda part: [impression(*i)
                                                     for i in part],
                                args=(wanted[k::2],)) for k in (0, 1)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()


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
