"""make demo, inside the kiosk: people at the real login, step by step; then,
on a terminal, the reader's own turn."""
import fcntl, os, pty, signal, struct, sys, termios
import hand, reader
from story import *

CHINESE = os.environ.get("ATT_DEMO_LANGUAGE") == "zh_CN"
LEAVE = b"\x1d"  # Ctrl-]


def say(english, chinese):
    print(chinese if CHINESE else english, flush=True)


def heading(english, chinese):
    print("", flush=True)
    say("== " + english, "== " + chinese)


def seen(t):
    """What stood on the person's screen, indented."""
    for line in t.text.rstrip().split("\n"):
        print("   | " + line.rstrip())
    sys.stdout.flush()


# ---- the kiosk and its staff ----

def prepare():
    say("Setting up a throwaway kiosk; this machine is not changed.",
        "正在搭建一次性终端；本机不会有任何改动。")
    install()
    configure(language="zh_CN" if CHINESE else "en")
    commands = (
        "employee add 1001 --name 'Lin Mei' --birth 1990-04-12"
        " --department Assembly --position Fitter",
        "pin set 1001", "consent record 1001",
    )
    for line in commands:
        print("   # attendctl " + line)
    enrol("1001", name="Lin Mei", position="Fitter")
    for number, name in (("1002", "Wang Jun"), ("1006", "He Min")):
        enrol(number, name=name, department="Stores", consent=False)
    for number, name in (("1003", "Sun Li"), ("1007", "Xu Yan")):
        enrol(number, name=name, consent=False)
        ctl("employee", "set", number, "--birth", years_ago(17)).ok()
    enrol("1004", name="Zhou Wei", department="Office")
    ctl("employee", "end", "1004", "--on", years_ago(0, days=30)).ok()
    enrol("1005", name="Guo Lan")
    say("   ... and some colleagues of hers.", "   ……以及她的几位同事。")


# ---- the steps ----

def step_adult():
    heading("Lin Mei, 1001, has agreed to the privacy notice: she gets a shell.",
            "林梅（1001）已同意隐私声明：进入系统。")
    t = shell_of(log_in("e1001"))
    out = shell_says(t, "id")
    t.send("exit\n")
    t.end()
    seen(t)
    has(out, r"uid=70000\(e1001\)", r"\(dept-assembly\)")


def step_first_timer():
    heading("Wang Jun, 1002, is here for the first time: he reads and agrees.",
            "王军（1002）首次登录：阅读声明并表示同意。")
    t = log_in("e1002")
    t.expect(r"yes/no\S* ?$|\(\S*(是|同意)\S*\)\S* ?$")
    t.send("是\n" if CHINESE else "yes\n")
    shell_of(t)
    t.send("exit\n")
    t.end()
    seen(t)
    has(ctl("consent", "show", "1002").ok().out, r"(?i)given")


def step_refused(user, pin, message, chinese):
    t = log_in(user, pin)
    t.expect(r"login: $")
    t.hang_up()
    seen(t)
    has(t.text, chinese if CHINESE else message)
    lacks(t.text, r"\$ $")


def step_minor():
    heading("Sun Li, 1003, is 17 and no guardian has consented.",
            "孙丽（1003）17 岁，监护人尚未同意：拒绝。")
    step_refused("e1003", PIN, r"consent of your parent or guardian is missing",
                 r"监护人")


def step_ended():
    heading("Zhou Wei, 1004, no longer works here.",
            "周伟（1004）已离职：拒绝。")
    step_refused("e1004", PIN, r"Your employment has ended", r"离职|终止|结束")


def step_wrong_pin():
    heading("Guo Lan, 1005, mistypes her PIN.",
            "郭兰（1005）输错 PIN：拒绝。")
    step_refused("e1005", WRONG_PIN, r"Wrong number or PIN", r"PIN")


def step_stranger():
    heading("Somebody tries 9999, a number nobody has: the same answer.",
            "有人尝试不存在的工号 9999：回答完全一样。")
    step_refused("e9999", PIN, r"Wrong number or PIN", r"PIN")


def step_finger():
    heading("He Min, 1006, agrees to it and enrols a finger (nobody's, on a "
            "reader that is not there), and comes in with it.",
            "何敏（1006）同意后登记指纹（虚构的指纹，虚拟的指纹读取器），然后用指纹登录。")
    if not os.path.exists(reader.PROGRAM):
        return say("   (attend-sensor is not built)", "   （未构建 attend-sensor）")
    reader.prepare()
    configure(language="zh_CN" if CHINESE else "en", factors="finger, pin")
    with reader.Sensor():
        ctl("consent", "record", "1006").ok()
        hand.may_use_finger("1006")
        t = hand.enrol_finger("1006", 1)
        seen(t)
        equal(t.status, 0, t.text)
        t = Terminal(["login"], console=hand.CONSOLE)
        t.answer(r"login: ", "e1006")
        t.expect(hand.OFFER)
        t.send("\n")
        hand.touch(t, 1)
        shell_of(t)
        t.send("exit\n")
        t.end()
        seen(t)


STEPS = (step_adult, step_first_timer, step_minor, step_ended, step_wrong_pin,
         step_stranger, step_finger)


# ---- the reader's turn ----

class Left(Exception):
    pass


def from_keyboard(fd):
    data = os.read(fd, 1024)
    if LEAVE in data or not data:
        raise Left
    return data


def one_login():
    """A login on a pty of its own, as on a console."""
    rows, cols = struct.unpack(
        "HHHH", fcntl.ioctl(0, termios.TIOCGWINSZ, b"\0" * 8))[:2]
    size = "stty rows %d cols %d; " % (rows, cols) if rows else ""
    pty.spawn(["/bin/sh", "-c", size + "exec login"],
              stdin_read=from_keyboard)


def readers_turn():
    heading("Your turn: a real login in this kiosk.", "轮到您了：真实的登录界面。")
    for user, pin, english, chinese in (
            ("e1001", PIN, "has agreed", "已同意"),
            ("e1006", PIN, "is here for the first time", "首次登录"),
            ("e1007", PIN, "is 17, no guardian's consent", "17 岁，监护人未同意"),
            ("e1004", PIN, "has left", "已离职"),
            ("root", "rootpassword", "is not staff; rules here",
             "不是员工，本机管理员")):
        print("   %-6s %-13s %s" % (user, pin, chinese if CHINESE else english))
    say("As root, attendctl works too: attendctl employee list. "
        "Leave with Ctrl-].",
        "以 root 登录后可以使用 attendctl，例如 attendctl employee list。"
        "按 Ctrl-] 离开。")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        while True:
            print()
            one_login()
    except Left:
        print()


def main():
    failed = 0
    prepare()
    with Broker():
        for step in STEPS:
            try:
                step()
                say("   as it should be", "   符合预期")
            except Exception as e:
                failed += 1
                print("   NOT AS IT SHOULD BE: %s" % e)
        heading("%d of %d steps came out as they should." % (
            len(STEPS) - failed, len(STEPS)), "%d 步，%d 步符合预期。" % (
                len(STEPS), len(STEPS) - failed))
        if not failed and os.isatty(0) and os.isatty(1):
            readers_turn()
    sys.stdout.flush()
    os._exit(1 if failed else 0)


main()
