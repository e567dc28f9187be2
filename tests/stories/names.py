#!/usr/bin/env -S python3 -B
"""Staff as the rest of the machine sees them: names, numbers, groups."""
import os, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
from story import *


def prepare():
    run("groupadd", "--system", "scanner")
    configure(local_groups="scanner")
    enrol("1001", name="Lin Mei", department="Assembly")
    enrol("1002", name="Wang Jun", department="Stores")
    enrol("A-7.x", name="Guo Lan", login="guolan", department="sudo")


def getent(*words):
    return run("getent", *words).out


@story("getent finds staff by name and by uid, with a password nobody has")
def passwd():
    line = getent("passwd", "e1001")
    has(line, r"^e1001:[*x]:70000:\d+:1001:/home/e1001:/bin/\w+\n$")
    equal(getent("passwd", "70000"), line)
    equal(getent("passwd", "e9999"), "")
    equal(getent("passwd", "79999"), "")


@story("no real name, birth date or PIN is published, unless names are turned on")
def discreet():
    lacks(getent("passwd", "e1001"), r"Lin|Mei|1990")
    with open(DIRECTORY, "rb") as f:
        lacks(f.read().decode("latin-1"), r"Lin|1990-|argon")
    configure(local_groups="scanner", publish_names="yes")
    ctl("publish").ok()
    has(getent("passwd", "e1001"), r":Lin Mei:")
    configure(local_groups="scanner")
    ctl("publish").ok()
    lacks(getent("passwd", "e1001"), r"Lin")


@story("id shows the site's group, the department and the local groups")
def groups():
    has(run("id", "e1001").ok().out, r"uid=70000\(e1001\) gid=\d+\(kiosk\)",
        r"\(dept-assembly\)", r"\(scanner\)")
    has(getent("group", "dept-assembly"), r"^dept-assembly:[*x]:\d+:.*\be1001\b")
    lacks(getent("group", "dept-assembly"), r"e1002")
    has(getent("group", "dept-stores"), r"\be1002\b")
    equal(run("id", "e9999").status, 1)


@story("a department called sudo gives nobody the group sudo")
def prefixed():
    has(run("id", "guolan").ok().out, r"\(dept-sudo\)")
    lacks(run("id", "guolan").out, r"[(]sudo[)]")


@story("ls -l, chown, find and su - know the staff")
def tools():
    write("/tmp/report", "")
    run("chown", "e1001:dept-assembly", "/tmp/report").ok()
    has(run("ls", "-l", "/tmp/report").ok().out, r" e1001 dept-assembly ")
    has(run("ls", "-ln", "/tmp/report").ok().out, r" 70000 ")
    equal(run("find", "/tmp", "-user", "e1001").ok().out, "/tmp/report\n")
    r = run("su", "-", "e1001", "-c", "id -un; pwd").ok()
    has(r.out, r"(^|\n)e1001\n/home/e1001\n$")


@story("a number that may not stand in a login name gets a login of its own")
def odd_number():
    has(getent("passwd", "guolan"), r"^guolan:[*x]:\d+:\d+:A-7\.x:")
    r = ctl("employee", "add", "B_8.y", "--name", "He Min")
    check(r.status == 0 or "--login" in r.all, r.all)
    ctl("employee", "add", "1001", "--name", "Twin").fails(5)
    ctl("employee", "add", "1055", "--name", "Twin", "--login",
        "guolan").fails(5)
    ctl("employee", "add", "1055", "--name", "Twin", "--login",
        "visitor").fails(None, r"visitor")


@story("a name that a local account takes is left to the local account")
def local_wins():
    enrol("1010", login="clash")
    has(getent("passwd", "clash"), r":70\d+:")
    local_account("other", "clashpassword", "--uid", "4242")
    for path in ("/etc/passwd", "/etc/shadow"):  # as an admin with an editor
        edit(path, r"^other:", "clash:")
    ctl("publish").ok()
    has(getent("passwd", "clash"), r"^clash:x:4242:")
    equal(getent("-s", "attend", "passwd", "clash"), "")
    has(ctl("doctor").all, r"clash")
    t = shell_of(log_in("clash", "clashpassword", prompt="Password: "))
    equal(shell_says(t, "id -u").strip(), "4242")
    t.hang_up()


