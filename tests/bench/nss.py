#!/usr/bin/env -S python3 -B
"""What a lookup costs beside other NSS modules, all in one run in one kiosk,
through glibc as programs ask. Prints a table a size, and the aims."""
import os, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
from story import *

BENCH = os.path.join(BUILD, "tests/bench/bench_nss")
LIBS = "/usr/lib/x86_64-linux-gnu"
WHAT = ("name", "uid", "miss", "groups")
SIZES = [int(n) for n in os.environ.get("ATT_SIZES", "1000 10000 100000 1000000").split()]
PEERS_MAX = 100000   # people; beyond that only ours
# sssd gives up on itself when it has to read more; a hit in its memory cache
# costs the same among many.
SSSD_MAX = 2000
ROUNDS, SECONDS, FIRSTS = 3, "0.15", 200
SRV = "/srv/peers"
SSSD_CONF = """[sssd]
services = nss
domains = peers
[nss]
memcache_size_passwd = 64
memcache_size_group = 16
memcache_size_initgroups = 64
memcache_timeout = 86400
[domain/peers]
id_provider = files
passwd_files = %s/passwd
group_files = %s/group
""" % (SRV, SRV)


# ---- the same people for everybody: as bench_nss publishes them ----

def people(n):
    for i in range(n):
        name, uid = "e%d" % (1000 + i), str(70000 + i)
        yield name, uid, "%s:x:%s:70000:%d:/home/%s:/bin/bash\n" % (
            name, uid, 1000 + i, name)


def groups(n):
    members = {g: [] for g in range(30)}
    for i in range(n):
        members[1 + i % 19].append("e%d" % (1000 + i))
        members[20 + i % 10].append("e%d" % (1000 + i))
    for g in range(30):
        name, gid = "dept-%d" % g, str(70000 + g)
        yield name, gid, "%s:x:%s:%s\n" % (name, gid, ",".join(members[g]))


def index(path, rows, column):
    """As nsscache writes it: fixed rows, key and place, in byte order."""
    place, lines = 0, []
    for row in rows:
        lines.append((row[column], str(place)))
        place += len(row[2])
    with open(path, "w") as f:
        for key, at in sorted(lines):
            f.write("%s\0%s\0%s\n" % (key, at, "\0" * (32 - len(key) - len(at))))


def put_all(n):
    passwd, group = list(people(n)), list(groups(n))
    lines = "".join(r[2] for r in passwd), "".join(r[2] for r in group)
    for folder in ("/srv/all", "/var/lib/extrausers"):
        write(folder + "/passwd", lines[0])
        write(folder + "/group", lines[1])
    write("/etc/passwd", LOCAL[0] + lines[0])
    write("/etc/group", LOCAL[1] + lines[1])
    write("/etc/passwd.cache", lines[0])
    write("/etc/group.cache", lines[1])
    index("/etc/passwd.cache.ixname", passwd, 0)
    index("/etc/passwd.cache.ixuid", passwd, 1)
    index("/etc/group.cache.ixname", group, 0)
    index("/etc/group.cache.ixgid", group, 1)
    run("make", "-C", "/var/lib/misc", "ETC=/srv/all", timeout=300).ok()


