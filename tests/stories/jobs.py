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


def minute(*users):
    """Let the real cron see a minute begin; who of the users got to run."""
    run("rm", "-rf", *[os.path.join(MARKS, f) for f in os.listdir(MARKS)])
    write("/etc/cron.d/staff", "".join(
        "* * * * * %s id -un > %s/%s\n" % (u, MARKS, u) for u in users))
    cron = subprocess.Popen(
        ["faketime", "-f", "@2030-06-03 11:59:57", "cron", "-f"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        wait_for("root's job ran",
                 lambda: os.path.exists(MARKS + "/root"), 20)
        time.sleep(1.5)  # the others started with it
    finally:
        os.killpg(cron.pid, signal.SIGKILL)
        cron.wait()
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
    has(journal.since(mark), r"consent-missing")
    t = pam("e1001", "acct_mgmt(PAM_SILENT)")
    equal(t.status, 0, t.text)


main(prepare=prepare)
