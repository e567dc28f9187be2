#!/usr/bin/env -S python3 -B
"""Locks after failures: counted before the PIN is looked at, told, kept."""
import ctypes, os, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
from story import *

LIMIT = 5


broker = Broker()


def prepare():
    for n in range(1001, 1012):
        enrol(str(n))
    # the kiosk's own lock would mix with the persons' in these stories
    configure(kiosk_max_failures=1000)
    with_own_clock(broker).start()


def attempt(user, pin):
    t = Terminal(["pamtester", "kiosk", user, "authenticate"])
    if t.expect(r"PIN: $", r"\n") == 0:
        t.send(pin + "\n")
    t.end()
    return t


def fail(user, times):
    for _ in range(times):
        t = attempt(user, WRONG_PIN)
        check(t.status != 0, t.text)
    return t


def locked(user, pin=PIN):
    """Refused before the PIN is asked, with the remaining seconds or minutes."""
    t = attempt(user, pin)
    check(t.status != 0, t.text)
    lacks(t.text, r"PIN: ")
    has(t.text, r"Too many failed attempts\. Try again in \d+ (min|sec)")
    n, unit = re.search(r"in (\d+) (min|sec)", t.text).groups()
    return int(n) * (60 if unit == "min" else 1)


def let_in(user):
    t = attempt(user, PIN)
    equal(t.status, 0, t.text)


@story("one failure fewer than the limit lets the right PIN in, the limit does not")
def limit():
    fail("e1001", LIMIT - 1)
    let_in("e1001")
    t = fail("e1002", LIMIT)
    has(t.text, r"Try again in \d+")
    locked("e1002")
    locked("e1002", WRONG_PIN)


@story("a success resets the counter")
def reset():
    for _ in range(3):
        fail("e1001", LIMIT - 1)
        let_in("e1001")


@story("a lock concerns one person; others log in meanwhile, and unlock lifts it")
def one_person():
    locked("e1002")
    let_in("e1003")
    ctl("employee", "unlock", "1002").ok()
    let_in("e1002")


@story("a stranger's name is locked like a person's")
def stranger():
    texts = [fail("e9999", 1).text for _ in range(LIMIT)]
    mine = [fail("e1004", 1).text for _ in range(LIMIT)]
    equal([t.replace("e9999", "e1004") for t in texts[:-1]], mine[:-1])
    locked("e9999")
    locked("e1004")


@story("a restart of attendd does not forget failures or locks")
def restart():
    fail("e1005", LIMIT - 1)
    broker.stop()
    broker.start()
    locked("e1004")
    fail("e1005", 1)
    locked("e1005")
    broker.stop(signal.SIGKILL)
    locked("e1005")  # attendd --once tells the same
    broker.start()
    locked("e1005")


@story("leaving at the prompt costs nothing, leaving after the answer is a failure")
def leaving():
    for _ in range(LIMIT):
        t = Terminal(["pamtester", "kiosk", "e1006", "authenticate"])
        t.expect(r"PIN: $")
        t.hang_up()
    let_in("e1006")


@story("many attempts at once count each; no more than the limit are tried")
def parallel():
    ts = []
    for _ in range(3 * LIMIT):
        t = Terminal(["pamtester", "kiosk", "e1007", "authenticate"])
        t.expect(r"PIN: $")
        ts.append(t)
    for t in ts:
        t.send(WRONG_PIN + "\n")
    for t in ts:
        check(t.end() != 0, t.text)
    tried = sum("Wrong number or PIN" in t.text for t in ts)
    check(tried <= LIMIT, "%d were tried" % tried)
    locked("e1007")


@story("the wall clock set forward or back opens no lock early")
def clock_jumps():
    fail("e1008", LIMIT)
    first = locked("e1008")
    for jump in ("-1d", "-400d", "+0"):
        set_clock(jump)
        left = locked("e1008")
        check(first - 60 <= left <= first + 60, "%d, then %d" % (first, left))
    set_clock("+1d")
    locked("e1008")
    set_clock("+0")


CLONE_NEWTIME = 0x80


def reboot(number):
    """Another boot id, and a boot clock that began just now."""
    broker.stop()
    check(ctypes.CDLL(None).unshare(CLONE_NEWTIME) == 0, "a time namespace")
    up = int(time.clock_gettime(time.CLOCK_BOOTTIME))
    with open("/proc/self/timens_offsets", "w") as f:
        f.write("boottime -%d 0\n" % (up - 1))
    write("/run/boot_id", "%08x-0000-4000-8000-000000000000\n" % number)
    if number > 1:
        run("umount", "/proc/sys/kernel/random/boot_id").ok()
    run("mount", "--bind", "/run/boot_id",
        "/proc/sys/kernel/random/boot_id").ok()
    broker.start()


@story("after a reboot a lock holds, with a clock behind it too, and time ends it")
def reboot_keeps():
    fail("e1009", LIMIT)
    locked("e1009")
    reboot(1)
    locked("e1009")
    set_clock("-30d")
    reboot(2)
    locked("e1009")
    set_clock("+1d")
    reboot(3)
    let_in("e1009")
    set_clock("+0")


@story("a lock ends by itself when its time is over")
def ends():
    configure(kiosk_max_failures=1000, lock_seconds=5)
    fail("e1010", LIMIT)
    locked("e1010")
    wait_for("the lock ends", lambda: attempt("e1010", PIN).status == 0)
    configure(kiosk_max_failures=1000)


@story("who comes with a key while locked is refused, and told for how long")
def locked_account():
    run("pamtester", "kiosk", "e1002", "acct_mgmt").ok()
    fail("e1002", LIMIT)
    r = run("pamtester", "kiosk", "e1002", "acct_mgmt").fails()
    has(r.all, r"Try again in \d+ (min|sec)")
    ctl("employee", "unlock", "1002").ok()


@story("too many failures by anybody lock the kiosk, and a local user notices nothing")
def kiosk_lock():
    configure(kiosk_max_failures=10, kiosk_lock_seconds=8)
    let_in("e1003")
    for n in range(10):
        attempt("e80%02d" % n, WRONG_PIN)
    locked("e1003")
    t = pam("visitor", "authenticate", answers=["visitorpassword"])
    equal(t.status, 0, t.text)
    # who comes with a key or from cron proves no PIN
    run("pamtester", "kiosk", "e1003", "acct_mgmt").ok()
    wait_for("the lock ends", lambda: attempt("e1003", PIN).status == 0)
    configure(kiosk_max_failures=1000)


main(prepare=prepare)
