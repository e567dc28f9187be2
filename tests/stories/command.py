#!/usr/bin/env -S python3 -B
"""attendctl: the office's and one's own view of the same records."""
import json, os, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
from story import *


def as_json(*words, **kw):
    return json.loads(ctl(*words, "--json", **kw).ok().out)


@story("init made key and store for attend alone, and a second init spoils nothing")
def init():
    for path, mode in ((STORE, "600"), ("/var/lib/attend/site.key", "400"),
                       ("/var/lib/attend", "700"), (DIRECTORY, "644")):
        out = run("stat", "-c", "%a %U", path).ok().out.split()
        check(out == [mode, "attend"], "%s: %s" % (path, out))
    enrol("1001", name="Lin Mei", email="lin@example.org", phone="555 0100")
    key = run("sha256sum", "/var/lib/attend/site.key").out
    ctl("init")
    equal(run("sha256sum", "/var/lib/attend/site.key").out, key)
    has(ctl("employee", "list").ok().out, r"1001")


@story("without a socket root's attendctl works by itself; with attendd it is the same")
def ways():
    once = ctl("employee", "show", "1001").ok().out
    with Broker():
        equal(ctl("employee", "show", "1001").ok().out, once)
    with Activator() as a:
        equal(ctl("employee", "show", "1001").ok().out, once)
        check(a.starts > 0, "through the socket")
    has(once, r"Lin Mei", r"1990-04-12", r"lin@example\.org", r"555 0100")


@story("without attendd an ordinary user's attendctl says that it is unavailable")
def unavailable():
    ctl("me", "show", user="e1001").fails(6)
    with Broker():
        has(ctl("me", "show", user="e1001").ok().out, r"Lin Mei")


@story("nothing personal can be read in the store's files")
def sealed():
    blob = state_bytes()
    for word in (b"Lin Mei", b"1990-04-12", b"lin@example", b"555 0100",
                 PIN.encode()):
        check(word not in blob, "%r is readable" % word)
    check(b"1001" in blob or b"e1001" in blob, "the login is there")


@story("employee set changes, clears and refuses as told")
def employee_set():
    ctl("employee", "set", "1001", "--department", "Stores").ok()
    has(run("id", "e1001").ok().out, r"dept-stores")
    ctl("employee", "set", "1001", "--department", "").ok()
    lacks(run("id", "e1001").ok().out, r"dept-")
    ctl("employee", "set", "1001").fails(2)
    ctl("employee", "set", "4711", "--name", "X").fails(3)


@story("printing verbs print JSON that parses")
def json_everywhere():
    enrol("1002", name="Wang \"W\" Jun", department="Stores")
    for words in (("employee", "list"), ("employee", "show", "1001"),
                  ("consent", "show", "1001"), ("notice", "list"),
                  ("attendance", "list"), ("explain", "1001"),
                  ("audit", "list"), ("audit", "verify"), ("status",)):
        check(as_json(*words) is not None, " ".join(words))
    check('Wang "W" Jun' in json.dumps(as_json("employee", "show", "1002"),
          ).replace('\\"', '"'), "quotes survive")


@story("explain gives the decision of the login, check by check")
def explain():
    has(ctl("explain", "1001").ok().out, r"(?i)allow|ok")
    ctl("consent", "withdraw", "1001").ok()
    has(ctl("explain", "1001").all, r"consent-withdrawn|withdrawn")
    ctl("consent", "record", "1001").ok()
    ctl("employee", "set", "1001", "--birth", years_ago(17)).ok()
    has(ctl("explain", "1001").all, r"guardian")
    ctl("employee", "set", "1001", "--birth", "1990-04-12").ok()


@story("consent and guardian records show who, when and which notice")
def consents():
    out = ctl("consent", "show", "1001").ok().out
    has(out, r"(?i)withdrawn", r"(?i)given", r"\d{4}-\d\d-\d\d")
    enrol("1003", birth=years_ago(17), pin=None, consent=False)
    ctl("guardian", "record", "1003", "--name", "Sun Yan", "--relation",
        "mother").fails(2, r"--paper")
    guardian("1003").ok()
    has(ctl("guardian", "show", "1003").ok().out, r"Sun Yan", r"mother")
    guardian("1001", name="X", relation="aunt").fails()


@story("a minor without a guardian's consent gets no PIN, with it he does")
def no_pin():
    enrol("1004", birth=years_ago(17), pin=None, consent=False)
    ctl("pin", "set", "1004", input=PIN + "\n").fails(4, r"guardian record 1004")
    guardian("1004").ok()
    ctl("pin", "set", "1004", input=PIN + "\n").ok()


@story("every notice stays readable, and a version is published once")
def notices():
    write("/root/n.txt", "A second notice.\n\nMore of it.\n")
    ctl("notice", "publish", "/root/n.txt", "--version", "2", "--lang",
        "en").ok()
    ctl("notice", "publish", "/root/n.txt", "--version", "2", "--lang",
        "en").fails(5)
    has(ctl("notice", "show").ok().out, r"A second notice", r"More of it")
    first = as_json("notice", "list")
    check("2" in json.dumps(first), "listed")
    with Broker():
        has(ctl("me", "notice", user="e1001").ok().out, r"More of it")


@story("me withdraw takes effect at once, and only for oneself")
def withdraw():
    with Broker():
        t = Terminal(["attendctl", "me", "withdraw"], user="e1001")
        if t.expect(r"(?i)\(yes/no\).*$", r"\n$", timeout=5) == 0:
            t.send("yes\n")
        equal(t.end(), 0, t.text)
        r = run("pamtester", "kiosk", "e1001", "authenticate", "acct_mgmt",
                input=PIN + "\n")
        check(r.status != 0, r.all)
        run("pamtester", "kiosk", "e1002", "authenticate", "acct_mgmt",
            input=PIN + "\n").ok()
    ctl("consent", "record", "1001").ok()


@story("doctor and status say how the kiosk is")
def health():
    ctl("doctor").ok()
    has(ctl("status").ok().out, r"(?i)notice", r"(?i)director")


main()
