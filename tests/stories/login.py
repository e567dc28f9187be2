#!/usr/bin/env -S python3 -B
"""login: the kiosk's own screen."""
import os, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
from story import *

NOTICE = r"(?i)privacy notice"
AGREE = r"Do you agree\? \(yes/no\): "
broker = Broker()


def prepare():
    enrol("1001", name="Lin Mei", department="Assembly", position="Fitter")
    enrol("1002", name="Wang Jun", consent=False)
    enrol("1003", name="Zhao Qing", consent=False)
    enrol("1004", name="Sun Li", birth=years_ago(17), minor=True,
          consent=False)
    enrol("1005", name="Zhou Wei", hired="2015-02-01")
    enrol("1006", name="Wu Fang", pin=None)
    enrol("1007", name="Chen Bo", must_change=True)
    enrol("1008", name="Guo Lan", hired="2099-01-01")
    enrol("1009", name="Qian Rui")
    enrol("1010", name="Feng Yu")
    enrol("1011", name="Zheng Xin")
    broker.start()


def refused(user, pin, *messages):
    t = log_in(user, pin)
    t.expect(r"Login incorrect|login: $|Permission denied|\n\n.*login: ")
    t.hang_up()
    has(t.text, *messages)
    lacks(t.text, r"\$ $")
    return t


def accepted(user, pin=PIN):
    t = shell_of(log_in(user, pin))
    equal(shell_says(t, "id -un").strip(), user)
    t.send("exit\n")
    t.end()
    return t


@story("an adult with consent gets a shell whose id shows uid and department")
def adult():
    t = shell_of(log_in("e1001"))
    out = shell_says(t, "id")
    has(out, r"uid=70000\(e1001\)", r"gid=\d+\(kiosk\)", r"\(dept-assembly\)",
        r"\(role-fitter\)")
    has(shell_says(t, "pwd; echo $HOME"), r"^/home/e1001\n/home/e1001$")
    t.send("exit\n")
    t.end()


@story("a login with no PIN typed is refused, and the PIN itself is let in")
def empty_pin():
    refused("e1001", "", r"Wrong number or PIN")
    accepted("e1001")


@story("a wrong PIN is refused, the right one is let in")
def wrong_pin():
    refused("e1001", WRONG_PIN, r"Wrong number or PIN")
    accepted("e1001")


@story("an unknown number sees the same dialogue as a wrong PIN")
def unknown():
    def screen(user):
        text = refused(user, WRONG_PIN).text
        return text[:text.index("incorrect")].replace(user, "?")

    mine = screen("e1001")
    equal(screen("e9999"), mine)
    equal(screen("e1006"), mine)  # enrolled, has no PIN
    accepted("e1001")


@story("a first-timer is shown the notice, agrees, is let in and not asked again")
def first_timer():
    t = log_in("e1002")
    t.answer(AGREE, "yes")
    has(t.text, NOTICE, r"attendctl me notice")
    shell_of(t)
    t.send("exit\n")
    t.end()
    lacks(accepted("e1002").text, AGREE)


@story("whoever declines the notice is refused; it is recorded, and asked again")
def decline():
    t = log_in("e1003")
    t.answer(AGREE, "no")
    t.expect(r"You have not agreed to the privacy notice")
    t.hang_up()
    has(ctl("consent", "show", "1003").ok().out, r"(?i)refused")
    t = log_in("e1003")
    t.answer(AGREE, "yes")
    shell_of(t)
    t.hang_up()


@story("an unclear answer to the notice is no agreement")
def unclear():
    ctl("consent", "withdraw", "1003").ok()
    enrol("1103", name="He Min", consent=False)
    t = log_in("e1103")
    for _ in range(3):
        t.answer(AGREE, "perhaps")
    t.expect(r"You have not yet agreed|not agreed")
    t.hang_up()
    t = log_in("e1103")
    t.answer(AGREE, "Y")
    shell_of(t)
    t.hang_up()


@story("a minor is let in with a guardian's consent, and refused once it is gone")
def minor():
    accepted("e1004")
    ctl("guardian", "withdraw", "1004").ok()
    refused("e1004", PIN, r"consent of your parent or guardian")
    guardian("1004").ok()
    accepted("e1004")


