#!/usr/bin/env -S python3 -B
"""Fingers through the unmodified libfprint: images in, minutiae out, matched
by our own matcher. No reader and no person's finger is needed."""
import os, subprocess, sys, tempfile
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
from story import *

FINGERS, IMPRESSIONS, ENROLLED = (1, 2, 3), (1, 2, 3, 4), (1, 2, 3)
LAB = os.path.join(SRC, "tests/lab")
work = tempfile.mkdtemp()


def path(finger, impression, kind):
    return "%s/%d-%d.%s" % (work, finger, impression, kind)


def prepare():
    """Every impression as libfprint serialises it."""
    pairs = []
    for f in FINGERS:
        for i in IMPRESSIONS:
            with open(path(f, i, "image"), "wb") as image:
                subprocess.run([os.path.join(HELPERS, "finger"), str(f),
                                str(i), "usual"], stdout=image, check=True)
            pairs.append("%s=%s" % (path(f, i, "image"), path(f, i, "fp3")))
    done = subprocess.run(["/usr/bin/python3", "-B", LAB + "/capture.py"] + pairs,
                          capture_output=True, text=True, timeout=120)
    if done.returncode == 77:
        print("1..0 # SKIP libfprint's Python binding: " + done.stdout.strip())
        sys.stdout.flush()
        os._exit(0)
    check(done.returncode == 0, "capture: " + done.stdout + done.stderr)


def match(probe, finger):
    return run(os.path.join(HELPERS, "match"), path(probe, 4, "fp3"),
               *[path(finger, i, "fp3") for i in ENROLLED])


def score(done):
    return int(re.search(r"score=(\d+)", done.out)[1])


@story("libfprint's minutiae of an image come out of its serialised print")
def read():
    for f in FINGERS:
        done = match(f, f)
        print("# finger %d: %s" % (f, done.out.strip()))
        n = int(re.search(r"minutiae=(\d+)", done.out)[1])
        check(25 <= n <= 120, "%d minutiae" % n)


@story("a finger of three enrolled samples is accepted, every other is refused")
def matched():
    for f in FINGERS:
        match(f, f).ok()
        for other in FINGERS:
            if other != f:
                match(f, other).fails(1)
                check(2 * score(match(f, other)) < score(match(f, f)),
                      "finger %d is like %d" % (f, other))


@story("a print that was cut is refused, the whole one is not")
def cut():
    with open(path(1, 4, "fp3"), "rb") as f:
        whole = f.read()
    for size in (0, 3, len(whole) // 2, len(whole) - 1):
        with open(path(9, 4, "fp3"), "wb") as f:
            f.write(whole[:size])
        run(os.path.join(HELPERS, "match"), path(9, 4, "fp3"),
            path(1, 1, "fp3")).fails(2, "not in the documented form")
    with open(path(9, 4, "fp3"), "wb") as f:
        f.write(whole)
    run(os.path.join(HELPERS, "match"), path(9, 4, "fp3"),
        path(1, 1, "fp3")).ok()


main(prepare=prepare)
