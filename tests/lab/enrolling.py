"""Somebody who puts synthetic fingers on libfprint's virtual reader while
attendctl tells him to."""
import os, re, signal, subprocess, threading, time

from hand import TOUCH, impression
from reader import Finger
from story import Done, as_user, check


class Capturing:
    """attendctl at work, its lines as they come."""

    def __init__(self, *words, user=None, env=None):
        self.argv, self.said, self.out = ("attendctl",) + words, [], []
        self.p = subprocess.Popen(
            self.argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, cwd="/",
            env={**os.environ, **(env or {})},
            preexec_fn=lambda: self._become(user), start_new_session=True)
        self.threads = [threading.Thread(target=self._read, args=a, daemon=True)
                        for a in ((self.p.stderr, self.said),
                                  (self.p.stdout, self.out))]
        for t in self.threads:
            t.start()
        self.seen = 0

    @staticmethod
    def _become(user):
        # ignored where the tests run in the background
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        if user:
            as_user(user)()

    @staticmethod
    def _read(pipe, lines):
        for line in pipe:
            lines.append(line.rstrip("\n"))

    def until(self, pattern, seconds=20):
        """Pass lines up to the next that matches; False: it ended without."""
        end = time.monotonic() + seconds
        while True:
            ended = self.p.poll() is not None
            if ended:
                for t in self.threads:
                    t.join(5)
            while self.seen < len(self.said):
                self.seen += 1
                if re.search(pattern, self.said[self.seen - 1]):
                    return True
            if ended:
                return False
            check(time.monotonic() < end, "no %r in %r" % (pattern, self.said))
            time.sleep(0.01)

    def touch(self, finger, n, how="usual"):
        """Once it is asked for, until something is said about it."""
        if not self.until(TOUCH):
            return False
        with Finger() as f:
            f.touch(*impression(finger, n, how))
            return self.until(r"of 5\.|another finger|attendctl:")

    def interrupt(self):
        self.p.send_signal(signal.SIGINT)

    def end(self, seconds=20):
        status = self.p.wait(seconds)
        for t in self.threads:
            t.join(5)
        return Done(self.argv, status, "\n".join(self.out + [""]),
                    "\n".join(self.said + [""]))


def enrol_finger(number, name, finger, first=1, wrong=None):
    """`finger enrol` with impressions of one synthetic finger; wrong: which
    touches are of which others."""
    c = Capturing("finger", "enrol", number, "--finger", name)
    for i in range(10):
        other = (wrong or {}).get(i)
        if not c.touch(other or finger, 1 if other else first):
            break
        first += 0 if other else 1
        if re.search(r"5 of 5\.|attendctl:", "\n".join(c.said)):
            break
    return c.end()
