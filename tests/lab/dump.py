"""What a core dump of a process would hold: its memory as it is, read by root,
whom it does not help that the process made itself undumpable."""
import os, re, signal, struct, time

RUN = 3  # minutiae in a row that nobody else has


class Stopped:
    """A process that does not move while it is looked at."""

    def __init__(self, pid):
        self.pid = pid

    def __enter__(self):
        os.kill(self.pid, signal.SIGSTOP)
        return self.pid

    def __exit__(self, *_):
        os.kill(self.pid, signal.SIGCONT)


def memory(pid):
    """Each readable mapping in turn."""
    with open("/proc/%d/maps" % pid) as f:
        maps = f.read()
    with open("/proc/%d/mem" % pid, "rb", buffering=0) as mem:
        for line in maps.splitlines():
            where, mode, *_ = line.split()
            start, end = (int(x, 16) for x in where.split("-"))
            if mode[0] != "r" or "[v" in line:
                continue
            try:
                yield os.pread(mem.fileno(), end - start, start)
            except OSError:
                pass  # a guard page, or past the end of a file


def holds(pid, patterns):
    """Which of the patterns, {name: bytes to search by}, are in there."""
    found, bytes_ = set(), 0
    for part in memory(pid):
        bytes_ += len(part)
        found |= {name for name, pattern in patterns.items()
                  if re.search(pattern, part, re.S)}
    assert bytes_ > 1 << 20, "that is no process: %d bytes" % bytes_
    return sorted(found)


def kept(pid, patterns, seconds=2):
    """What is in there still, a moment after its last answer: a process may be
    put aside between the answer and what it does next, which is to wipe."""
    end = time.monotonic() + seconds
    found = holds(pid, patterns)
    while found and time.monotonic() < end:
        time.sleep(0.02)
        found = holds(pid, patterns)
    return found


def pin_patterns(pin):
    return {"PIN": re.escape(pin.encode())}


def finger_patterns(points, name="finger"):
    """Minutiae, as (x, y, angle, kind, quality), in every form that our code
    and libfprint's have them in: a few runs of each."""
    patterns = {}
    last = len(points) - 2 * RUN
    for at in sorted({0, last // 3, 2 * last // 3, last}):
        run = points[at:at + RUN]
        packed = [re.escape(struct.pack("<HHBBB", *p)) for p in run]
        longer = points[at:at + 2 * RUN]
        forms = {
            "encoded": b"".join(packed),
            "struct": b".".join(packed),  # a byte of padding between
            # an array of coordinates, however wide
            "x16": re.escape(b"".join(struct.pack("<H", p[0]) for p in longer)),
            "x32": re.escape(b"".join(struct.pack("<I", p[0]) for p in longer)),
            "y32": re.escape(b"".join(struct.pack("<I", p[1]) for p in longer)),
        }
        for form, pattern in forms.items():
            patterns["%s %s %d" % (name, form, at)] = pattern
    return patterns


def print_patterns(points, name="print"):
    """The same minutiae as bio/print.h keeps them to be searched: the best
    first, and of equals those in the middle, the coordinates in rows."""
    middle = [sum(p[i] for p in points) // len(points) for i in (0, 1)]
    best = sorted(points, key=lambda p: (-p[4], abs(p[0] - middle[0]) +
                                         abs(p[1] - middle[1])))
    return {"%s %s %d" % (name, "xy"[i], at): re.escape(
        b"".join(struct.pack("<h", p[i]) for p in best[at:at + 2 * RUN]))
        for at in range(0, len(best[:32]) - 2 * RUN, RUN) for i in (0, 1)}


def picture_patterns(picture, width, name="picture"):
    """Stretches of the picture's rows, from its middle."""
    rows = len(picture) // width
    return {"%s row %d" % (name, row): re.escape(
        picture[row * width + width // 2 - 20:row * width + width // 2 + 20])
        for row in (rows // 3, rows // 2, 2 * rows // 3)}