class Sssd:
    def __init__(self, n):
        write(SRV + "/passwd", "".join(r[2] for r in people(n)))
        write(SRV + "/group", "".join(r[2] for r in groups(n)))
        for folder in ("db", "mc"):
            run("sh", "-c", "rm -rf /var/lib/sss/%s/*" % folder)
        write("/etc/sssd/sssd.conf", SSSD_CONF, 0o600)
        run("rm", "-f", "/run/sssd.pid")
        self.process = subprocess.Popen(
            ["/usr/sbin/sssd", "-i", "--logger=files"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        wait_for("sssd knows the last of %d people" % n, lambda: self.knows(
            "e%d" % (999 + n)), 60)
        run(BENCH, "warm", "sss", str(n), timeout=100).ok()

    def knows(self, name):
        check(self.process.poll() is None, "sssd ended")
        time.sleep(1)  # whoever it does not know yet it remembers for a while
        return run("getent", "-s", "sss", "passwd", name).status == 0

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


# ---- measuring ----

def ask(service, what, n, threads):
    """Nanoseconds a lookup, the middle of some rounds; None: another module
    crashed or hung, as one that is not made for threads may."""
    took = []
    for _ in range(ROUNDS):
        r = run("timeout", "-s", "KILL", "20", "chrt", "-f", "10", BENCH, "ask",
                service, what, str(n), str(threads), SECONDS, timeout=30)
        if r.status < 0 and service != "attend":
            return None
        took.append(float(r.ok().out))
    return sorted(took)[ROUNDS // 2]


def first(service, n):
    return float(run(BENCH, "first", service, str(n), str(FIRSTS),
                     timeout=120).ok().out)


def spell(ns, floor):
    if ns is None:
        return "none"
    return "%s (%.*f)" % ("%.0f" % ns if ns < 1e4 else "%.0f us" % (ns / 1e3),
                          ns / floor < 100, ns / floor)


def times(one, two):
    return "%6.2f" % (one / two) if one and two else "  none"


def measure(services, n):
    """{service: {(what, threads): ns, "first": us}}, printed as a table."""
    print("\n%s people, ns a lookup (times the floor); how much two threads do\n"
          "%-12s" % (format(n, ","), ""), end="")
    print("".join("%18s" % w for w in WHAT), " two: " +
          " ".join("%6s" % w for w in WHAT), "  first, us")
    found = {}
    for service in services:
        among = min(n, SSSD_MAX) if service == "sss" else n
        row = found[service] = {(w, t): ask(service, w, among, t)
                                for w in WHAT for t in (1, 2)}
        row["first"] = first(service, among)
        print("%-12s" % service, end="")
        for w in WHAT:
            print("%18s" % spell(row[w, 1], found["floor"][w, 1]), end="")
        print("       " + " ".join(times(row[w, 1], row[w, 2]) for w in WHAT),
              "%11.0f" % row["first"], flush=True)
    return found


def table(n):
    run(BENCH, "publish", DIRECTORY, str(n), timeout=60).ok()
    if n > PEERS_MAX:
        return measure(["floor", "attend"], n)
    write("/etc/passwd", LOCAL[0])  # sssd reads it, too, and does not like
    write("/etc/group", LOCAL[1])   # a long one
    sssd, services = None, ["floor", "attend", "files", "extrausers", "cache", "db"]
    try:
        sssd = Sssd(min(n, SSSD_MAX))
        services.append("sss")
    except (AssertionError, Silent) as e:
        print("sssd does not come up beside %d people: %s" % (n, str(e)[:300]))
    put_all(n)
    try:
        return measure(services, n)
    finally:
        if sssd:
            sssd.stop()


# ---- the aims ----

def aim(what, got, wanted, at_most=True):
    good = got <= wanted if at_most else got >= wanted
    print("%-64s %8.1f  aim %s %g: %s" % (
        what, got, "<=" if at_most else ">=", wanted, "yes" if good else "NO"))


def times_floor(all_found, n, wanted):
    f = all_found[n]
    for w in ("name", "uid"):
        aim("by %s at %s, times the floor" % (w, format(n, ",")),
            f["attend"][w, 1] / f["floor"][w, 1], wanted)


def aims(found):
    print("\naims")
    for n, wanted in ((10000, 2.5), (1000000, 5)):
        if n in found:
            times_floor(found, n, wanted)
    for n in found:
        f = found[n]
        for w in WHAT:
            if "cache" in f:
                aim("libnss-cache / attend, %s at %s" % (w, format(n, ",")),
                    f["cache"][w, 1] / f["attend"][w, 1], 100, False)
            if "sss" in f:
                aim("sssd / attend, %s at %s" % (w, format(n, ",")),
                    f["sss"][w, 1] / f["attend"][w, 1],
                    100 if w == "miss" else 4, False)
            aim("two threads / one, %s at %s" % (w, format(n, ",")),
                f["attend"][w, 1] / f["attend"][w, 2], 1.8, False)
        others = {s: f[s]["first"] for s in f if s not in ("floor", "attend")}
        if others:
            fastest = min(others, key=others.get)
            aim("first lookup at %s, attend / the fastest other (%s)" % (
                format(n, ","), fastest), f["attend"]["first"] / others[fastest], 1)


def install_modules():
    for path in (BUILD + "/libnss_attend.so.2",
                 BUILD + "/tests/bench/libnss_floor.so.2"):
        run("install", "-m", "644", path, LIBS).ok()
    run("ldconfig").ok()  # as a package does: else each process searches
    os.makedirs(os.path.dirname(DIRECTORY), exist_ok=True)


if os.geteuid() != 0:
    sys.exit("bench: must run as root (namespaces)")
enter_kiosk("peers", size="4g")
install_modules()
LOCAL = read("/etc/passwd"), read("/etc/group")
aims({n: table(n) for n in SIZES})

