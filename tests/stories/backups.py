#!/usr/bin/env -S python3 -B
"""Backups taken while people log in, put back here and elsewhere; and the site
key replaced under their hands."""
import json, os, random, shutil, sys
from concurrent.futures import ThreadPoolExecutor
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
from story import *

STATE, KEY = "/var/lib/attend", "/var/lib/attend/site.key"
LEDGER = "/var/lib/attend/erasures"
SAFE = "/root/safe"  # where the admin keeps copies


def logs_in(user):
    return run("pamtester", "kiosk", user, "authenticate", "acct_mgmt",
               input=PIN + "\n").status == 0


def backup(name):
    os.makedirs(SAFE, exist_ok=True)
    path = "%s/%s" % (SAFE, name)
    ctl("backup", path).ok()
    return path


def restore(path, *more):
    return ctl("restore", path, "--yes", *more, timeout=60)


def erase(number):
    return ctl("employee", "erase", number, "--reason", "account-closed", "--yes")


def names():
    return ctl("employee", "list").ok().out


def another_machine(key=True):
    """All of attend's own data is gone; the site key was copied over."""
    Broker().stop(signal.SIGKILL)
    shutil.rmtree(STATE)
    os.makedirs(STATE, 0o700)
    if key:
        shutil.copy(SAFE + "/site.key", KEY)
        os.chmod(KEY, 0o400)
        shutil.chown(KEY, "attend", "attend")
    shutil.chown(STATE, "attend", "attend")


def keep_key():
    os.makedirs(SAFE, exist_ok=True)
    shutil.copy(KEY, SAFE + "/site.key")


@story("a backup is taken while people log in, and everybody in it is back "
       "after the store is lost", timeout=120)
def round_trip():
    for n in range(4):
        enrol("10%02d" % n)
    keep_key()
    with Broker(), ThreadPoolExecutor(4) as pool:
        logins = pool.map(logs_in, ["e10%02d" % (n % 4) for n in range(24)])
        path = backup("first")
        check(all(logins), "nobody is refused meanwhile")
    equal(oct(os.stat(path).st_mode & 0o777), "0o600")
    another_machine()
    has(restore(path).fails(4).all, r"--ledger", r"--no-ledger")
    check(not os.path.exists(STORE), "nothing was put there")
    restore(path, "--no-ledger").ok()
    for n in range(4):
        check(logs_in("e10%02d" % n), "e10%02d is back" % n)
    ctl("audit", "verify").ok()
    ctl("doctor").ok()


@story("P1 P14: a backup is sealed: no name, number or login in any byte of it")
def sealed():
    data = open(SAFE + "/first", "rb").read()
    for word in (b"Lin Mei", b"e1001", b"1001", b"SQLite", b"Assembly"):
        check(word not in data, "%r is readable" % word)
    check(b"Assembly" in state_bytes(), "which the store has")


@story("a backup has its name only when it is whole; a file that is there is "
       "not written over")
