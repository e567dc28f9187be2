#!/usr/bin/env -S python3 -B
"""The audit chain: what it holds, that nobody changes it unseen, and that it
can be checked elsewhere."""
import json, os, shutil, sqlite3, subprocess, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
from story import *

STATE = "/var/lib/attend"
broker = Broker()


def prepare():
    for n in range(3):
        enrol("10%02d" % n)
    with broker:
        for n in range(12):
            run("pamtester", "kiosk", "e10%02d" % (n % 3), "authenticate",
                "acct_mgmt", input=(PIN if n % 4 else WRONG_PIN) + "\n")
        while records() < 140:
            ctl("employee", "list").ok()


def records():
    return json.loads(ctl("audit", "verify", "--json").ok().out)["records"]


def attendctl_bytes(*words):
    return subprocess.run(["attendctl"] + list(words), check=True,
                          stdout=subprocess.PIPE).stdout


def public_key():
    return json.loads(ctl("status", "--json").ok().out)["public_key"]


def verify(data, *more):
    with open("/tmp/export", "wb") as f:
        f.write(data)
    os.chmod("/tmp/export", 0o644)
    return run("attend-verify", *more, "/tmp/export")


@story("P3: every login, refusal, change and look is in the chain, with when, "
       "who did it and what")
def complete():
    out = ctl("audit", "list", "1000").ok().out
    has(out, r"pin-set", r"consent-given",
        r"login.*verdict=allow", r"login.*verdict=deny|attempt.*fail",
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*root")
    has(ctl("audit", "list").ok().out, r"employee-add +- +root +fields=")
    ctl("employee", "show", "1000").ok()
    has(ctl("audit", "list", "1000").ok().out, r"employee-show")


@story("P3: the person reads the own records, and nobody else's")
def own():
    with broker:
        out = ctl("me", "show", user="e1001").ok().out
        has(out, r"login", r"pin-set", r"all +office .*root")
        ctl("audit", "list", user="e1001").fails(4)


@story("P4: without the store's keys the chain names nobody")
def nobody():
    data = attendctl_bytes("audit", "export")
    for word in (b"Lin Mei", b"e1001", b"1001", b"70001", b"1990"):
        check(word not in data, "%r is in the export" % word)


@story("an export verifies elsewhere, as anybody, with the site's public key alone")
def elsewhere():
    data = attendctl_bytes("audit", "export")
    kill_all("attendd")
    os.rename(STATE, STATE + ".away")
    try:
        r = verify(data)
        has(r.ok().out, r"good, records 1 to \d+")
        has(r.err, r"--key")
        out = run("attend-verify", "--list", "/tmp/export", user="visitor").ok().out
        has(out, r"\temployee-add\t")
    finally:
        os.rename(STATE + ".away", STATE)
    key = public_key()
    r = verify(data, "--key", key)
    equal(r.ok().err, "")
    other = ("0" if key[0] != "0" else "1") + key[1:]
    verify(data, "--key", other).fails(1, r"another site")


@story("attend-verify names the first bad record, and refuses what is no export")
def names_it():
    data = attendctl_bytes("audit", "export")
    at = data.index(b"employee-list")
    listed = [line.split("\t") for line in verify(data, "--list").out.splitlines()
              if "\t" in line]
    wanted = next(row[0] for row in listed if row[2] == "employee-list")
    bad = bytearray(data)
    bad[at] ^= 1
    verify(bytes(bad)).fails(1, r"record %s\b" % wanted)
    verify(data[:-1]).fails(1, r"cut off")
    verify(data + b"x").fails(1, r"follows the end")
    verify(b"hello").fails(1, r"not an export")
    verify(b"").fails(1)
    run("attend-verify").fails(2, r"usage")
    run("attend-verify", "--key", "12", "/tmp/export").fails(2)
    run("attend-verify", "/nowhere").fails(1, r"No such file")


@story("an export is not for a terminal")
def terminal():
    t = Terminal(["attendctl", "audit", "export"])
    t.expect(r">FILE")
    equal(t.end(), 2)


class Copy:
    """The store as it is, to be put back after an attack on it."""

    def __enter__(self):
        kill_all("attendd")
        shutil.copytree(STATE, "/root/copy")
        return self

    def __exit__(self, *_):
        kill_all("attendd")
        shutil.rmtree(STATE)
        run("cp", "-a", "/root/copy", STATE).ok()
        run("chown", "-R", "attend:attend", STATE).ok()
        shutil.rmtree("/root/copy")


def attack(*statements):
    db = sqlite3.connect(STORE)
    db.execute("PRAGMA foreign_keys = OFF")
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = "
                              "'trigger' AND tbl_name LIKE 'audit%'").fetchall():
        db.execute("DROP TRIGGER " + name)
    for sql in statements:
        db.execute(sql)
    db.commit()
    db.close()
    run("chown", "-R", "attend:attend", STATE).ok()


