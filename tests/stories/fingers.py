#!/usr/bin/env -S python3 -B
"""Enrolled fingers: attendctl finger at a real attendd, attend-sensor and
libfprint, with fingers that nobody has."""
import os, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
import reader
from enrolling import Capturing, enrol_finger
from reader import Finger, Sensor, VIRTUAL
from story import *

broker, sensor = Broker(), Sensor()


def prepare():
    reader.prepare()
    for number in ("1001", "1002", "1003"):
        enrol(number)
        ctl("consent", "record", number, "--purpose", "biometric.finger").ok()
    enrol("1004", name="Wang Jun")
    broker.start()
    sensor.__enter__()


@story("a finger is enrolled at the reader: five touches that are alike")
def enrolled():
    done = enrol_finger("1001", "right-index", 1).ok()
    has(done.err, r"The right index finger, 5 times", r"1 of 5\.", r"5 of 5\.")
    has(done.out, r"1001: right index finger enrolled, 5 samples of virtual_im")


if __name__ == "__main__":
    main(prepare=prepare)