@story("who has the id of a local group in common with a group of ours is no member")
def local_gid_wins():
    enrol("1011", department="Paint")
    gid = getent("group", "dept-paint").split(":")[2]
    has(run("id", "e1011").ok().out, r"%s\(dept-paint\)" % gid)
    run("groupadd", "payroll").ok()
    edit("/etc/group", r"^payroll:x:\d+:", "payroll:x:%s:" % gid)
    ctl("publish").ok()
    groups = run("id", "-G", "e1011").ok().out.split()
    check(groups and gid not in groups, groups)
    run("groupdel", "payroll").ok()
    ctl("publish").ok()
    has(run("id", "e1011").ok().out, r"%s\(dept-paint\)" % gid)


@story("a local account that got an employee's uid is not that employee")
def local_uid():
    uid = run("id", "-u", enrol("1014")).ok().out.strip()
    with Broker():
        has(ctl("me", "show", user="e1014").ok().out, r"1014")
        for phase in ("authenticate", "acct_mgmt"):
            run("pamtester", "kiosk", "e1014", phase, user="e1014",
                input=PIN + "\n").ok()
        local_account("squatter", "squatterpassword", "--non-unique", "--uid",
                      uid)
        for phase in ("authenticate", "acct_mgmt"):
            run("pamtester", "kiosk", "e1014", phase, user="squatter",
                input=PIN + "\n").fails()
        r = ctl("me", "show", user="squatter").fails(4)
        lacks(r.all, r"1014")
        ctl("me", "withdraw", user="squatter", input="yes\n").fails(4)
        run("userdel", "-r", "squatter").ok()
        ctl("publish").ok()
        has(ctl("me", "show", user="e1014").ok().out, r"1014")


@story("an id that a local account or group has is given to nobody")
def local_id_taken():
    uid = int(run("id", "-u", enrol("1012")).ok().out)
    gid = int(getent("group", "dept-paint").split(":")[2])
    local_account("early", "earlypassword", "--uid", str(uid + 1))
    run("groupadd", "--gid", str(gid + 1), "earlygroup").ok()
    enrol("1013", department="Varnish")
    equal(run("id", "-u", "e1013").ok().out, "%d\n" % (uid + 2))
    equal(getent("group", "dept-varnish").split(":")[2], str(gid + 2))
    run("userdel", "-r", "early").ok()
    run("groupdel", "earlygroup").ok()


@story("enumeration is off, and can be turned on")
def enumeration():
    lacks(getent("passwd"), r"e1001")
    has(getent("passwd"), r"^root:")
    configure(local_groups="scanner", enumerate="yes")
    ctl("publish").ok()
    has(getent("passwd"), r"\ne1001:", r"\ne1002:")
    has(getent("group"), r"\ndept-assembly:")
    configure(local_groups="scanner")
    ctl("publish").ok()
    lacks(getent("passwd"), r"e1001")


@story("staff who left keep their name for their files, and uids are never reused")
def stays():
    ctl("employee", "end", "1002", "--on", "2020-01-31").ok()
    uid = getent("passwd", "e1002").split(":")[2]
    check(uid == "70001", uid)
    enrol("1099")
    check(getent("passwd", "e1099").split(":")[2] > uid, "a new uid")


@story("a process that was started before sees those who are added later")
def long_running():
    t = Terminal(["python3", "-i", "-q"])
    t.expect(r">>> ")
    t.send("import pwd; pwd.getpwnam('e1001').pw_uid\n")
    t.expect(r"70000\n")
    t.send("pwd.getpwnam('e2001')\n")
    t.expect(r"KeyError.*\n")
    enrol("2001")
    time.sleep(1.1)  # a reader may trust its mapping for a second
    t.send("pwd.getpwnam('e2001').pw_name\n")
    t.expect(r"'e2001'")
    t.hang_up()


main(prepare=prepare)
