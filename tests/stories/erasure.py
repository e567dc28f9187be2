#!/usr/bin/env -S python3 -B
"""Erasing: nothing is left, nothing comes back, and no half of it exists."""
import fcntl, json, os, shutil, sqlite3, sys
from concurrent.futures import ThreadPoolExecutor
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
from story import *

NAME, MAIL, PHONE = "Zhou Yunfei", "yunfei@example.org", "555 0177"


def sealed_of(number):
    """Every sealed value of a person, as it is stored now."""
    db = sqlite3.connect(STORE)
    (me,) = db.execute("SELECT id FROM person WHERE number = ?", (number,)).fetchone()
    values = []
    for sql in ("SELECT wrapped FROM person_key WHERE person = ?",
                "SELECT name, born_on, email, phone FROM person WHERE id = ?",
                "SELECT record FROM pin WHERE person = ?",
                "SELECT record FROM pin_past WHERE person = ?",
                "SELECT signature, guardian, relation FROM consent WHERE person = ?"):
        for row in db.execute(sql, (me,)).fetchall():
            values += [bytes(v) for v in row if v is not None]
    db.close()
    check(len(values) >= 7, "values to look for: %d" % len(values))
    return values


def left(values):
    """What of these is in which file; a sealed value's nonce is enough."""
    return [(name, v[:24]) for name, data in state_files().items()
            for v in values if v[:25] in data]


def logs_in(user):
    return run("pamtester", "kiosk", user, "authenticate", "acct_mgmt",
               input=PIN + "\n").status == 0


def someone(number, name=NAME, login=None, **more):
    """Enrolled, with everything that is ever kept about anybody."""
    user = enrol(number, name=name, email=MAIL, phone=PHONE, pin="593826",
                 **({"login": login} if login else {}), **more)
    user = login or user
    ctl("consent", "record", number, "--purpose", "attendance").ok()
    ctl("pin", "set", number, input=PIN + "\n").ok()
    run("pamtester", "kiosk", user, "authenticate", "acct_mgmt",
        "open_session", "close_session", input=PIN + "\n").ok()
    return user


def erase(number, reason="account-closed", *more):
    return ctl("employee", "erase", number, "--reason", reason, "--yes", *more)


@story("P14: after an erasure neither the name nor any sealed value is in any "
       "byte of any file of the store")
def nothing_left():
    with Broker():
        for n in range(40):  # so that pages are split and rearranged
            ctl("employee", "add", "7%03d" % n, "--name", "Person %d" % n).ok()
        user = someone("1001", login="zhou-yunfei")
        for n in range(40):
            ctl("employee", "add", "8%03d" % n, "--name", "Person %d" % n).ok()
        values = sealed_of("1001") + [b"zhou-yunfei"]
        check(left(values), "they are there before")
        check(logs_in(user), "and she gets in")
        erase("1001").ok()
        equal(left(values), [])
        equal(left([NAME.encode(), MAIL.encode(), PHONE.encode()]), [])
        check(not logs_in(user), "she no longer gets in")
        run("getent", "passwd", user).fails()
        ctl("audit", "verify").ok()


@story("P14: the number, the uid and the login are never given to anybody again")
def reserved():
    ctl("employee", "add", "1001", "--name", "Else").fails(5)
    ctl("employee", "add", "1901", "--name", "Else", "--login",
        "zhou-yunfei").fails(5)
    ctl("employee", "show", "1001").fails(3, r"erased")
    db = sqlite3.connect(STORE)
    (old,) = db.execute("SELECT uid FROM person WHERE number = '1001'").fetchone()
    db.close()
    out = ctl("employee", "add", "1902", "--name", "Else").ok().out
    check(int(re.search(r"uid (\d+)", out)[1]) > old, out)


@story("P4 P14: audit records of an erased person stay and verify, and neither "
       "number, uid nor login is in them")
def pseudonyms():
    with Broker():
        user = someone("1003")
        uid = run("id", "-u", user).ok().out.strip()
        run("attendctl", "me", "show", user=user).ok()
        ctl("me", "withdraw", user=user).ok()
        about = json.loads(ctl("audit", "list", "1003", "--json").ok().out)
        check(len(about) > 8, "records about the person")
        erase("1003").ok()
        after = json.loads(ctl("audit", "list", "--json").ok().out)
        subjects = {r["subject"] for r in about}
        mine = [r for r in after if r["subject"] in subjects]
        equal(len(mine), len(about) , "records that stay")
        text = "\n".join("%(event)s %(actor)s %(detail)s" % r for r in after)
        lacks(text, r"\b%s\b" % uid, r"(?<![0-9a-f])e?1003\b", user, NAME, MAIL,
              PHONE)
        last = [r for r in after if r["event"] == "employee-erase"][-1]
        check(not last["subject"], "the erasure names no pseudonym")
        added = [r for r in after if r["event"] == "employee-add"]
        check(added, "added")
        equal({r["subject"] for r in added}, {None},
              "in the order of uids there are no pseudonyms")
        ctl("audit", "list", "1003").fails(3)
        ctl("audit", "verify").ok()


@story("erasing asks for a reason from the list and for the number again; "
       "anything else changes nothing")
def refusals():
    someone("1004")
    before = sealed_of("1004")
    ctl("employee", "erase", "1004").fails(2, r"--reason")
    erase("1004", "spite").fails(2, r"service-ended")
    erase("1004", "retention").fails(2)
    erase("4711").fails(3, r"employee list")
    ctl("employee", "erase", "1004", "--reason", "breach",
        input="1005\n").fails(4, r"nothing was changed")
    ctl("employee", "erase", "1004", "--reason", "breach",
        input=None).fails(2, r"--yes")
    equal(sealed_of("1004"), before)
    ctl("employee", "erase", "1004", "--reason", "breach", input="1004\n").ok()
    equal(left(before), [])