ATTACKS = (
    ("a record changed", 20, "UPDATE audit SET bytes = CAST(replace(CAST("
     "bytes AS TEXT), 'root', 'toor') AS BLOB) WHERE seq = 20"),
    ("a record deleted", 20, "DELETE FROM audit WHERE seq = 20"),
    ("two records swapped", 20, "UPDATE audit SET seq = 9999 WHERE seq = 20",
     "UPDATE audit SET seq = 20 WHERE seq = 21",
     "UPDATE audit SET seq = 21 WHERE seq = 9999"),
    ("a record added", None, "INSERT INTO audit SELECT max(seq) + 1, subject, "
     "bytes, hash FROM audit"),
    ("the tail cut off", 101, "DELETE FROM audit_checkpoint WHERE seq > 100",
     "DELETE FROM audit WHERE seq > 100"),
    ("the front cut off and called pruned", 1,
     "INSERT INTO audit_base SELECT 1, a.seq, a.hash, c.sig FROM audit a JOIN "
     "audit_checkpoint c ON c.seq = a.seq WHERE a.seq = 64",
     "DELETE FROM audit_checkpoint WHERE seq <= 64",
     "DELETE FROM audit WHERE seq <= 64"),
    ("a checkpoint forged", 64, "UPDATE audit_checkpoint SET sig = "
     "randomblob(64) WHERE seq = 64"),
)


def tell_attack(what, record, *statements):
    def tell():
        with Copy():
            ctl("audit", "verify").ok()
            attack(*statements)
            r = ctl("audit", "verify", "--json").fails(1)
            bad = json.loads(r.out)
            check(not bad["good"] and bad["why"], bad)
            if record:
                equal(bad["bad_record"], record)
            ctl("purge").fails(1)
            has(r.err, r"compare")
        ctl("audit", "verify").ok()
    return tell


for what, record, *statements in ATTACKS:
    story("%s is found, and the first bad record is named; nothing is pruned "
          "then" % what)(tell_attack(what, record, *statements))


def head_since(mark):
    head = r"audit head=(\d+:[0-9a-f]{64})"
    return re.findall(head, journal.tells(mark, head))[-1]


@story("the head goes to the system log; a store put back to an older state is "
       "found by it")
def head():
    mark = journal.mark()
    ctl("employee", "list").ok()
    line = head_since(mark)
    ctl("audit", "verify", "--head", line).ok()
    seq = int(line.split(":")[0])
    ctl("audit", "verify", "--head", "%d:%s" % (seq, "0" * 64)).fails(1, r"another")
    ctl("audit", "verify", "--head", "%d:%s" % (seq + 100, "0" * 64)).fails(
        1, r"cut off")
    for bad in ("x", "1:", "0:" + "0" * 64, line + "0", "-1:" + "0" * 64):
        ctl("audit", "verify", "--head", bad).fails(2, r"SEQ:HASH")
    with Copy():
        mark = journal.mark()
        ctl("employee", "list").ok()
        newer = head_since(mark)
        ctl("audit", "verify", "--head", newer).ok()
    ctl("audit", "verify").ok()     # an older state hangs together, too
    ctl("audit", "verify", "--head", newer).fails(1, r"cut off")
    ctl("audit", "verify", "--head", line).ok()


@story("a dialogue that writes nothing logs no head")
def quiet():
    mark = journal.mark()
    ctl("status").ok()
    lacks(journal.since(mark), r"audit head")


main(prepare=prepare)
