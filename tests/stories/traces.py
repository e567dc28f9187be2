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
    for pid in pids("attendd"):
        links = [os.readlink("/proc/%d/fd/%s" % (pid, fd))
                 for fd in os.listdir("/proc/%d/fd" % pid)]
        inodes = {m[1] for m in (re.match(r"socket:\[(\d+)\]", x)
                                 for x in links) if m}
        unix = {line.split()[6] for line in
                read("/proc/%d/net/unix" % pid).splitlines()[1:]}
        check(inodes and inodes <= unix, "a socket that is not AF_UNIX")
        equal(re.search(r"Seccomp:\s+(\d)", read("/proc/%d/status" % pid))[1],
              "2", "a system call filter")
    unit = read("/usr/lib/systemd/system/attendd.service")
    has(unit, r"(?m)^RestrictAddressFamilies=AF_UNIX$", r"PrivateNetwork=yes")


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
                     if "attendd" in line or "pam" not in line)
    lacks(text, r"Lin Mei", r"\b1001\b", r"555 0100", r"1990-04")
    has(text, r"fields=phone")


@story("P5: the kiosk remembers no last user, and shows no name unless the "
       "site wants that")
def no_memory():
    log_in_and_out()
    lacks(run("getent", "passwd", "e1001").ok().out, r"Lin Mei")
    out = run("grep", "-rlI", "Lin Mei", "/var/log", "/var/cache", "/run",
              "/etc", "/home").out
    equal(out, "", "a file with a name in it")


main(prepare=prepare)
