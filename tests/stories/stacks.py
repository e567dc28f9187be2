#!/usr/bin/env -S python3 -B
"""The stacks that pam-auth-update makes, and what doctor says about others."""
import os, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
from story import *

broker = Broker()
KINDS = ("auth", "account", "password", "session")


def prepare():
    enrol("1001")
    broker.start()


def stack(kind):
    return [line.split(None, 1)[1] for line in
            read("/etc/pam.d/common-" + kind).splitlines()
            if line and not line.startswith("#")]


@story("pam-auth-update names a module that exists, in each stack")
def names():
    for kind in KINDS:
        text = "\n".join(stack(kind))
        has(text, r"pam_att\.so")
        for module in re.findall(r"\bpam_\w+\.so", text):
            found = run("sh", "-c", "ls /lib/*/security/%s" % module)
            check(found.status == 0, "%s in common-%s" % (module, kind))


@story("local accounts pass by attend, everybody else depends on its answer")
def shape():
    for kind in ("auth", "account", "password"):
        lines = stack(kind)
        at = [i for i, line in enumerate(lines) if "pam_att.so" in line][0]
        has(lines[at - 1], r"^\[success=1 default=ignore\]\s+pam_localuser")
        has(lines[at], r"default=die")
        lacks(lines[at], r"(module_unknown|authinfo_unavail|perm_denied)=ignore")
        unix = [i for i, line in enumerate(lines) if "pam_unix.so" in line][0]
        equal(unix < at, kind == "password", "pam_unix first")
        lacks("\n".join(lines) if kind == "password" else "", r"use_authtok")


@story("doctor is content with these stacks and with the name service order")
def content():
    r = ctl("doctor")
    equal(r.status, 0, r.all)
    has(r.all, r"services use pam_attend and come out right")


def doctor_says(path, text, *patterns):
    """Content before, not with this file, content after."""
    old = read(path) if os.path.exists(path) else None
    write(path, text)
    r = ctl("doctor")
    if old is None:
        os.unlink(path)
    else:
        write(path, old)
    check(r.status != 0, r.all)
    has(r.all, *patterns)
    ctl("doctor").ok()


@story("doctor names a stack that would let staff in on a broken attend")
def fail_open():
    doctor_says("/etc/pam.d/kiosk-open",
                "account [success=ok default=ignore] pam_attend.so\n"
                "account required pam_permit.so\n", r"kiosk-open")


@story("doctor names a stack that would lock local accounts out")
def lock_out():
    doctor_says("/etc/pam.d/kiosk-shut",
                "auth required pam_attend.so\nauth required pam_unix.so\n",
                r"kiosk-shut")


@story("doctor names the logins of staff that a try on one console leaves open")
def one_console():
    profiles, login = ("attend", "attend-pin"), read("/etc/pam.d/login")
    lines = re.search(r"text console first.*?offset indent\n(.*?)\.Ed", read(
        SRC + "/pam_module/pam_attend.8"), re.S)[1].replace("\\e\n", "")
    try:
        run("pam-auth-update", "--package", "--remove", *profiles).ok()
        write("/etc/pam.d/login", lines + login)
        named, = [line for line in ctl("doctor").ok().out.splitlines()
                  if "is not asked" in line]
        has(named, r"\bsshd\b", r"\bcron\b")
        lacks(named, r"\b(login|chpasswd|newusers|passwd|runuser)\b")
    finally:
        write("/etc/pam.d/login", login)
        run("pam-auth-update", "--package", "--enable", *profiles).ok()
    lacks(ctl("doctor").ok().out, r"is not asked")


@story("doctor names attend standing before files in nsswitch.conf, or missing")
def nsswitch():
    text = read("/etc/nsswitch.conf")
    doctor_says("/etc/nsswitch.conf", re.sub(
        r"(?m)^passwd:.*$", "passwd: attend files", text), r"nsswitch")
    doctor_says("/etc/nsswitch.conf", re.sub(
        r"(?m)^passwd:.*$", "passwd: files", text), r"nsswitch")


@story("switched off by pam-auth-update the machine is as before, and on again")
def off_and_on():
    run("pam-auth-update", "--package", "--remove", "attend", "attend-pin").ok()
    for kind in KINDS:
        lacks("\n".join(stack(kind)), r"pam_att")
    t = shell_of(log_in("visitor", "visitorpassword", prompt="Password: "))
    t.hang_up()
    t = Terminal(["pamtester", "kiosk", "e1001", "authenticate"])
    t.answer(r"Password: ", PIN, hidden=True)
    check(t.end() != 0, t.text)
    run("pam-auth-update", "--package", "--enable", "attend", "attend-pin").ok()
    t = pam("e1001", "authenticate", "acct_mgmt", answers=[PIN])
    equal(t.status, 0, t.text)
    t = shell_of(log_in("visitor", "visitorpassword", prompt="Password: "))
    t.hang_up()


@story("make uninstall takes every file away, and locals log in")
def uninstall():
    broker.stop()
    configure(userdb="yes")
    ctl("publish").ok()
    write("/run/userdb/guest.user", "{}\n")
    check(len(os.listdir("/run/userdb")) > 2, "no records")
    files = run("sh", "-c", "ls /usr/sbin/attendd /usr/bin/attendctl "
                "/lib/*/security/pam_att*.so").ok().out
    equal(files.count("\n"), 4, files)
    run("make", "-s", "-C", SRC, "B=" + BUILD[len(SRC) + 1:], "uninstall",
        "PREFIX=/usr", timeout=60).ok()
    left = run("sh", "-c", "find /usr -xdev -name '*attend*' "
               "-not -path '/usr/local/*' -not -path '*/python3*' "
               "-newer /etc/attend/attend.conf").out
    check(not [p for p in left.split() if os.path.isfile(p)], left)
    equal(os.listdir("/run/userdb"), ["guest.user"])
    for kind in KINDS:
        lacks("\n".join(stack(kind)), r"pam_att")
    t = shell_of(log_in("visitor", "visitorpassword", prompt="Password: "))
    t.hang_up()
    t = shell_of(log_in("root", "rootpassword", prompt="Password: "))
    t.hang_up()


main(quick=False, prepare=prepare)