@story("who turns out to be a minor is refused until a guardian has consented")
def turns_out():
    accepted("e1011")
    ctl("employee", "set", "1011", "--birth", years_ago(17)).ok()
    refused("e1011", PIN, r"consent of your parent or guardian is missing")
    guardian("1011").ok()
    accepted("e1011")


@story("a minor who agrees himself is no adult: without the guardian he stays out")
def own_consent():
    ctl("guardian", "withdraw", "1011").ok()
    ctl("consent", "record", "1011")
    refused("e1011", PIN, r"parent or guardian")
    guardian("1011").ok()


@story("nobody below the minimum working age is let in, guardian or not")
def child():
    ctl("employee", "set", "1009", "--birth", years_ago(15)).ok()
    guardian("1009")
    refused("e1009", PIN, r"below the minimum working age")
    ctl("employee", "set", "1009", "--birth", years_ago(16, days=2)).ok()
    guardian("1009").ok()
    accepted("e1009")


@story("an unknown date of birth refuses, a known one lets in")
def no_birth():
    ctl("employee", "set", "1010", "--birth", "none").ok()
    refused("e1010", PIN, r"date of birth is not on record")
    ctl("employee", "set", "1010", "--birth", "1988-02-29").ok()
    accepted("e1010")


@story("whose employment has ended is refused with the message, before it is let in")
def ended():
    accepted("e1005")
    ctl("employee", "end", "1005", "--on", years_ago(0, days=2)).ok()
    t = refused("e1005", PIN, r"Your employment has ended", r"staff office")
    lacks(t.text, r"Wrong")


@story("whose employment has not begun is refused, and let in once it has")
def not_yet():
    refused("e1008", PIN, r"has not started yet")
    ctl("employee", "set", "1008", "--hired", "2020-01-01").ok()
    accepted("e1008")


@story("a suspension refuses from then on, and resuming lets in again")
def suspended():
    ctl("employee", "suspend", "1001").ok()
    refused("e1001", PIN, r"suspended")
    ctl("employee", "resume", "1001").ok()
    accepted("e1001")


@story("a withdrawn consent refuses at the next login until it is given again")
def withdrawn():
    ctl("consent", "withdraw", "1001").ok()
    t = log_in("e1001")
    t.expect(r"withdrawn your consent|login: |" + AGREE)
    t.hang_up()
    lacks(t.text, r"\$ $")
    ctl("consent", "record", "1001").ok()
    accepted("e1001")


@story("a major new notice is asked about once; a minor one is only shown")
def new_notice():
    write("/root/minor.txt", "Minor wording of the privacy notice.\n")
    ctl("notice", "publish", "/root/minor.txt", "--version", "1.1", "--lang",
        "en").ok()
    t = accepted("e1001")
    has(t.text, r"Minor wording")
    lacks(t.text, AGREE)
    lacks(accepted("e1001").text, r"Minor wording")
    write("/root/major.txt", "Major change of the privacy notice.\n")
    ctl("notice", "publish", "/root/major.txt", "--version", "2", "--lang",
        "en", "--major", "rights").ok()
    t = log_in("e1001")
    t.answer(AGREE, "yes")
    has(t.text, r"Major change")
    shell_of(t)
    t.hang_up()
    lacks(accepted("e1001").text, AGREE, r"Major change")


@story("a first PIN must be changed at the first login, and then is changed")
def first_pin():
    ctl("consent", "record", "1007").ok()
    t = log_in("e1007", PIN)
    new = "739105"
    t.answer(r"New PIN: ", new, hidden=True)
    t.answer(r"New PIN again: ", new, hidden=True)
    shell_of(t)
    t.hang_up()
    refused("e1007", PIN, r"Wrong number or PIN")
    accepted("e1007", new)


@story("a hang-up at the PIN prompt ends login and leaves the broker well")
def hang_up():
    t = Terminal(["login"])
    t.answer(r"login: ", "e1001")
    t.expect(r"PIN: ")
    t.hang_up()
    wait_for("no login is left", lambda: not pids("login"))
    accepted("e1001")


