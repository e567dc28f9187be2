#!/usr/bin/env -S python3 -B
"""What pam_attend alone answers, by phase: the words are pam_strerror's."""
import os, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
from story import *

broker = Broker()
AUTH_ERR = r"Authentication failure"
UNKNOWN = r"User not known to the underlying authentication module"
MAXTRIES = r"exhausted maximum number of retries"
DENIED = r"Permission denied"
UNAVAIL = r"cannot retrieve authentication info"
EXPIRED = r"account has expired"
NEW_TOKEN = r"no longer valid; new one required"
OK = r"successfully|has been|opened|closed|indicates|management done"


def prepare():
    enrol("1001")
    enrol("1002", consent=False)
    enrol("1003", must_change=True)
    enrol("1004", pin=None)
    enrol("1005")
    enrol("1006")
    enrol("1007")
    ctl("consent", "withdraw", "1005").ok()
    ctl("employee", "end", "1006", "--on", "2021-05-31").ok()
    broker.start()


def tester(user, operation, pin=PIN, service="alone"):
    return run("pamtester", service, user, operation,
               input=pin + "\n" if pin is not None else "")


def gives(user, operation, pattern, pin=PIN, service="alone"):
    r = tester(user, operation, pin, service)
    has(r.all, pattern)
    equal(r.status == 0, pattern == OK, r.all)


@story("authenticate: success, AUTH_ERR, USER_UNKNOWN, MAXTRIES, and why")
def authenticate():
    gives("e1001", "authenticate", OK)
    gives("e1001", "authenticate", AUTH_ERR, pin=WRONG_PIN)
    gives("e1001", "authenticate", AUTH_ERR, pin="")
    gives("e1004", "authenticate", AUTH_ERR)
    gives("e9999", "authenticate", AUTH_ERR)
    gives("root", "authenticate", UNKNOWN)
    gives("visitor", "authenticate", UNKNOWN)
    gives("E1001", "authenticate", UNKNOWN)
    gives("-e", "authenticate", UNKNOWN)
    gives("e1002", "authenticate", OK)  # account asks for the consent
    gives("e1005", "authenticate", DENIED)
    gives("e1006", "authenticate", EXPIRED + "|" + DENIED)
    gives("e1005", "authenticate", AUTH_ERR, pin=WRONG_PIN)  # no reason told
    for _ in range(5):
        gives("e1007", "authenticate", AUTH_ERR, pin=WRONG_PIN)
    gives("e1007", "authenticate", MAXTRIES)


@story("account: success, NEW_AUTHTOK_REQD, PERM_DENIED, ACCT_EXPIRED, USER_UNKNOWN")
def account():
    gives("e1001", "acct_mgmt", OK)
    gives("e1002", "acct_mgmt(PAM_SILENT)", DENIED)
    gives("e1003", "acct_mgmt(PAM_SILENT)", DENIED + "|" + NEW_TOKEN)
    ctl("consent", "record", "1003").ok()
    gives("e1003", "acct_mgmt", NEW_TOKEN)
    gives("e1005", "acct_mgmt", DENIED)
    gives("e1006", "acct_mgmt", EXPIRED)
    gives("e9999", "acct_mgmt", UNKNOWN)
    gives("root", "acct_mgmt", UNKNOWN)
    gives("visitor", "acct_mgmt", UNKNOWN)


@story("setcred and the session never fail for anybody")
def sessions():
    # a stack of this module alone: IGNORE alone makes libpam say no, so the
    # local user is asked about through the real stack
    gives("e1001", "setcred(PAM_ESTABLISH_CRED)", OK)
    gives("e1001", "open_session", OK)
    gives("e1001", "close_session", OK)
    for operation in ("open_session", "close_session"):
        r = tester("visitor", operation, service="kiosk")
        equal(r.status, 0, r.all)
        r = tester("e1001", operation, service="kiosk")
        equal(r.status, 0, r.all)


@story("attendd silent: AUTHINFO_UNAVAIL for staff in time, USER_UNKNOWN for others at once")
def silent():
    write("/etc/pam.d/hasty", "auth required pam_attend.so nodelay\n"
          "account required pam_attend.so\n")
    broker.signal_all(signal.SIGSTOP)
    try:
        for phase, seconds in (("authenticate", 12), ("acct_mgmt", 8)):
            within(seconds, phase, lambda: gives("e1001", phase, UNAVAIL))
        for user in ("root", "visitor", "-e", "x" * 40):
            within(0.5, user, lambda: gives(user, "authenticate", UNKNOWN,
                                            service="hasty"))
            within(0.5, user, lambda: gives(user, "acct_mgmt", UNKNOWN))
        gives("e9999", "authenticate", UNKNOWN)  # nobody's: the next module's
        gives("e9999", "acct_mgmt", UNKNOWN)
    finally:
        broker.signal_all(signal.SIGCONT)
    gives("e1001", "authenticate", OK)


@story("no conversation: an employee is refused, nothing crashes")
def nobody_to_ask():
    r = run("pamtester", "alone", "e1001", "authenticate", input=None)
    check(r.status != 0, r.all)
    gives("e1001", "authenticate", OK)


@story("a token that an earlier module asked for is used with use_first_pass")
def first_pass():
    write("/etc/pam.d/second", "auth optional pam_unix.so\n"
          "auth required pam_attend.so use_first_pass\n"
          "account required pam_attend.so\n")
    t = Terminal(["pamtester", "second", "e1001", "authenticate"])
    t.answer(r"Password: ", PIN, hidden=True)
    equal(t.end(), 0, t.text)
    lacks(t.text, r"PIN: ")
    t = Terminal(["pamtester", "second", "e1001", "authenticate"])
    t.answer(r"Password: ", WRONG_PIN, hidden=True)
    check(t.end() != 0, t.text)
    lacks(t.text, r"PIN: ")


@story("a module after us gets no PIN to burn a try with")
def not_left_behind():
    write("/etc/pam.d/first", "auth sufficient pam_attend.so\n"
          "auth required pam_unix.so\n")
    t = Terminal(["pamtester", "first", "visitor", "authenticate"])
    t.answer(r"Password: ", "visitorpassword", hidden=True)
    equal(t.end(), 0, t.text)
    lacks(t.text, r"PIN: ")


@story("an option that is none, or has a bad value, never opens anything")
def options():
    write("/etc/pam.d/typo", "auth required pam_attend.so ignore_unkown_user\n"
          "account required pam_attend.so ignore_unkown_user\n")
    gives_status = tester("e1001", "authenticate", WRONG_PIN, "typo").status
    check(gives_status != 0, "refused")
    check(tester("visitor", "acct_mgmt", None, "typo").status != 0, "refused")


main(prepare=prepare)
