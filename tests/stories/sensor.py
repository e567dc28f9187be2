#!/usr/bin/env -S python3 -B
"""Fingerprint readers: attend-sensor with the unmodified libfprint of the
distribution, its virtual image reader, and fingers that nobody has."""
import os, sys, time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
import reader
from reader import Client, Finger, Sensor
import ridges
from story import check, equal, has, journal, lacks, main, run, story

LEFT = ridges.finger(1)


@story("a finger on the reader becomes minutiae, where the ridges end")
def capture():
    with Sensor(), Client() as c:
        c.ask()
        c.until("touch")
        with Finger() as f:
            f.touch(*LEFT)
            got = c.end()
        equal(got.reason, "sample", got)
        print("# %d minutiae, quality %d, near %d of %d" % (
            len(got.points), got.quality, got.near(LEFT[3]), len(LEFT[3])))


if __name__ == "__main__":
    main(prepare=reader.prepare)
