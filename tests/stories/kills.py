#!/usr/bin/env -S python3 -B
"""SIGKILL of attendd at random moments."""
import os, random, shutil, sys
from concurrent.futures import ThreadPoolExecutor
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
from story import *

ROUNDS = 2000     # logins and commands, half of each
SEED = int(os.environ.get("ATT_SEED", str(int(time.time()))))
rng = random.Random(SEED)


class Mayhem:
    """attendd --listen, killed with all its workers every now and then and
    started again at once."""

    def __enter__(self):
        self.going, self.kills, self.logins = True, 0, 0
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        wait_for("attendd listens", lambda: connects())
        return self

    def _run(self):
        while self.going:
            p = subprocess.Popen(
                ["/usr/sbin/attendd", "--listen"], stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            if rng.random() < 0.3:
                self.wait_for_a_login()
            time.sleep(rng.uniform(0.01, 0.3))
            for pid in pids("attendd"):
                send_signal(pid, signal.SIGKILL)
            p.wait()
            self.kills += 1

    def wait_for_a_login(self):
        """However long one takes on this machine, and with that many."""
        before, end = self.logins, time.monotonic() + 15
        while self.going and self.logins == before and \
                time.monotonic() < end:
            time.sleep(0.01)

    def one(self, n):
        result = one(n)
        self.logins += result[0] == "login" and result[2].status == 0
        return result

    def __exit__(self, *_):
        self.going = False
        self.thread.join()
        Broker().stop(signal.SIGKILL)


def prepare():
    configure(kiosk_max_failures=10000)
    print("# ATT_SEED=%d" % SEED)
    for n in range(10):
        enrol("30%02d" % n)
    write("/root/people.csv", "number,name\n" + "".join(
        "5%04d,Person %d\n" % (n, n) for n in range(1, 4 * ROUNDS, 4)))
    ctl("import", "csv", "/root/people.csv", "--source", "staff office",
        "--basis", "contract", "--apply", timeout=120).ok()


def one(n):
    """One login or command; what it was and whether it was acknowledged."""
    kind = n % 4
    who = "30%02d" % (n % 10)
    if kind == 0:
        r = ctl("employee", "add", "4%04d" % n, "--name", "Person %d" % n,
                timeout=60)
        return "add", "4%04d" % n, r
    if kind == 1:
        r = ctl("employee", "set", "5%04d" % n, "--name", "Changed %d" % n,
                timeout=60)
        return "set", "5%04d" % n, r
    service = "k%04d" % n  # each login on record under a name of its own
    shutil.copy("/etc/pam.d/kiosk", "/etc/pam.d/" + service)
    r = run("pamtester", service, "e" + who, "authenticate", "acct_mgmt",
            input=PIN + "\n", timeout=60)
    return "login", service, r


@story("%d logins and commands under random kills lose nothing acknowledged"
       % ROUNDS, timeout=400)
def nothing_lost():
    results, kinds = [], {}
    with Mayhem() as mayhem, ThreadPoolExecutor(500) as pool:
        while len(results) < 4 * ROUNDS and not (
                results and mayhem.kills >= 5 and all(kinds.values())):
            first = len(results)
            results += pool.map(mayhem.one, range(first, first + ROUNDS))
            done = [(kind, who) for kind, who, r in results if r.status == 0]
            kinds = {k: sum(d[0] == k for d in done)
                     for k in ("add", "set", "login")}
    print("# %d kills; acknowledged: %s" % (mayhem.kills, kinds))
    check(mayhem.kills >= 5 and all(kinds.values()), "it was a test")
    listed = {line.split()[0]: line
              for line in ctl("employee", "list").ok().out.splitlines()[1:]}
    let_in = set(re.findall(r"phase=authenticate verdict=allow reason=ok "
                            r"service=(k\d+)", ctl("audit", "list").ok().out))
    for kind, who in done:
        if kind == "add":
            check(who in listed, "%s was added" % who)
        elif kind == "set":
            has(listed[who], r"\bChanged %d\b" % int(who[1:]))
        else:
            check(who in let_in, "%s let somebody in" % who)
    for kind, who, r in results:
        check(r.status >= 0, "%s %s died of a signal: %s" % (
            kind, who, r.all[-300:]))


@story("the store opens, the audit chain verifies, the directory is whole")
def whole():
    ctl("audit", "verify").ok()
    ctl("status").ok()
    ctl("publish").ok()
    r = run("getent", "passwd", "e3000").ok()
    has(r.out, r"^e3000:")
    for n in range(10):
        ctl("employee", "unlock", "30%02d" % n).ok()
        r = run("pamtester", "kiosk", "e30%02d" % n, "authenticate",
                "acct_mgmt", input=PIN + "\n").ok()


def attempts():
    """How many are on record; no attendd may run."""
    db = sqlite3.connect(STORE)
    try:
        return db.execute("SELECT count(*) FROM attempt").fetchone()[0]
    finally:
        db.close()


@story("an attempt that a kill interrupts counts as a failure")
def interrupted():
    told, rounds, delay = 0, 0, 0.012
    broker = Broker()
    while rounds < 60:
        rounds += 1
        before = attempts()
        broker.start()
        t = Terminal(["pamtester", "kiosk", "e3001", "authenticate"])
        if t.expect(r"PIN: $", r"Too many") == 1:
            t.hang_up()
            broker.stop(signal.SIGKILL)
            break
        t.send(WRONG_PIN + "\n")
        time.sleep(rng.uniform(0.5, 1.5) * delay)
        broker.signal_all(signal.SIGKILL)
        t.end()
        broker.stop(signal.SIGKILL)
        # between the record and the answer, however fast this machine is
        if "Wrong number or PIN" in t.text:
            told += 1
            delay *= 0.7
        elif attempts() == before:
            delay *= 1.5
    print("# locked after %d attempts, of which %d were told their failure"
          % (rounds - 1, told))
    check(rounds < 60, "never locked")
    check(told < 5, "none was interrupted")
    ctl("employee", "unlock", "3001").ok()
    run("pamtester", "kiosk", "e3001", "authenticate", input=PIN + "\n").ok()


main(prepare=prepare)
