#!/usr/bin/env -S python3 -B
"""su and sudo: becoming somebody else, setuid programs with a user's uid."""
import os, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
from story import *

broker = Broker()
PROGRAM = "/usr/local/bin/ask-as"  # setuid, and says what its caller likes


def prepare():
    enrol("1001", name="Lin Mei")
    enrol("1002", name="Wang Jun")
    write("/etc/sudoers.d/kiosk", "Defaults !lecture\n"
          "e1001 ALL=(ALL:ALL) ALL\nvisitor ALL=(ALL:ALL) ALL\n", 0o440)
    run("install", "-m", "4755", "/usr/bin/pamtester", PROGRAM).ok()
    broker.start()


def ask(argv, user, prompt, pin, *expected):
    t = Terminal(argv, user=user)
    t.answer(prompt, pin, hidden=True)
    t.expect(*expected)
    return t


@story("su by root to an employee needs no PIN and resolves the groups")
def su_by_root():
    r = run("su", "-", "e1001", "-c", "id").ok()
    has(r.out, r"uid=70000\(e1001\)", r"dept-assembly")
    lacks(r.all, r"PIN: ")


@story("root who becomes somebody by su cannot agree to the notice for him")
def no_agreement_by_root():
    enrol("1003", consent=False)
    t = Terminal(["su", "-", "e1003", "-c", "id -un"])
    if t.expect(r"agree\?.*: $", r"\n", timeout=5) == 0:
        t.send("yes\n")
    check(t.end() != 0, t.text)
    lacks(ctl("consent", "show", "1003").ok().out, r"(?i)given")
    ctl("consent", "record", "1003").ok()
    run("su", "-", "e1003", "-c", "true").ok()


@story("su by root is refused once consent is withdrawn, and let in before")
def su_by_root_withdrawn():
    run("su", "-", "e1002", "-c", "true").ok()
    ctl("consent", "withdraw", "1002").ok()
    run("su", "-", "e1002", "-c", "true").fails()
    ctl("consent", "record", "1002").ok()
    run("su", "-", "e1002", "-c", "true").ok()


@story("su by a local user to an employee takes the PIN and nothing else")
def su_by_visitor():
    t = ask(["su", "e1001", "-c", "id -un"], "visitor", "PIN: ", WRONG_PIN,
            r"Authentication failure")
    check(t.end() != 0, "refused")
    t = ask(["su", "e1001", "-c", "id -un"], "visitor", "PIN: ",
            "visitorpassword", r"Authentication failure")
    check(t.end() != 0, "refused")
    t = ask(["su", "e1001", "-c", "id -un"], "visitor", "PIN: ", PIN,
            r"\ne1001\n")
    equal(t.end(), 0)


@story("su by an employee to a local user takes the password, not the PIN")
def su_to_visitor():
    t = ask(["su", "visitor", "-c", "id -un"], "e1001", "Password: ", PIN,
            r"Authentication failure")
    check(t.end() != 0, "refused")
    lacks(t.text, r"PIN")
    t = ask(["su", "visitor", "-c", "id -un"], "e1001", "Password: ",
            "visitorpassword", r"\nvisitor\n")
    equal(t.end(), 0)


@story("su without a terminal takes the PIN from standard input")
def su_stdin():
    r = run("su", "e1001", "-c", "id -un", user="visitor", input=PIN + "\n")
    equal(r.ok().out, "e1001\n")
    run("su", "e1001", "-c", "id -un", user="visitor",
        input=WRONG_PIN + "\n").fails()


@story("sudo takes an employee's own PIN, and refuses a wrong one")
def sudo():
    t = ask(["sudo", "-k", "id", "-un"], "e1001", r"PIN: ", WRONG_PIN,
            r"try again")
    t.answer(r"PIN: ", PIN, hidden=True)
    t.expect(r"\nroot\n")
    equal(t.end(), 0)


@story("sudo -S works without a terminal, and refuses a wrong PIN there")
def sudo_stdin():
    r = run("sudo", "-k", "-S", "id", "-un", user="e1001", input=PIN + "\n")
    equal(r.ok().out, "root\n")
    run("sudo", "-k", "-S", "id", "-un", user="e1001",
        input=(WRONG_PIN + "\n") * 3).fails(1)
    ctl("employee", "unlock", "1001").ok()


@story("who mistypes now and then with sudo is not locked, a success resets")
def sudo_mistypes():
    for _ in range(6):
        r = run("sudo", "-k", "-S", "id", "-un", user="e1001",
                input=WRONG_PIN + "\n" + PIN + "\n").ok()
        equal(r.out, "root\n")


@story("sudo refuses an employee who is not in sudoers, with the right PIN too")
def sudo_not_listed():
    t = ask(["sudo", "-k", "id"], "e1002", r"PIN: ", PIN,
            r"not (in the sudoers file|allowed)")
    check(t.end() != 0, "refused")


@story("sudo refuses whose consent was withdrawn meanwhile")
def sudo_withdrawn():
    ctl("consent", "withdraw", "1001").ok()
    r = run("sudo", "-k", "-S", "id", "-un", user="e1001",
            input=(PIN + "\n") * 3)
    r.fails()
    lacks(r.out, r"root")
    ctl("consent", "record", "1001").ok()
    r = run("sudo", "-k", "-S", "id", "-un", user="e1001", input=PIN + "\n")
    equal(r.ok().out, "root\n")


