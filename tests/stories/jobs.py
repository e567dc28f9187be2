#!/usr/bin/env -S python3 -B
"""cron and other callers that never authenticate and have nobody to ask."""
import os, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
from story import *

broker = Broker()
MARKS = "/tmp/marks"


def prepare():
    enrol("1001")
    enrol("1002")
    enrol("1003", consent=False)
    enrol("1004")
    os.mkdir(MARKS)
    os.chmod(MARKS, 0o1777)
    broker.start()


DONE = r"cron:session\): session closed for user"
REFUSED = (r"CRON\[\d+\]: (Permission denied|User account has expired|"
           r"Authentication service cannot)")


def one_minute(users):
    """Let the real cron see a minute begin, and each user's job end or be
    refused; False if it started too late for that minute."""
    mark = journal.mark()
    cron = subprocess.Popen(
        ["faketime", "-f", "@2030-06-03 11:59:57", "cron", "-f"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True)

    def ended():
        log = journal.since(mark)
        return len(re.findall(DONE, log)) + len(re.findall(REFUSED, log))

    try:
        end = time.monotonic() + 20
        while not ended() and time.monotonic() < end:
            pass
        if not ended():
            return False
        wait_for("each job ended or was refused",
                 lambda: ended() >= len(users))
        return True
    finally:
        os.killpg(cron.pid, signal.SIGKILL)
        cron.wait()


def minute(*users):
    """Who of the users got to run in a minute of cron's."""
    run("rm", "-rf", *[os.path.join(MARKS, f) for f in os.listdir(MARKS)])
    write("/etc/cron.d/staff", "".join(
        "* * * * * %s id -un > %s/%s\n" % (u, MARKS, u) for u in users))
    check(any(one_minute(users) for _ in range(3)), "cron did nothing")
    return {f: read(os.path.join(MARKS, f)).strip()
            for f in os.listdir(MARKS)}


@story("cron runs the jobs of whoever consents, and of local users, and no others")
def cron():
    ctl("consent", "withdraw", "1002").ok()
    ctl("employee", "suspend", "1004").ok()
    ran = minute("root", "visitor", "e1001", "e1002", "e1003", "e1004")
    equal(ran, {"root": "root", "visitor": "visitor", "e1001": "e1001"})
    ctl("consent", "record", "1002").ok()
    ctl("employee", "resume", "1004").ok()
    ran = minute("root", "e1002", "e1003", "e1004")
    equal(ran, {"root": "root", "e1002": "e1002", "e1004": "e1004"})


@story("with attendd hung, cron still runs root's and local users' jobs, not ours")
def hung():
    broker.signal_all(signal.SIGSTOP)
    ran = minute("root", "visitor", "e1001")
    broker.signal_all(signal.SIGCONT)
    equal(ran, {"root": "root", "visitor": "visitor"})


@story("without attendd running, cron starts it for the question")
def on_demand():
    broker.stop()
    ran = minute("root", "e1001")
    equal(ran, {"root": "root", "e1001": "e1001"})
    broker.start()


@story("a silent account never asks a first-timer; the refusal is logged")
def no_conversation():
    mark = journal.mark()
    t = pam("e1003", "acct_mgmt(PAM_SILENT)")
    check(t.status != 0, t.text)
    lacks(t.text, r"agree\?")
    journal.tells(mark, r"consent-missing")
    t = pam("e1001", "acct_mgmt(PAM_SILENT)")
    equal(t.status, 0, t.text)


main(prepare=prepare)
