#!/usr/bin/env -S python3 -B
"""unscd in front: the small replacement of nscd, with the same socket."""
import os, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
from story import *


class Unscd:
    def __enter__(self):
        os.makedirs("/run/nscd", exist_ok=True)
        self.process = subprocess.Popen(["/usr/sbin/nscd", "-d"],
                                        stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        wait_for("unscd listens", lambda: os.path.exists("/run/nscd/socket"))
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)
        if os.path.exists("/run/nscd/socket"):
            os.unlink("/run/nscd/socket")


def getent(*words):
    return run("getent", *words).out


@story("unscd answers for staff, and forgets how somebody was at once")
def forgets():
    enrol("1001", pin=None, consent=False)
    with Unscd():
        has(getent("passwd", "e1001"), r":/home/e1001:")
        equal(getent("passwd", "e2001"), "")
        configure(home="/srv/%l")
        ctl("publish").ok()
        has(getent("passwd", "e1001"), r":/srv/e1001:")
        enrol("2001", pin=None, consent=False)
        has(getent("passwd", "e2001"), r"^e2001:")


@story("without that message unscd would go on as before")
def untold():
    with Unscd():
        has(getent("passwd", "e1001"), r":/srv/e1001:")
        os.rename("/run/nscd/socket", "/run/nscd/aside")
        configure(home="/home/%l")
        ctl("publish").ok()
        os.rename("/run/nscd/aside", "/run/nscd/socket")
        has(getent("passwd", "e1001"), r":/srv/e1001:")


main("unscd")
