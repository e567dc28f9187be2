#!/usr/bin/env -S python3 -B
"""The commands that keep the promises, on a kiosk with 100,000 people and
1,000,000 audit records: what each takes as it is called, and how long a login
takes meanwhile."""
import os, shutil, sys, threading
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
from story import *

PEOPLE = int(os.environ.get("ATT_PEOPLE", "100000"))
RECORDS = int(os.environ.get("ATT_RECORDS", "1000000"))
STATE = "/var/lib/attend"


def fill():
    """A large site in place of the one that init made."""
    shutil.rmtree(STATE)
    os.makedirs(STATE, 0o700)
    run(os.path.join(BUILD, "tests/bench/bench_keep"), "--fill",
        STATE + "/site.key", STORE, str(PEOPLE), str(RECORDS),
        timeout=500).ok()
    run("chown", "-R", "attend:attend", STATE).ok()
    configure(uid_min=100000, uid_max=900000, kiosk_max_failures=10000)
    ctl("init", timeout=120).ok()
    enrol("1001")


class Logins:
    """One login after the other, while something else is measured."""

    def __enter__(self):
        self.going, self.took, self.failed = True, [], 0
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        return self

    def _run(self):
        while self.going:
            began = time.monotonic()
            r = run("pamtester", "kiosk", "e1001", "authenticate", "acct_mgmt",
                    input=PIN + "\n")
            self.took.append(time.monotonic() - began)
            self.failed += r.status != 0

    def __exit__(self, *_):
        self.going = False
        self.thread.join()


def alone(what, *words, user=None):
    took = []
    for _ in range(3):
        began = time.monotonic()
        ctl(*words, user=user, timeout=300).ok()
        took.append(time.monotonic() - began)
    print("%-32s %9.0f ms   alone" % (what, sorted(took)[1] * 1e3), flush=True)


def measure(what, *words):
    with Logins() as logins:
        began = time.monotonic()
        ctl(*words, timeout=300).ok()
        took = time.monotonic() - began
    worst = max(logins.took) * 1e3 if logins.took else 0
    print("%-32s %9.0f ms   slowest login meanwhile %6.0f ms, refused %d of %d"
          % (what, took * 1e3, worst, logins.failed, len(logins.took)),
          flush=True)


def main():
    if os.geteuid() != 0:
        sys.exit("bench: a throwaway kiosk needs root")
    enter(size="6g")
    fill()
    with Broker():
        alone("audit verify", "audit", "verify")
        alone("me show", "me", "show", user="e100001")
        alone("publish", "publish")
        measure("nothing (status)", "status")
        measure("audit verify", "audit", "verify")
        measure("employee show", "employee", "show", "100001")
        measure("employee erase", "employee", "erase", "100500", "--reason",
                "account-closed", "--yes")
        measure("backup", "backup", "/root/b")
        measure("restore", "restore", "/root/b", "--yes")
        measure("key rotate", "key", "rotate")
        measure("purge", "purge")
    os._exit(0)


main()