def whole_or_not():
    ctl("backup", SAFE + "/first").fails(1, r"there already")
    ctl("backup", "/nowhere/x").fails(1, r"No such file")
    ctl("backup").fails(2, r"FILE")
    os.makedirs("/tmp/tiny")
    run("mount", "-t", "tmpfs", "-o", "size=64k", "tiny", "/tmp/tiny").ok()
    ctl("backup", "/tmp/tiny/b").fails(1, r"No space left")
    equal(os.listdir("/tmp/tiny"), [])
    wait_for("its worker has left the folder",
             lambda: run("umount", "/tmp/tiny").status == 0)
    for sig in (signal.SIGINT, signal.SIGKILL):
        for delay in (0.002, 0.01, 0.02, 0.03):
            path = "%s/cut-%d-%d" % (SAFE, sig, delay * 1000)
            p = subprocess.Popen(["attendctl", "backup", path],
                                 stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
            time.sleep(delay)
            p.send_signal(sig)
            status = p.wait(20)
            if os.path.exists(path):
                restore(path).ok()
            else:
                check(status != 0, "%s ended with 0" % path)
    equal([f for f in os.listdir(SAFE) if f.endswith(".part")], [])


def changed(source, at, name="changed"):
    data = bytearray(open(source, "rb").read())
    data[at] ^= 1
    with open(SAFE + "/" + name, "wb") as f:
        f.write(data)
    return SAFE + "/" + name


@story("a backup that is corrupt or cut off is refused, and the store is as it "
       "was", timeout=120)
def corrupt():
    path = SAFE + "/first"
    enrol("1010")
    size = os.path.getsize(path)
    for at in [0, 20, 40, 60, 80, 110, 140] + [
            random.Random(1).randrange(160, size) for _ in range(12)]:
        restore(changed(path, at)).fails(1, r"as it was")
    for length in (0, 15, 100, 160, 200, size // 2, size - 1):
        with open(SAFE + "/cut", "wb") as f:
            f.write(open(path, "rb").read()[:length])
        restore(SAFE + "/cut").fails(1, r"as it was|not a backup|empty")
    write(SAFE + "/text", "not a backup at all\n" * 100)
    restore(SAFE + "/text").fails(1, r"not a backup")
    check(logs_in("e1010"), "who came after the backup is still here")
    equal(sorted(f for f in os.listdir(STATE) if "restore" in f), [])


@story("P14: an old backup does not bring an erased person back, here or, with "
       "the ledger, on another machine", timeout=120)
def erased_stays():
    path = backup("with-1003")
    erase("1003").ok()
    shutil.copy(LEDGER, SAFE + "/ledger")
    has(restore(path).ok().out, r"\b1 people")
    lacks(names(), r"\b1003\b")
    check(not logs_in("e1003") and logs_in("e1002"), "one in, one out")
    another_machine()
    restore(path, "--ledger", SAFE + "/first").fails(1)
    restore(path, "--ledger", SAFE + "/ledger").ok()
    lacks(names(), r"\b1003\b")
    check(not logs_in("e1003") and logs_in("e1002"), "the same there")
    ctl("employee", "add", "1003", "--name", "Else").fails(5)
    data = open(STORE, "rb").read()
    check(b"e1003" not in data, "nothing of her is in the store")
    ctl("audit", "verify").ok()


@story("P14: a copy of the store put back by hand loses the erased again at "
       "the next purge")
def by_hand():
    enrol("1020")
    kill_all("attendd")
    fold_log()
    shutil.copy2(STORE, "/root/store.old")
    erase("1020").ok()
    kill_all("attendd")
    for tail in ("-wal", "-shm"):
        if os.path.exists(STORE + tail):
            os.unlink(STORE + tail)
    shutil.copyfile("/root/store.old", STORE)
    ctl("publish").ok()
    check(logs_in("e1020"), "for now she is back")
    has(ctl("purge").ok().out, r"Erased again +1\b")
    check(not logs_in("e1020"), "and gone again")
    ctl("employee", "show", "1020").fails(3, r"erased")


@story("P14: nor does the next erasure drop her from the ledger")
def by_hand_twice():
    enrol("1023")
    kill_all("attendd")
    shutil.copyfile("/root/store.old", STORE)
    for tail in ("-wal", "-shm"):
        if os.path.exists(STORE + tail):
            os.unlink(STORE + tail)
    enrol("1024")
    erase("1024").ok()
    for number in ("1020", "1024"):
        ctl("employee", "show", number).fails(3, r"erased")
    data = open(LEDGER, "rb").read()
    check(b"1020" in data and b"1024" in data, "both are in the ledger")


@story("P14: a ledger that is damaged is set aside aloud, and a copy of it mends "
       "what was lost")
def damaged_ledger():
    enrol("1027")
    kill_all("attendd")
    fold_log()
    shutil.copy2(STORE, "/root/store.old")
    erase("1027").ok()
    shutil.copy(LEDGER, SAFE + "/ledger.good")
    lacks(ctl("doctor").ok().all, r"set aside")
    kill_all("attendd")
    shutil.copyfile(changed(LEDGER, 60, "ledger.bad"), LEDGER)
    for tail in ("-wal", "-shm"):
        if os.path.exists(STORE + tail):
            os.unlink(STORE + tail)
    shutil.copyfile("/root/store.old", STORE)
    mark = journal.mark()
    has(ctl("purge").ok().err, r"damaged", r"attendctl doctor")
    journal.tells(mark, r"ledger of erasures damaged")
    has(ctl("doctor").fails(1).out, r"error +the ledger of erasures was damaged",
        r"newest copy at %s.*rm %s\.damaged" % (LEDGER, LEDGER))
    ctl("employee", "show", "1027").ok()  # she is back, as it says
    shutil.copyfile(SAFE + "/ledger.good", LEDGER)
    has(ctl("purge").ok().out, r"Erased again +1\b")
    ctl("employee", "show", "1027").fails(3, r"erased")
    os.unlink(LEDGER + ".damaged")
    equal(ctl("purge").ok().err, "")
    lacks(ctl("doctor").ok().all, r"set aside")


@story("doctor warns before the ledger of erasures is full")
def large_ledger():
    lacks(ctl("doctor").ok().all, r"more than half")
    size = os.path.getsize(LEDGER)
    os.truncate(LEDGER, 9 << 20)
    has(ctl("doctor").out, r"warning +%s is more than half" % LEDGER)
    os.truncate(LEDGER, size)
    lacks(ctl("doctor").ok().all, r"more than half")


@story("P14: a newer erasure is not undone by an older ledger")
def old_ledger():
    enrol("1021")
    enrol("1022")
    shutil.copy(LEDGER, SAFE + "/ledger.old")
    erase("1021").ok()
    path = backup("knows-1021")
    another_machine()
    restore(path, "--ledger", SAFE + "/ledger.old").fails(5, r"older")
    restore(path, "--no-ledger").ok()
    ctl("employee", "show", "1021").fails(3, r"erased")
    check(logs_in("e1022"), "the other one is there")


@story("a backup opens with its own site key only; without a key restore says "
       "where to put it")
def other_key():
    path = backup("mine")
    another_machine(key=False)
    restore(path, "--no-ledger").fails(6, r"site\.key", r"0400")
    ctl("init").ok()
    restore(path).fails(1, r"another site key")
    run("cp", SAFE + "/site.key", KEY).ok()  # over the key that init made
    ctl("restore", path, "--no-ledger", input="no\n").fails(4)
    restore(path).fails(4, r"no ledger")
    restore(path, "--no-ledger").ok()
    check(logs_in("e1002"), "with its own it opens")
    has(ctl("doctor").fails(1).out, r"another site's, and is set aside")
    os.unlink(LEDGER + ".damaged")  # it was that of the site of init
    ctl("doctor").ok()
    another_machine()
    restore(path, "--no-ledger").ok()
    check(logs_in("e1002"), "on an empty machine, too")


def leftovers():
    return [f for f in os.listdir(STATE)
            if f.endswith(".part") or ".restore" in f or ".copy" in f]


def cut_short(path, wait):
    """A restore whose attendd is killed when wait, given the command, ends."""
    b = Broker().start()
    p = subprocess.Popen(["attendctl", "restore", path, "--yes"],
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait(p)
    b.stop(signal.SIGKILL)
    p.wait(20)


def half_way(p):
    while not leftovers() and p.poll() is None:
        pass  # it is there for milliseconds


@story("P14: a restore that is killed leaves nothing of who was erased behind",
       timeout=240)
def restore_killed():
    enrol("1033")
    path = backup("with-1033")
    erase("1033").ok()
    for _ in range(40):
        cut_short(path, half_way)
        met = bool(leftovers())
        ctl("doctor")
        equal(leftovers(), [])
        check(b"e1033" not in state_bytes(), "nothing of her is there")
        if met:
            return
    check(False, "none was met half-way")


@story("backups and restores by several admins at once are all whole",
       timeout=240)
def at_once():
    path = backup("once")
    with Broker(), ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda n: ctl("backup", "%s/once-%d" % (SAFE, n),
                                           timeout=60), range(24)))
        sizes = [int(re.search(r"read back: (\d+) bytes", m.ok().out)[1])
                 for m in made]
        check(min(sizes) > 100000, "each holds the store: %r" % sizes)
        for r in pool.map(lambda n: restore("%s/once-%d" % (SAFE, n)), range(12)):
            r.ok()
    equal(leftovers(), [])
    restore(path).ok()
    ctl("audit", "verify").ok()


@story("killed at any moment, a restore has happened whole or not at all",
       timeout=240)
def restore_kills():
    path = backup("before")
    enrol("1030")
    began = time.monotonic()
    restore(path).ok()
    moments = Moments(time.monotonic() - began, 16)
    for n in moments:
        number = "12%02d" % n
        enrol(number, pin=None, consent=False)
        cut_short(path, lambda _: moments.wait())
        ctl("audit", "verify").ok()
        moments.note(ctl("employee", "show", number).status != 0)
        check(logs_in("e1002"), "round %d" % n)
    moments.met()
    equal(leftovers(), [])


@story("on a full disk nothing is put back, replaced or backed up, and nothing "
       "is lost", timeout=120)
def full_disk():
    enrol("1035")
    small_disk(8)
    try:
        old = open(KEY, "rb").read()
        for words in (("restore", SAFE + "/before", "--yes"), ("key", "rotate"),
                      ("backup", SAFE + "/full"), ("purge",)):
            ctl(*words).fails(None)
        equal(open(KEY, "rb").read(), old)
        check(not os.path.exists(SAFE + "/full"), "no backup")
        make_room()
        has(names(), r"\b1035\b")
        ctl("audit", "verify").ok()
        check(logs_in("e1035"), "she gets in")
        for words in (("key", "rotate"), ("backup", SAFE + "/full"), ("purge",)):
            ctl(*words).ok()
        check(logs_in("e1035"), "still")
    finally:
        disk_back()
    os.unlink(SAFE + "/full")


@story("a restore asks back where a store would be lost")
def asks():
    enrol("1040")
    ctl("restore", SAFE + "/before", input="no\n").fails(4, r"nothing was changed")
    has(names(), r"\b1040\b")
    ctl("restore", SAFE + "/before", input="restore\n").ok()
    lacks(names(), r"\b1040\b")
    restore(SAFE + "/before", "--ledger", LEDGER, "--no-ledger").fails(2)
    restore("/root/none").fails(1, r"No such file")


def fold_and_keep():
    kill_all("attendd")
    fold_log()
    shutil.copy2(STORE, "/root/store.said")


def put_back_by_hand():
    kill_all("attendd")
    for tail in ("-wal", "-shm"):
        if os.path.exists(STORE + tail):
            os.unlink(STORE + tail)
    shutil.copyfile("/root/store.said", STORE)


def withdraw(number):
    ctl("consent", "withdraw", number).ok()


def agree(number):
    ctl("consent", "record", number, "--paper", "/etc/hostname").ok()


@story("P15: nor does it bring back a consent that was withdrawn since, here, on "
       "another machine with the ledger, or put back by hand", timeout=120)
def withdrawn_stays():
    for number in ("1050", "1051", "1052"):
        enrol(number)
    withdraw("1052")
    agree("1052")  # and has again agreed before the backup
    keep_key()
    path = backup("agreed")
    withdraw("1050")
    shutil.copy(LEDGER, SAFE + "/ledger.said")
    has(restore(path).ok().out, r"\b1 consents that were withdrawn")
    check(not logs_in("e1050"), "still withdrawn")
    for number in ("1051", "1052"):
        check(logs_in("e" + number), "%s had not withdrawn" % number)
    has(ctl("consent", "show", "1050").ok().out, r"withdrawn")
    ctl("audit", "verify").ok()
    ctl("doctor").ok()

    another_machine()
    cut = SAFE + "/ledger.cut"
    with open(cut, "wb") as f:
        f.write(open(SAFE + "/ledger.said", "rb").read()[:-1])
    for bad in (cut, changed(SAFE + "/ledger.said", 40)):
        restore(path, "--ledger", bad).fails(1, r"as it was")
    check(not os.path.exists(STORE), "nothing was put there")
    restore(path, "--ledger", SAFE + "/ledger.said").ok()
    check(not logs_in("e1050"), "nor here")
    check(logs_in("e1051") and logs_in("e1052"), "the others do")
    agree("1050")
    check(logs_in("e1050"), "until she agrees again")
    restore(backup("agreed-again"), "--ledger", SAFE + "/ledger.said").ok()
    check(logs_in("e1050"), "which an old ledger does not undo")

    fold_and_keep()
    withdraw("1051")
    put_back_by_hand()
    check(logs_in("e1051"), "for now it holds")
    has(ctl("purge").ok().out, r"Withdrawn again +1\b")
    check(not logs_in("e1051"), "and is withdrawn again")


@story("P15: without a ledger nobody can know, which restore says first")
def unled():
    another_machine()
    path = SAFE + "/agreed"
    has(restore(path).fails(4).all, r"withdrawn", r"--ledger")
    restore(path, "--no-ledger").ok()
    check(logs_in("e1050"), "as it was when the backup was made")


@story("the site key is replaced while logins go on, and nobody is refused",
       timeout=240)
def rotate():
    old = open(KEY, "rb").read()
    with Broker(), ThreadPoolExecutor(4) as pool:
        logins = pool.map(logs_in, ["e10%02d" % (n % 3) for n in range(90)])
        for n in range(6):
            ctl("key", "rotate").ok()
            enrol("15%02d" % n)
        results = list(logins)
        results += [logs_in("e15%02d" % n) for n in range(6)]
    equal(results.count(False), 0, "refused logins")
    check(open(KEY, "rb").read() != old, "the key is another one")
    equal(oct(os.stat(KEY).st_mode & 0o777), "0o400")
    check(not os.path.exists(KEY + ".next"), "and only one is there")
    has(names(), r"Lin Mei")
    ctl("audit", "verify").ok()
    ctl("doctor").ok()


@story("P14: after a rotation an older backup cannot be opened, a new one can")
def rotated_backup():
    restore(SAFE + "/before").fails(1, r"another site key")
    keep_key()
    path = backup("after")
    another_machine()
    restore(path, "--no-ledger").ok()
    check(logs_in("e1002"), "with the new key")


@story("killed at any moment, a rotation has happened whole or not at all",
       timeout=240)
def rotate_kills():
    began = time.monotonic()
    ctl("key", "rotate").ok()
    moments = Moments(time.monotonic() - began, 20)
    for n in moments:
        old = open(KEY, "rb").read()
        b = Broker().start()
        p = subprocess.Popen(["attendctl", "key", "rotate"],
                             stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
        moments.wait()
        b.stop(signal.SIGKILL)
        p.wait(20)
        check(logs_in("e1002"), "round %d" % n)
        ctl("audit", "verify").ok()
        moments.note(open(KEY, "rb").read() != old)
    ctl("key", "rotate").ok()
    check(not os.path.exists(KEY + ".next"), "settled in the end")
    check(logs_in("e1002"), "and she gets in")
    moments.met()


@story("a site key that is the service manager's is not replaced, and says how")
def credential():
    os.makedirs("/run/credentials/attendd")
    shutil.copy(KEY, "/run/credentials/attendd/attend.site-key")
    run("chown", "-R", "attend:attend", "/run/credentials/attendd").ok()
    os.chmod("/run/credentials/attendd/attend.site-key", 0o400)
    Broker().stop(signal.SIGKILL)
    with Broker(env={"CREDENTIALS_DIRECTORY": "/run/credentials/attendd"}):
        ctl("key", "rotate").fails(4, r"service manager")
        check(logs_in("e1002"), "logins go on")


@story("P8 P16 P23: notices, disclosures and open requests are not undone by a "
       "restore, which says what it cut off")
def promised():
    path = backup("promised")
    ctl("disclose", "1002", "--to", "Inspectorate", "--basis", "legal-duty",
        "--purpose", "inspection", "--fields", "name", "--decided-by",
        "1001").ok()
    ctl("request", "open", "1002", "access", "--how", "in-person").ok()
    write("/root/n.txt", "Two, with a right less.\n")
    ctl("notice", "publish", "/root/n.txt", "--version", "2", "--lang", "en",
        "--major", "rights").ok()
    was = json.loads(ctl("audit", "verify", "--json").ok().out)
    said = restore(path).ok().out
    has(said, r"\b1 texts of notices, 1 disclosures and 1 open requests are kept",
        r"\b0 could not", r"ended at record %d, %s" % (was["records"], was["head"]))
    has(ctl("notice", "show", "2").ok().out, r"Two, with a right less")
    write("/root/n.txt", "Two, quite another text.\n")
    ctl("notice", "publish", "/root/n.txt", "--version", "2", "--lang", "en",
        "--major", "rights").fails(5)
    has(ctl("request", "list").ok().out, r"1002.*access")
    with Broker():
        held = json.loads(ctl("me", "show", "--json", user="e1002").ok().out)
    equal([d["recipient"] for d in held["disclosures"]], ["Inspectorate"])
    record = json.loads(ctl("audit", "list", "--json").ok().out)
    has([r["detail"] for r in record if r["event"] == "restore"][-1],
        r"cut_seq=%d cut_hash=%s" % (was["records"], was["head"]))
    ctl("audit", "verify").ok()


main()
