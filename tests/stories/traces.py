#!/usr/bin/env -S python3 -B
"""Traces: what a login leaves, where, and who can read it."""
import json, os, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
from story import *

broker = Broker()


def prepare():
    enrol("1001", name="Lin Mei")
    ctl("consent", "record", "1001", "--purpose", "attendance").ok()
    broker.start()


def log_in_and_out(user="e1001"):
    run("pamtester", "-I", "rhost=192.0.2.7", "-I", "tty=tty7", "kiosk", user,
        "authenticate", "acct_mgmt", "open_session", "close_session",
        input=PIN + "\n").ok()


def as_json(*words, **kw):
    return json.loads(ctl(*words, "--json", **kw).ok().out)


@story("P1: attendd has no network: nothing of it listens or connects, and it "
       "could not")
def no_network():
    log_in_and_out()
    pid = broker.process.pid  # its workers are forks of it
    links = [os.readlink("/proc/%d/fd/%s" % (pid, fd))
             for fd in os.listdir("/proc/%d/fd" % pid)]
    inodes = {m[1] for m in (re.match(r"socket:\[(\d+)\]", x) for x in links)
              if m}
    unix = {line.split()[6] for line in
            read("/proc/%d/net/unix" % pid).splitlines()[1:]}
    check(inodes and inodes <= unix, "a socket that is not AF_UNIX")
    equal(re.search(r"Seccomp:\s+(\d)", read("/proc/%d/status" % pid))[1], "2",
          "a system call filter")
    unit = read("/usr/lib/systemd/system/attendd.service")
    has(unit, r"(?m)^RestrictAddressFamilies=AF_UNIX$", r"PrivateNetwork=yes")


@story("P2: a login carries what the site needs and no more, the place of "
       "those only who agreed to that")
def device():
    def last():
        log_in_and_out()
        a = as_json("attendance", "list", "1001")[-1]
        return {k: a[k] for k in ("tty", "rhost", "kiosk", "os", "machine",
                                  "place")}
    equal(set(last().values()), {None})
    every = {"collect_" + k: "yes" for k in ("tty", "rhost", "kiosk", "os",
                                             "machine", "place")}
    write("/etc/machine-id", "0123456789abcdef0123456789abcdef\n")
    broker.stop()
    configure(place="Hall 2", **every)
    broker.start()
    a = last()
    equal((a["tty"], a["rhost"], a["kiosk"], a["os"]),
          ("tty7", "192.0.2.7", "kiosk-1",
           "%s %s" % (os.uname().sysname, os.uname().release)))
    has(a["machine"], r"^[0-9a-f]{32}$")
    check(a["machine"] != "0123456789abcdef0123456789abcdef", "a keyed hash")
    equal(a["machine"], last()["machine"])
    equal(a["place"], None, "not without consent to location")
    ctl("consent", "record", "1001", "--purpose", "location").ok()
    equal(last()["place"], "Hall 2")
    ctl("consent", "withdraw", "1001", "--purpose", "location").ok()
    equal(last()["place"], None)
    blob = state_bytes()
    check(b"0123456789abcdef0123456789abcdef" not in blob, "the id itself")
    broker.stop()
    configure()
    broker.start()


@story("P11: every value keeps where it came from, since when and by whom")
def sources():
    ctl("employee", "add", "1011", "--name", "Wu Fang", "--source",
        "contract of March").ok()
    ctl("employee", "set", "1011", "--phone", "555 0111", "--source",
        "her own call").ok()
    ctl("employee", "set", "1011", "--email", "wu@example.org", "--source",
        "x" * 33).fails(2, r"at most 32 bytes")
    ctl("employee", "set", "1011", "--email", "wu@example.org").ok()
    got = [(h["field"], h["source"], h["by"]) for h in
           as_json("me", "show", user="e1011")["history"]]
    equal(got, [("all", "contract of March", "root"),
                ("phone", "her own call", "root"),
                ("email", "office", "root")])


@story("P3: logins and decisions can be read by the person himself, and of all "
       "by the office")
def readable():
    log_in_and_out()
    mine = as_json("me", "show", user="e1001")
    check(any(a["event"] == "login" for a in mine["attendance"]), "login")
    check(any("verdict=allow" in r["detail"] for r in mine["records"]),
          "decision")
    check(any(a["outcome"] == "succeeded" for a in mine["attempts"]), "try")
    check(any(a["event"] == "logout" for a in
              as_json("attendance", "list", "1001")), "logout")
    ctl("attendance", "list", user="e1001").fails(4, r"only root")
    ctl("audit", "list", user="e1001").fails(4, r"only root")


@story("P4: log and chain alone name nobody")
def pseudonyms():
    mark = journal.mark()
    log_in_and_out()
    ctl("employee", "set", "1001", "--phone", "555 0100").ok()
    text = journal.since(mark) + ctl("audit", "list").ok().out
    text = "\n".join(line for line in text.splitlines()
                     if "attend" in line or "pam" not in line)
    lacks(text, r"Lin Mei", r"(?<![0-9a-f])e?1001\b", r"555 0100", r"1990-04")
    has(text, r"fields=phone", r"login verdict=allow", r"audit head=")


@story("P5: the kiosk remembers no last user, and shows no name unless the "
       "site wants that")
def no_memory():
    log_in_and_out()
    lacks(run("getent", "passwd", "e1001").ok().out, r"Lin Mei")
    out = run("grep", "-rlI", "Lin Mei", "/var/log", "/var/cache", "/run",
              "/etc", "/home").out
    equal(out, "", "a file with a name in it")


main(prepare=prepare)