@story("sudo to an employee's account runs as that employee")
def sudo_to():
    r = run("sudo", "-u", "e1002", "id", "-un").ok()
    equal(r.out, "e1002\n")


@story("sudo and su of a local user are as on any machine")
def local():
    r = run("sudo", "-k", "-S", "-p", "pw:", "id", "-un", user="visitor",
            input="visitorpassword\n").ok()
    equal(r.out, "root\n")
    lacks(r.all, r"PIN")
    run("sudo", "-k", "-S", "id", user="visitor", input="x\n" * 3).fails()
    r = run("su", "-c", "id -un", user="visitor", input="rootpassword\n").ok()
    equal(r.out, "root\n")


def every_processor():
    """That there is for us, whatever those that we were given."""
    ours = os.sched_getaffinity(0)
    os.sched_setaffinity(0, range(1024))
    every = os.sched_getaffinity(0)
    os.sched_setaffinity(0, ours)
    return every


@story("a user's low priority is not that of the attendd his su starts")
def priority():
    broker.stop()
    p = subprocess.Popen(
        ["chrt", "-i", "0", "taskset", "-c", "0", "nice", "-n", "19", "su",
         "e1001", "-c", "true"], preexec_fn=as_user("visitor"),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, start_new_session=True)
    try:
        said = b""
        while not said.endswith(b"PIN: "):  # it sits at the prompt
            more = os.read(p.stdout.fileno(), 4096)
            check(more, "su ended: %r" % said)
            said += more
        pid, = pids("attendd")
        equal(os.sched_getscheduler(p.pid), os.SCHED_IDLE)
        equal(os.sched_getscheduler(pid), os.SCHED_OTHER)
        equal(os.getpriority(os.PRIO_PROCESS, p.pid), 19)
        equal(os.getpriority(os.PRIO_PROCESS, pid), 0)
        equal(os.sched_getaffinity(pid), every_processor())
    finally:
        p.kill()
        p.wait()
    broker.start()


@story("chsh refuses an employee with the right PIN: the account is not local")
def chsh():
    t = ask(["chsh", "-s", "/bin/sh"], "e1001", r"PIN: |Password: ", PIN,
            r"(?i)chsh: .*\n")
    check(t.end() != 0, "refused")


@story("a local user who guesses with su locks himself out of su, and nobody else")
def guesses():
    for n in range(5):
        t = Terminal(["su", enrol("70%02d" % n), "-c", "true"], user="visitor")
        if t.expect(r"PIN: $", r"Too many failed attempts") == 1:
            break  # he has guessed before
        t.send(WRONG_PIN + "\n")
        t.expect(r"Authentication failure")
        t.hang_up()
    has(t.text, r"Try again in \d+")
    t = Terminal(["su", "e1002", "-c", "true"], user="visitor")
    t.expect(r"Too many failed attempts")
    check(t.end() != 0, t.text)
    t = ask(["su", "e1002", "-c", "id -un"], "e1001", "PIN: ", PIN, "e1002")
    equal(t.end(), 0, t.text)

def guess(target, lies, prefix=(), user=None):
    return run(*prefix, PROGRAM, *lies, "kiosk", target, "authenticate",
               input=WRONG_PIN + "\n", user=user).fails()


@story("who guesses with a setuid program that lies about him locks nobody else out")
def guesses_with_lies():
    local_account("guesser", "guesserpassword")
    crowd = [enrol("71%02d" % n) for n in range(6)]
    for n in range(5):
        for target in crowd:
            lies = ("-I", "ruser=" + target) if n % 2 else ()
            r = guess(target, lies, user="guesser")
    has(r.all, r"Try again in \d+")
    for target in crowd:
        t = ask(["su", target, "-c", "id -un"], "e1001", "PIN: ", PIN, target)
        equal(t.end(), 0, t.text)
    run("su", "e1002", "-c", "true", user="guesser").fails(
        None, r"Too many failed attempts")


@story("who guesses under many uids that have no name is one who guesses")
def guesses_nameless():
    crowd = [enrol("72%02d" % n) for n in range(2)]
    for n in range(5):
        for target in crowd:
            r = guess(target, (), ("setpriv", "--clear-groups", "--regid",
                                   "100000", "--reuid", str(100000 + n)))
    has(r.all, r"Try again in \d+")
    for target in crowd:
        t = ask(["su", target, "-c", "id -un"], "e1001", "PIN: ", PIN, target)
        equal(t.end(), 0, t.text)


@story("who proves herself with a setuid program is locked by her own limit alone")
def proves_herself():
    for lies in ((), ("-I", "ruser=visitor")):
        for _ in range(4):
            guess("e1001", lies, user="e1001")
        run(PROGRAM, *lies, "kiosk", "e1001", "authenticate", user="e1001",
            input=PIN + "\n").ok()
    for _ in range(5):
        r = guess("e1001", (), user="e1001")
    has(r.all, r"Try again in \d+")
    ctl("employee", "unlock", "1001").ok()
    run(PROGRAM, "kiosk", "e1001", "authenticate", user="e1001",
        input=PIN + "\n").ok()
    t = ask(["su", "e1002", "-c", "id -un"], "e1001", "PIN: ", PIN, "e1002")
    equal(t.end(), 0, t.text)


main(prepare=prepare)