@story("a notice that comes out while somebody reads is not the one agreed to")
def meanwhile():
    enrol("1104", name="Hu Jing", consent=False)
    t = log_in("e1104")
    t.expect(AGREE)
    write("/root/next.txt", "What came out meanwhile.\n")
    ctl("notice", "publish", "/root/next.txt", "--version", "2.1", "--lang",
        "en").ok()
    t.send("yes\n")
    t.expect(r"You have not yet agreed")
    t.hang_up()
    lacks(ctl("consent", "show", "1104").ok().out, r"given")
    t = log_in("e1104")
    t.answer(AGREE, "yes")
    has(t.text, r"What came out meanwhile")
    shell_of(t)
    t.hang_up()
    has(ctl("consent", "show", "1104").ok().out, r"given .* 2\.1 ")


@story("an agreement is to what was read: after a restart it is asked for again")
def restarted():
    enrol("1105", name="Hu Lan", consent=False)
    t = log_in("e1105")
    t.expect(AGREE)
    broker.stop(signal.SIGKILL)
    broker.start()
    write("/root/later.txt", "What came out later.\n")
    ctl("notice", "publish", "/root/later.txt", "--version", "2.2", "--lang",
        "en").ok()
    t.send("yes\n")
    t.expect(AGREE)
    has(t.text, r"What came out later")
    lacks(ctl("consent", "show", "1105").ok().out, r"given")
    t.send("yes\n")
    shell_of(t)
    t.hang_up()
    has(ctl("consent", "show", "1105").ok().out, r"given .* 2\.2 ")


@story("attendance is on record for who agreed to that, and not otherwise")
def attendance():
    ctl("consent", "record", "1001", "--purpose", "attendance").ok()
    def events():
        out = ctl("attendance", "list", "1001").ok().out
        return re.findall(r"\b(login|logout)\b +kiosk", out)

    equal(events(), [])
    accepted("e1001")
    equal(events(), ["login", "logout"])
    ctl("consent", "withdraw", "1001", "--purpose", "attendance").ok()
    accepted("e1001")
    equal(events(), ["login", "logout"])


@story("the messages come in Chinese on a Chinese kiosk, in English otherwise")
def chinese():
    t = refused("e1001", WRONG_PIN, r"Wrong number or PIN")
    configure(language="zh_CN")
    t = Terminal(["login"])
    t.answer(r"login: ", "e1001")
    t.answer(r"PIN.*[:：] ?$", WRONG_PIN, hidden=True)
    t.expect(r"[\u4e00-\u9fff]{2,}")
    t.hang_up()
    lacks(t.text, r"Wrong number")
    configure()
    accepted("e1001")


@story("root and a local account log in as on any machine")
def local():
    for user, password in (("root", "rootpassword"),
                           ("visitor", "visitorpassword")):
        t = log_in(user, "not the password", prompt=r"Password: ")
        t.expect(r"Login incorrect")
        t.hang_up()
        lacks(t.text, r"PIN")
        t = shell_of(log_in(user, password, prompt=r"Password: "))
        equal(shell_says(t, "id -un").strip(), user)
        t.send("exit\n")
        t.end()


@story("login works with attendd started by the socket, and idle attendd leaves")
def activated():
    broker.stop()
    configure(idle_seconds=1)
    with Activator() as a:
        accepted("e1001")
        refused("e1001", WRONG_PIN, r"Wrong number or PIN")
        first = a.starts
        check(first >= 1, "it was started")
        wait_for("attendd leaves when idle",
                 lambda: a.process.poll() is not None, 10)
        accepted("e1001")
        check(a.starts > first, "it was started again")
    configure()


@story("login works without any socket: attendd is started for one dialogue")
def once():
    broker.stop()
    accepted("e1001")
    refused("e1001", WRONG_PIN, r"Wrong number or PIN")
    wait_for("nothing stays behind", lambda: not pids("attendd"))
    broker.start()


@story("nothing in the system log names a person or a PIN")
def log_is_discreet():
    log = "\n".join(line for line in journal.since().splitlines()
                    if "attend" in line)
    has(log, r"verdict=allow", r"verdict=deny reason=not-proven")
    lacks(log, PIN, WRONG_PIN, r"Lin Mei", r"Wang Jun", r"739105")


main(prepare=prepare)
