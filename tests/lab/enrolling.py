"""Somebody who puts synthetic fingers on libfprint's virtual reader while
attendctl tells him to."""
import functools, os, re, subprocess, threading, time

from reader import Finger
from story import HELPERS, Done, as_user, check

TOUCH = "Touch the fingerprint reader."


@functools.lru_cache(maxsize=None)
def impression(finger, n, how="usual"):
    """As libfprint's virtual reader takes it on its socket."""
    return subprocess.run([os.path.join(HELPERS, "finger"), str(finger),
                           str(n), how], stdout=subprocess.PIPE,
                          check=True).stdout


class Capturing:
    """attendctl at work, its lines as they come."""

    def __init__(self, *words, user=None, env=None):
        self.argv, self.said, self.out = ("attendctl",) + words, [], []
        self.p = subprocess.Popen(
            self.argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, cwd="/",
            env={**os.environ, **(env or {})},
            preexec_fn=as_user(user) if user else None,
            start_new_session=True)
        self.threads = [threading.Thread(target=self._read, args=a, daemon=True)
                        for a in ((self.p.stderr, self.said),
                                  (self.p.stdout, self.out))]
        for t in self.threads:
            t.start()
        self.seen = 0

    @staticmethod
    def _read(pipe, lines):
        for line in pipe:
            lines.append(line.rstrip("\n"))

    def until(self, pattern, seconds=20):
        """The next line that matches; False if it ended without."""
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
        """Once it is asked for."""
        if not self.until(re.escape(TOUCH)):
            return False
        with Finger() as f:
            f.sock.sendall(impression(finger, n, how))
            return self.until(r"of 5\.|another finger|attendctl:|^$|Score")

    def end(self, seconds=20):
        status = self.p.wait(seconds)
        for t in self.threads:
            t.join(5)
        return Done(self.argv, status, "\n".join(self.out + [""]),
                    "\n".join(self.said + [""]))


def enrol_finger(number, name, finger, first=1, wrong=()):
    """`finger enrol` with impressions of one synthetic finger; wrong: numbers
    of touches that are of other fingers."""
    c = Capturing("finger", "enrol", number, "--finger", name)
    for i in range(10):
        if not c.touch(finger + 500 * (i in wrong), first + i):
            break
        if re.search(r"5 of 5\.|attendctl:", "\n".join(c.said)):
            break
    return c.end()