def killed_while(broker, command, moments):
    """Run the command, and after a while kill attendd and all its workers."""
    p = subprocess.Popen(command, stdout=subprocess.DEVNULL,
                         stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    moments.wait()
    broker.stop(signal.SIGKILL)
    try:
        return p.wait(20)
    finally:
        p.kill()


@story("P14: killed at any moment, an erasure has happened whole or not at all",
       timeout=300)
def kills():
    with Broker():
        someone("1099")
        began = time.monotonic()
        erase("1099").ok()
        moments = Moments(time.monotonic() - began, 24)
    for n in moments:
        number = "11%02d" % n
        with Broker():
            someone(number)
        values = sealed_of(number)
        killed_while(Broker().start(), [
            "attendctl", "employee", "erase", number, "--reason", "breach",
            "--yes"], moments)
        erased = ctl("employee", "show", number).status == 3
        moments.note(erased)
        if erased:
            equal(left(values), [], "round %d" % n)
        else:
            check(logs_in("e" + number), "round %d: all of it is there" % n)
            equal(sealed_of(number), values)
        ctl("audit", "verify").ok()
    moments.met()


def state_of(number):
    db = sqlite3.connect("file:%s?mode=ro" % STORE, uri=True)
    try:
        return db.execute("SELECT state FROM person WHERE number = ?",
                          (number,)).fetchone()
    finally:
        db.close()


@story("P14: an erasure that was killed before the directory was published is "
       "published by the next purge")
def unpublished():
    configure(publish_names="yes")
    ctl("publish").ok()
    user = enrol("1170", name=NAME)
    b = Broker().start()
    with open(DIRECTORY + ".lock") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # whoever publishes waits
        p = subprocess.Popen(["attendctl", "employee", "erase", "1170",
                              "--reason", "breach", "--yes"],
                             stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
        wait_for("it is stored", lambda: state_of("1170") == (2,))
        b.stop(signal.SIGKILL)
        p.wait(20)
    has(run("getent", "passwd", user).ok().out, NAME)  # not published yet
    has(ctl("doctor").fails(1).out, r"attendctl publish")
    ctl("purge").ok()
    run("getent", "passwd", user).fails(2)
    ctl("doctor").ok()
    made = os.stat(DIRECTORY).st_ino
    ctl("purge").ok()
    equal(os.stat(DIRECTORY).st_ino, made, "published when there is need only")
    configure()
    ctl("publish").ok()


@story("P14: interrupted with Ctrl-C, an erasure has happened whole or not at "
       "all", timeout=120)
def interrupts():
    moments = Moments(0.01, 12)
    with Broker():
        for n in moments:
            number = "16%02d" % n
            someone(number)
            values = sealed_of(number)
            p = subprocess.Popen(["attendctl", "employee", "erase", number,
                                  "--reason", "breach", "--yes"],
                                 stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
            moments.wait()
            p.send_signal(signal.SIGINT)
            p.wait(20)
            wait_for_workers()
            erased = ctl("employee", "show", number).status == 3
            moments.note(erased)
            if erased:
                equal(left(values), [], "round %d" % n)
            else:
                check(logs_in("e" + number), "round %d: all of it is there" % n)
            ctl("audit", "verify").ok()
    moments.met()


@story("P14: on a full disk an erasure does not happen, and happens when there "
       "is room", timeout=120)
def full_disk():
    someone("1200")
    values = sealed_of("1200")
    small_disk()
    try:
        erase("1200").fails()
        ctl("employee", "show", "1200").all
        make_room()
        has(ctl("employee", "show", "1200").ok().out, NAME)
        equal(sealed_of("1200"), values)
        erase("1200").ok()
        equal(left(values), [])
        ctl("audit", "verify").ok()
    finally:
        disk_back()


@story("erasures, rotations, purges and backups at once beside a crowd of "
       "logins leave the store whole and nothing of the erased", timeout=200)
def crowd():
    values, rounds = [], 15
    for n in range(4):
        enrol("14%02d" % n)
    for n in range(rounds):
        someone("15%02d" % n)
        values += sealed_of("15%02d" % n)[:6]

    def log_in_again(n):
        return logs_in("e14%02d" % (n % 4))

    def housekeeping(n):
        ctl("backup", "/root/crowd-%d" % n, timeout=60).ok()
        ctl("key", "rotate", timeout=60).ok()
        ctl("purge", timeout=60).ok()
        return True

    def vanish(n):
        return erase("15%02d" % n).status == 0

    with Broker(), ThreadPoolExecutor(6) as pool:
        jobs = []
        for n in range(rounds):
            jobs.append(pool.submit(vanish, n))
            jobs += [pool.submit(log_in_again, n + i) for i in range(6)]
            if n % 3 == 0:
                jobs.append(pool.submit(housekeeping, n))
        results = [j.result() for j in jobs]
        equal(results.count(False), 0, "things that failed, of %d" % len(results))
        ctl("purge").ok()
        has(ctl("doctor").ok().out, r"the store is whole",
            r"nothing is left of who was erased")
        ctl("audit", "verify").ok()
        equal(left(values), [])
        check(all(log_in_again(n) for n in range(4)), "and they get in")


@story("a person who is logged in loses the account at once, others notice "
       "nothing")
def others():
    with Broker():
        someone("1301")
        other = someone("1302", name="Lin Mei")
        erase("1301").ok()
        check(logs_in(other), "the other one gets in")
        run("id", "e1301").fails()
        run("id", other).ok()
        has(ctl("employee", "list").ok().out, r"1302")
        lacks(ctl("employee", "list").ok().out, r"1301")


main()
