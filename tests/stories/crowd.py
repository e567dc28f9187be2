#!/usr/bin/env -S python3 -B
"""A shift begins: two hundred people at once."""
import os, sys
from concurrent.futures import ThreadPoolExecutor
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
from story import *

PEOPLE = 200
# who they are, by number modulo ten: eight are fine
WRONG, WITHDRAWN = 3, 7
broker = Broker()


def add(n):
    enrol(str(2000 + n), consent=True)
    if n % 10 == WITHDRAWN:
        ctl("consent", "withdraw", str(2000 + n)).ok()


def prepare():
    configure(kiosk_max_failures=1000)
    broker.start()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(PEOPLE)))


def memory_kib():
    """Of attendd and all its workers, shared pages counted once."""
    total = 0
    for pid in pids("attendd"):
        try:
            m = re.search(r"^Pss:\s+(\d+)", read("/proc/%d/smaps_rollup" % pid),
                          re.M)
            total += int(m[1]) if m else 0
        except OSError:
            pass
    return total


@story("two hundred at once all get the right answer, and attendd stays small",
       timeout=180)
def all_at_once():
    people = []
    began = time.monotonic()
    for n in range(PEOPLE):
        people.append(subprocess.Popen(
            ["pamtester", "kiosk", "e%d" % (2000 + n), "authenticate",
             "acct_mgmt"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True))
    for n, p in enumerate(people):
        p.stdin.write((WRONG_PIN if n % 10 == WRONG else PIN) + "\n")
        p.stdin.flush()
    peak = 0
    while any(p.poll() is None for p in people):
        peak = max(peak, memory_kib())
        time.sleep(0.1)
    took = time.monotonic() - began
    for n, p in enumerate(people):
        text = p.stdout.read()
        if n % 10 == WRONG:
            has(text, r"Wrong number or PIN")
        elif n % 10 == WITHDRAWN:
            has(text, r"withdrawn your consent")
        else:
            equal(p.returncode, 0, "e%d: %s" % (2000 + n, text))
    print("# %d logins in %.1f s, attendd at most %.1f MiB" % (
        PEOPLE, took, peak / 1024))
    check(peak < 512 * 1024, "%d KiB" % peak)


@story("one user with many open dialogues hinders nobody else")
def greedy():
    greedy = [Terminal(["pamtester", "kiosk", "e2001", "authenticate"],
                       user="e2001") for _ in range(40)]
    time.sleep(0.5)
    t = pam("e2002", "authenticate", answers=[PIN])
    equal(t.status, 0, t.text)
    t = pam("e2004", "authenticate", answers=[PIN], as_="e2004")
    equal(t.status, 0, t.text)
    for g in greedy:
        g.hang_up()
    wait_for("the workers left", lambda: len(pids("attendd")) <= 2)


@story("afterwards everything is on record and the audit chain holds")
def afterwards():
    ctl("audit", "verify").ok()
    out = ctl("audit", "list").ok().out
    check(out.count("phase=authenticate verdict=allow") >= PEOPLE * 8 // 10,
          "every login is on record")


main(prepare=prepare)
