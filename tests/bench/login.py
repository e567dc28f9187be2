#!/usr/bin/env -S python3 -B
"""What a login costs: attend beside pam_unix, warm and started on demand; what
its parts cost; whether time tells a stranger from a wrong PIN; what a crowd
does to answers and memory. Everything in one run, in one kiosk."""
import os, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
from story import *

BENCH = os.path.join(BUILD, "tests/bench/bench_login")
NONE = "auth required pam_permit.so\naccount required pam_permit.so\n"
UNIX = "auth required pam_unix.so nodelay\naccount required pam_unix.so\n"
CROWD, GROUP, TRIES = 200, 40, 4


def measure(service, pin, repeat, names, first=0, count=1, *more):
    """n, mean, p10, median, p90, p99 in microseconds, and the last code."""
    out = run(BENCH, service, pin, str(repeat), names, str(first),
              str(count), *more, timeout=500).ok().out
    lines = [[int(float(x)) for x in line.split()] for line in out.splitlines()]
    return lines if more else lines[0]


def row(what, figures, wanted=0):
    n, mean, p10, median, p90, p99, code = figures
    check(wanted is None or code == wanted, "%s ended with PAM code %d" % (what, code))
    print("%-48s %5d %9.2f %9.2f %9.2f %9.2f" % (
        what, n, p10 / 1e3, median / 1e3, p90 / 1e3, p99 / 1e3), flush=True)
    return median / 1e3


def head(what):
    print("\n%-48s %5s %9s %9s %9s %9s" % (what, "n", "p10", "median", "p90", "p99"))


def one_login():
    head("one login: authenticate + account, ms")
    unix = row("pam_unix (yescrypt, Debian's default)",
               measure("bench-unix", "yespassword", 40, "yes"))
    row("pam_unix (sha512)",
        measure("bench-unix", "visitorpassword", 40, "visitor"))
    libpam = row("libpam itself (pam_permit)",
                 measure("bench-none", "", 200, "yes"))
    with Broker():
        measure("alone", PIN, 5, "e2000")
        warm = measure("alone", PIN, 200, "e2000", 0, 1, "beside")
    cold = measure("alone", PIN, 60, "e2000", 0, 1, "beside")
    took = row("attend, attendd running", warm[0])
    row("attend, attendd started by each of the two calls", cold[0])
    row("the PIN hash alone (Argon2id)", warm[1])
    own = row("attend and libpam beyond the hash, running", warm[2])
    started = row("attend and libpam beyond the hash, started", cold[2])
    print("attend's own, running: %.2f ms (aim: under 2)" % (own - libpam))
    print("attend's own, started: %.2f ms a call (aim: under 15)"
          % ((started - libpam) / 2))
    print("attend warm / pam_unix yescrypt: %.2f" % (took / unix))


def same_time():
    head("refusals, ms (libpam's delay left out)")
    with Broker():
        row("wrong PIN", measure("alone", WRONG_PIN, TRIES, "e%", 3000, GROUP), None)
        row("no such person", measure("alone", WRONG_PIN, TRIES, "e%", 7000, GROUP), None)
        row("person without a PIN", measure("alone", WRONG_PIN, TRIES, "e%", 4000, GROUP), None)
        row("empty PIN", measure("alone", "", TRIES, "e%", 5000, GROUP), None)


def memory_kib():
    total = 0
    for pid in pids("attendd"):
        try:
            total += int(re.search(r"Pss:\s+(\d+)",
                                   read("/proc/%d/smaps_rollup" % pid)).group(1))
        except (OSError, AttributeError):
            pass  # it just ended
    return total


def crowd():
    with Broker():
        rest = memory_kib()
        began, peak, right = time.monotonic(), 0, 0
        callers = []
        for i in range(CROWD):
            good = i % 4 != 3
            callers.append((good, subprocess.Popen(
                [BENCH, "alone", PIN if good else WRONG_PIN, "1",
                 "e%", str(6000 + i), "1"], stdout=subprocess.PIPE, text=True)))
        while any(p.poll() is None for _, p in callers):
            peak = max(peak, memory_kib())
            time.sleep(0.1)
        took = time.monotonic() - began
        for good, p in callers:
            code = int(p.stdout.read().split()[-1])
            right += code == (0 if good else 7)
    print("\n%d logins at once (every fourth with a wrong PIN): %d right, %.2f s"
          % (CROWD, right, took))
    print("memory of attendd and all its workers: %.1f MiB at rest, %.1f MiB at the peak"
          % (rest / 1024, peak / 1024))
    check(right == CROWD, "an answer was wrong")


def staff():
    with Broker():
        enrol("2000")
        for base, n in ((3000, GROUP), (5000, GROUP), (6000, CROWD)):
            for i in range(n):
                enrol(str(base + i))
        for i in range(GROUP):
            enrol(str(4000 + i), pin=None)


if os.geteuid() != 0:
    sys.exit("bench: must run as root (namespaces)")
enter()
configure(max_failures=20, kiosk_max_failures=10000)
write("/etc/pam.d/bench-none", NONE)
write("/etc/pam.d/bench-unix", UNIX)
run("useradd", "yes").ok()
run("chpasswd", "--crypt-method=YESCRYPT", input="yes:yespassword\n").ok()
staff()
one_login()
same_time()
crowd()
