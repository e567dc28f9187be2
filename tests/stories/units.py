#!/usr/bin/env -S python3 -B
"""The units as they are installed, under a real systemd as pid 1."""
import os, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
import reader
from hand import OFFER, enrol_finger, touch
from story import *

SYSTEMD = "/lib/systemd/systemd"
GROUPS = "/tmp/cgroup"
GROUP = GROUPS + "/attend-units-%s" % os.urandom(4).hex()

# In its own namespaces and its own subtree of control groups; what belongs to
# the machine's kernel it can only read.
BOOT = r"""set -e
mount --make-rprivate /
mount -t proc proc /proc
mount --bind /proc/sys /proc/sys
mount -o remount,bind,ro /proc/sys
mount --bind /sys /sys
mount -o remount,bind,ro /sys
mount -t tmpfs -o mode=755 cgroup /sys/fs/cgroup
mount -t cgroup2 cgroup /sys/fs/cgroup
mount -t tmpfs -o mode=755 run /run
mkdir -p /run/systemd
exec env -i container=other PATH="$PATH" %s --system --unit=kiosk.target \
    --log-target=null --show-status=no
""" % SYSTEMD


class Machine:
    """A booted systemd; its programs are run with in_it."""

    def boot(self):
        os.makedirs(GROUPS)
        run("mount", "-t", "cgroup2", "cgroup", GROUPS).ok()
        os.mkdir(GROUP)
        self.process = subprocess.Popen(
            ["sh", "-c", "echo $$ >%s/cgroup.procs && exec unshare --mount"
             " --pid --cgroup --fork --kill-child sh -c \"$0\"" % GROUP, BOOT],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        wait_for("systemd is up", lambda: self.pid() and run(
            *self.in_it("systemctl", "is-active", "kiosk.target")).status == 0,
            20)
        return self

    def pid(self):
        children = read("/proc/%d/task/%d/children" % (
            self.process.pid, self.process.pid)).split()
        return children[0] if children else None

    def in_it(self, *argv):
        return ("nsenter", "-t", self.pid(), "-m", "-p", "-r") + argv

    def run(self, *argv, **kw):
        return run(*self.in_it(*argv), **kw)

    def active(self, unit):
        return self.run("systemctl", "is-active", unit).out.strip()

    def off(self):
        if not hasattr(self, "process"):
            return
        self.process.kill()
        self.process.wait()
        for _ in range(50):
            run("find", GROUP, "-depth", "-type", "d", "-exec", "rmdir", "{}",
                "+")
            if not os.path.exists(GROUP):
                return
            time.sleep(0.1)


machine = Machine()


def prepare():
    reader.prepare()
    reader.settings()
    enrol("1001")
    configure(idle_seconds=1)
    write("/etc/systemd/system/kiosk.target",
          "[Unit]\nDescription=kiosk\nWants=attendd.socket sysinit.target "
          "attend-sensor.socket\nAfter=attendd.socket attend-sensor.socket\n")
    write("/etc/systemd/system/attend-sensor.service.d/virtual.conf",
          "[Service]\nRuntimeDirectory=attend-virtual\n"
          "Environment=FP_VIRTUAL_IMAGE=%s\n" % reader.VIRTUAL)
    if os.path.exists(SYSTEMD):
        machine.boot()


def unit_story(sentence):
    def mark(tell):
        def told():
            if not os.path.exists(SYSTEMD):
                skip("systemd is not installed")
            tell()
        return story(sentence, timeout=400)(told)
    return mark


def logs_in():
    return machine.run("pamtester", "kiosk", "e1001", "authenticate",
                       "acct_mgmt", input=PIN + "\n").status == 0


@unit_story("a login starts attendd through its socket, and idle it leaves")
def activation():
    equal(machine.active("attendd.socket"), "active")
    equal(machine.active("attendd.service"), "inactive")
    check(logs_in(), "logged in")
    check(not machine.run("pamtester", "kiosk", "e1001", "authenticate",
                          input=WRONG_PIN + "\n").status == 0, "not otherwise")
    equal(machine.active("attendd.service"), "active")
    machine.run("attendctl", "doctor").ok()
    wait_for("idle it leaves",
             lambda: machine.active("attendd.service") == "inactive")
    check(logs_in(), "and comes again")


@unit_story("however often it ends or dies, systemd starts it again")
def never_given_up():
    for _ in range(8):
        check(logs_in(), "logged in")
        machine.run("systemctl", "kill", "-s", "KILL", "attendd.service")
    for _ in range(3):
        check(logs_in(), "logged in")
        wait_for("idle it leaves",
                 lambda: machine.active("attendd.service") != "active")
    equal(machine.active("attendd.socket"), "active")
    check(logs_in(), "still")
    machine.run("attendctl", "audit", "verify").ok()


@unit_story("the service has no network, no rights and nobody else's files")
def confined():
    check(logs_in(), "it runs")
    pid = machine.run("systemctl", "show", "-P", "MainPID",
                      "attendd.service").ok().out.strip()
    status = machine.run("cat", "/proc/%s/status" % pid).ok().out
    has(status, r"CapEff:\s+0+\n", r"NoNewPrivs:\s+1", r"Seccomp:\s+2")
    has(machine.run("nsenter", "-t", pid, "-n", "cat", "/proc/net/dev").ok().out,
        r"lo:")
    lacks(machine.run("nsenter", "-t", pid, "-n", "cat", "/proc/net/dev").out,
          r"eth|enp|veth")
    machine.run("nsenter", "-t", pid, "-m", "-r", "ls", "/home/visitor").fails()
    machine.run("nsenter", "-t", pid, "-m", "-r", "touch", "/etc/x").fails(
        None, r"(?i)read-only")


@unit_story("the socket stopped leaves none behind, and root needs none")
def stopped():
    machine.run("systemctl", "stop", "attendd.socket", "attendd.service").ok()
    machine.run("test", "-e", SOCKET).fails()
    machine.run("attendctl", "status").ok()
    check(logs_in(), "root's programs start attendd themselves")
    machine.run("systemctl", "start", "attendd.socket").ok()
    check(logs_in(), "and through the socket again")


@unit_story("the purge unit runs, and its timer can be switched on")
def purge():
    machine.run("systemctl", "start", "attend-purge.service").ok()
    equal(machine.run("systemctl", "show", "-P", "Result",
                      "attend-purge.service").ok().out, "success\n")
    machine.run("systemctl", "enable", "--now", "attend-purge.timer").ok()
    equal(machine.active("attend-purge.timer"), "active")


# ---- the reader ----

reader.VIRTUAL = "/run/attend-virtual/reader"  # the unit has a /tmp of its own
MEI, STRANGER = 1, 2  # fingers


def outside():
    """Where we find the machine's virtual reader."""
    reader.VIRTUAL = "/proc/%s/root/run/attend-virtual/reader" % machine.pid()


def at_console(*operations, user=None, tty="tty7"):
    """pamtester at the machine's console, as login is there."""
    words = ["pamtester", "-I", "tty=/dev/" + tty, "kiosk", "e1001"]
    return Terminal(list(machine.in_it(*words, *operations)), user=user,
                    timeout=40)


def idle():
    """Both have left; their sockets have not. A reader that was long in use
    has to cool down first."""
    for unit in ("attendd", "attend-sensor"):
        wait_for(unit + " leaves idle", lambda: machine.active(
            unit + ".service") == "inactive", 240)
        equal(machine.active(unit + ".socket"), "active")


@unit_story("a finger is enrolled and lets in; both services come for it")
def finger():
    outside()
    reader.settings(test_readers="yes")
    configure(idle_seconds=1, factors="finger, pin")
    machine.run("systemctl", "stop", "attend-sensor.service")
    machine.run("attendctl", "consent", "record", "1001", "--purpose",
                "biometric.finger").ok()
    t = enrol_finger("1001", MEI, by=machine)
    equal(t.status, 0, t.text)
    for again in range(2):
        if again:
            idle()
        t = at_console("authenticate", "acct_mgmt")
        t.expect(OFFER)
        t.send("\n")
        touch(t, MEI)
        equal(t.end(), 0, t.text)
        equal(machine.active("attend-sensor.service"), "active")


@unit_story("another finger does not; nor is one asked for of somebody far away")
def stranger():
    t = at_console("authenticate")
    t.expect(OFFER)
    t.send("\n")
    touch(t, STRANGER)
    t.expect(r"(?i)not recognised")
    t.hang_up()
    t = at_console("authenticate", tty="pts/7")
    t.answer(r"(?m)^PIN: $", PIN, hidden=True)
    equal(t.end(), 0, t.text)


IN_SESSION = r"""echo %d >/proc/self/loginuid && exec setpriv --reuid=e1001 \
    --regid=kiosk --init-groups sh -c "$0" "$@" """


@unit_story("a locker offers a finger in a session that logind has at a seat")
def locker():
    """logind is not in this machine: its file about the session is written
    here, the session is the kernel's."""
    uid = int(machine.run("id", "-u", "e1001").ok().out)
    folder = "/proc/%s/root/run/systemd/sessions" % machine.pid()
    os.makedirs(folder, exist_ok=True)
    for seat, wanted in (("SEAT=seat0\n", OFFER), ("", r"(?m)^PIN: $")):
        t = Terminal(list(machine.in_it(
            "sh", "-c", IN_SESSION % uid,
            "cat /proc/self/sessionid; echo; read go; exec pamtester kiosk e1001 "
            "authenticate")))
        t.expect(r"(\d+)\n")
        write(folder + "/" + t.match[1],
              "UID=%d\nREMOTE=0\nSTATE=active\n%s" % (uid, seat))
        t.send("\n")
        t.answer(wanted, PIN, hidden=True)
        equal(t.end(), 0, t.text)


@unit_story("systemd finds nothing wrong with the units")
def verified():
    units = ["attendd.service", "attendd.socket", "attend-purge.service",
             "attend-purge.timer", "attend-userdb.service",
             "attend-sensor.service", "attend-sensor.socket"]
    r = machine.run("systemd-analyze", "verify", "--man=no",
                    *["/usr/lib/systemd/system/" + unit for unit in units])
    lacks(r.all, r"attend")
    equal(r.status, 0, r.all)


main("units", prepare=prepare, finish=machine.off)
