#!/usr/bin/env -S python3 -B
"""Imports: what others supply about people, shown before it changes anything;
and what a site does not collect."""
import json, os, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
from story import *

broker = Broker()
FILE = "/root/staff.csv"
SAID = ("--source", "staff office", "--basis", "contract")


def prepare():
    enrol("1001", name="Lin Mei", phone="555 0100")
    broker.start()


def restart(**settings):
    broker.stop()
    configure(**settings)
    broker.start()


def put(text):
    with open(FILE, "wb") as f:
        f.write(text if isinstance(text, bytes) else text.encode())


def csv(text, *more, said=SAID, **kw):
    put(text)
    return ctl("import", "csv", FILE, *said, *more, **kw)


def apply(text, *more, **kw):
    return csv(text, "--apply", *more, **kw)


def preview(text, **kw):
    return json.loads(csv(text, "--json", **kw).ok().out)


def show(number):
    return json.loads(ctl("employee", "show", number, "--json").ok().out)


def listed():
    return [line.split()[0] for line in
            ctl("employee", "list").ok().out.splitlines()[1:]]


def history(number):
    # staff read it of themselves; all of this site's logins are "eNUMBER"
    return json.loads(ctl("me", "show", "--json",
                          user=login_name(number)).ok().out)["history"]


def events(number):
    return [r["event"] for r in
            json.loads(ctl("audit", "list", number, "--json").ok().out)]


@story("P11: an import shows what would change and changes nothing, with "
       "--apply it does just that")
def shown_first():
    text = ("number,phone,name,department\r\n"
            "1001,555 0199,Lin Mei,Assembly\r\n"
            "1101,555 0111,\"Wu, Fang\",Dispatch\r\n")
    before = show("1001")
    got = preview(text)
    equal((got["applied"], got["added"], got["changed"], got["unchanged"]),
          (False, 1, 1, 0))
    changes = [(c["number"], c["event"], c["field"], c["was"], c["will"])
               for c in got["changes"]]
    check(("1001", "changed", "phone", "555 0100", "555 0199") in changes,
          changes)
    check(("1101", "added", "name", None, "Wu, Fang") in changes, changes)
    check(("1101", "added", "login", None, "e1101") in changes, changes)
    equal([c[2] for c in changes if c[0] == "1001"], ["phone"])
    equal(show("1001"), before, "nothing is changed")
    ctl("employee", "show", "1101").fails(3)
    enrol("B1001", pin=None, consent=False)
    equal([c["number"] for c in preview("number,phone\nb1001,5\n")["changes"]],
          ["B1001"], "the same person in whatever letters")
    table = csv(text).ok().out
    has(table, r"1001 +changed +phone +555 0100 +555 0199",
        r"next: the same with --apply")
    done = json.loads(apply(text, "--json").ok().out)
    equal((done["applied"], done["added"], done["changed"]), (True, 1, 1))
    equal(show("1001")["phone"], "555 0199")
    equal(show("1101")["name"], "Wu, Fang")
    has(run("getent", "passwd", "e1101").ok().out, r"^e1101:")
    again = preview(text)
    equal((again["added"], again["changed"], again["unchanged"],
           again["changes"]), (0, 0, 2, []))


@story("P11: each value keeps who supplied it, when and on what basis, also one "
       "that is typed; without a source or a basis of the list nothing is "
       "imported")
def origin():
    text = "number,position\n1001,Fitter\n"
    csv(text, "--apply", said=SAID[:2]).fails(2, r"--basis")
    csv(text, "--apply", said=SAID[2:]).fails(2, r"--source")
    csv(text, "--apply", said=SAID[:2] + ("--basis", "habit")).fails(
        2, r"--basis is consent, contract")
    csv(text, "--apply", said=("--source", "x" * 33) + SAID[2:]).fails(
        2, r"at most 32 bytes")
    equal(show("1001")["position"], None)
    apply(text).ok()
    last = history("1001")[-1]
    equal((last["field"], last["source"], last["basis"], last["by"]),
          ("position", "staff office", "contract", "root"))
    check(last["at"], "when")
    ctl("employee", "set", "1001", "--position", "Welder", "--basis",
        "habit").fails(2, r"--basis is")
    ctl("employee", "set", "1001", "--position", "Welder", "--basis",
        "consent").ok()
    last = history("1001")[-1]
    equal((last["source"], last["basis"], last["was"]),
          ("office", "consent", "Fitter"))
    equal(history("1101")[0]["basis"], "contract")


@story("P11: an import is on record for each person and as a whole, and so is "
       "the look at values that a preview shows")
def audited():
    text = "number,name,email\n1001,Lin Mei,lin@example.org\n1102,Ma Li,\n"
    looks = events("1001").count("import-preview")
    csv(text).ok()
    equal(events("1001").count("import-preview"), looks + 1)
    sets = events("1001").count("employee-set")
    apply(text).ok()
    equal(history("1102")[0]["by"], "root")
    equal(events("1001").count("import-preview"), looks + 1)
    equal(events("1001").count("employee-set"), sets + 1)
    has(ctl("audit", "list").ok().out,
        r"import-csv.*basis=contract added=1 changed=1 unchanged=0")
    mine = json.loads(ctl("me", "show", "--json", user="e1001").ok().out)
    check(("import-preview", "self") in [
        (x["event"], x["about"]) for x in mine["looked"]], "she sees who looked")
    ctl("audit", "verify").ok()


REFUSED = [  # what is wrong, the file, line and reason; the twin is right
    ("no number", "name\nWu\n", r"line 1: no column \"number\"",
     "number,name\n1201,Wu\n"),
    ("unknown column", "number,name,salary\n1202,Wu,1\n",
     r"line 1: column 3, \"salary\"", "number,name,phone\n1202,Wu,1\n"),
    ("doubled column", "number,name,name\n1203,Wu,Wu\n",
     r"line 1: column 3: \"name\" stands there twice",
     "number,name,email\n1203,Wu,w@example.org\n"),
    ("semicolons", "number;name\n1204;Wu\n", r"line 1: .*commas",
     "number,name\n1204,Wu\n"),
    ("empty", "", r"line 1: the file is empty", "number\n"),
    ("a value missing", "number,name\n1205,Wu\n1206\n",
     r"line 3: 1 values under 2 columns", "number,name\n1205,Wu\n1206,Xi\n"),
    ("an open quote", "number,name\n1207,\"Wu\n1208,Xi\n",
     r"line 2: a quote is opened", "number,name\n1207,\"Wu\"\n1208,Xi\n"),
    ("a stray quote", "number,name\n1209,W\"u\n", r"line 2: a quote inside",
     "number,name\n1209,\"W\"\"u\"\n"),
    ("not UTF-8", b"number,name\n1210,M\xfcller\n", r"line 2: not UTF-8",
     "\ufeffnumber,name\r\n1210,M\u00fcller\r\n"),
    ("a NUL", b"number,name\n1211,W\0u\n", r"line 2: a NUL byte",
     "number,name\n1211,Wu"),
    ("a number twice", "number,name\nA1212,Wu\n1213,Xi\na1212,Li\n",
     r"line 4: number a1212 stands on line 2 already",
     "number,name\nA1212,Wu\n1213,Xi\n"),
    ("a bad number", "number,name\n12 14,Wu\n",
     r"line 2: number \"12 14\" must be", "number,name\n1214,Wu\n"),
    ("no name", "number,phone\n1215,1\n", r"line 2: 1215 is new and needs a "
     r"name", "number,name,phone\n1215,Wu,1\n"),
    ("a bad date", "number,name,birth\n1216,Wu,1990-02-30\n",
     r"line 2: birth is not a date",
     "number,name,birth\n1216,Wu,1990-02-28\n"),
    ("unborn", "number,name,birth\n1217,Wu,2090-01-01\n",
     r"line 2: birth lies in the future",
     "number,name,birth\n1217,Wu,1990-01-01\n"),
    ("an end before the start",
     "number,name,hired,ended\n1218,Wu,2020-05-01,2020-04-30\n",
     r"line 2: the last day", "number,name,hired,ended\n"
     "1218,Wu,2020-05-01,2020-05-01\n"),
    ("no mail", "number,name,email\n1219,Wu,wu\n", r"line 2, 1219.*email: must",
     "number,name,email\n1219,Wu,w@example.org\n"),
    ("no phone", "number,name,phone\n1220,Wu,call me\n",
     r"line 2, 1220.*phone: must", "number,name,phone\n1220,Wu,5\n"),
    ("a control character", "number,name\n1221,\"W\nu\"\n",
     r"line 2, 1221.*name: must", "number,name\n1221,W u\n"),
    ("too long", "number,name\n1222,%s\n" % ("W" * 129),
     r"line 2: name is too long", "number,name\n1222,%s\n" % ("W" * 128)),
    ("a bad login", "number,name,login\n1223,Wu,W!\n",
     r"line 2: \"W!\" is not a login", "number,name,login\n1223,Wu,wu\n"),
]


@story("P11: a file with one thing wrong is refused by line and reason and "
       "imports nothing, the same without it is imported", timeout=120)
def refused():
    for what, wrong, reason, right in REFUSED:
        before = listed()
        for more in ((), ("--apply",)):
            r = csv(wrong, *more).fails(1, reason, r"nothing is imported")
            equal(r.out, "", what)
        equal(listed(), before, what)
        apply(right).ok()


@story("P11: what is in conflict with who is here is refused: a taken login, a "
       "local account's, an erased person's number")
def conflicts():
    line = "number,name,login\n1301,Wu,%s\n"
    for more in ((), ("--apply",)):
        csv(line % "e1001", *more).fails(5, r"line 2.*taken")
        csv(line % "visitor", *more).fails(5, r"visitor is a local account")
    enrol("1302", pin=None, consent=False)
    ctl("employee", "erase", "1302", "--reason", "account-closed",
        "--yes").ok()
    apply("number,name\n1302,Wu\n").fails(5, r"line 2: 1302 was erased")
    apply(line % "wu1301").ok()
    apply("number,name\n1303,Wu\n").ok()


@story("P11: an empty value clears, an empty login does not, a column that is "
       "not there leaves its field alone")
def empty():
    apply("number,name,email,hired,login\n"
          "1401,Qi,qi@example.org,2020-01-02,qi\n").ok()
    apply("number,email,login\n1401,,\n").ok()
    got = show("1401")
    equal((got["email"], got["hired"], got["login"]),
          (None, "2020-01-02", "qi"))
    apply("number,hired\n1401,none\n").ok()
    equal(show("1401")["hired"], None)
    apply("number,name\n1401,\n").fails(1, r"line 2: name cannot be empty")


@story("P18: an imported minor is held like one who is typed, and an adult is "
       "not")
def minors():
    text = "number,name,birth\n1501,Sun Li,%s\n1502,Sun Bo,%s\n" % (
        years_ago(17), years_ago(19))
    equal([h["number"] for h in preview(text)["held"]], ["1501"])
    done = apply(text).ok()
    has(done.out, r"1501", r"attendctl guardian record")
    check(show("1501").get("erased_from"), "held")
    check(not show("1502").get("erased_from"), "not held")
    ctl("pin", "set", "1501", input=PIN + "\n").fails(4)
    ctl("pin", "set", "1502", input=PIN + "\n").ok()
    guardian("1501").ok()
    ctl("pin", "set", "1501", input=PIN + "\n").ok()


@story("only root imports")
def only_root():
    put("number,name\n1601,Wu\n")
    os.chmod("/root", 0o755)
    ctl("import", "csv", FILE, *SAID, "--apply", user="e1001").fails(
        4, r"only root")
    os.chmod("/root", 0o700)
    ctl("employee", "show", "1601").fails(3)
    ctl("import", "csv", FILE, *SAID, "--apply").ok()


@story("a file of more than 16 MiB is refused, one of a little less is read")
def too_large():
    line = "number,name\n1602,Wu\n"
    apply(line + "\n" * ((16 << 20) - len(line) + 1)).fails(1, r"more than")
    apply(line + "\n" * ((16 << 20) - len(line))).ok()


def crowd(first, n, position="Fitter"):
    return "number,name,birth,department,position,phone\n" + "".join(
        "%d,Person %d,1990-01-%02d,Hall %d,%s,555 %d\n" % (
            k, k, k % 28 + 1, k % 9, position, k)
        for k in range(first, first + n))


@story("attendd killed in the middle of an import leaves the whole of it or "
       "nothing", timeout=300)
def killed():
    text, n, outcomes = crowd(200000, 3000), 3000, []
    began = time.monotonic()
    csv(text, timeout=120).ok()
    whole = time.monotonic() - began
    before = len(listed())
    for part in (0.05, 0.2, 0.35, 0.5, 0.7, 0.9):
        put(text)
        p = subprocess.Popen(["attendctl", "import", "csv", FILE, *SAID,
                              "--apply"], stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
        time.sleep(part * whole)
        broker.stop(signal.SIGKILL)
        status = p.wait(30)
        broker.start()
        new = len(listed()) - before
        check(new in (0, n), "%d of %d" % (new, n))
        check(status != 0 or new == n, "acknowledged and gone")
        outcomes.append(new)
        if new == n:
            break
    print("# killed %d times: %s" % (len(outcomes), outcomes))
    check(outcomes[0] == 0, "it was in the middle")
    ctl("audit", "verify").ok()
    apply(text, timeout=120).ok()
    equal(len(listed()) - before, n)


@story("10,000 people are looked at, imported and changed at once", timeout=300)
def many():
    for what, text, more in (("shown", crowd(300000, 10000), ()),
                             ("added", crowd(300000, 10000), ("--apply",)),
                             ("changed", crowd(300000, 10000, "Welder"),
                              ("--apply",)),
                             ("unchanged", crowd(300000, 10000, "Welder"),
                              ("--apply",))):
        began = time.monotonic()
        csv(text, *more, timeout=200).ok()
        print("# 10,000 rows %s in %.2f s" % (what, time.monotonic() - began))
    equal(show("309999")["position"], "Welder")
    has(run("getent", "passwd", "e309999").ok().out, r"^e309999:")
    ctl("audit", "verify", timeout=60).ok()


@story("on a terminal a long import shows how far it is")
def progress():
    put(crowd(300000, 10000, "Turner"))
    t = Terminal(["attendctl", "import", "csv", FILE, *SAID], timeout=120)
    t.expect(r"importing \d+ %")
    t.hang_up()


@story("whoever leaves in the middle of an import on a terminal has changed "
       "nothing, whoever stays has", timeout=120)
def left():
    put(crowd(300000, 10000, "Turner"))
    argv = ["attendctl", "import", "csv", FILE, *SAID, "--apply"]
    t = Terminal(argv, timeout=120)
    t.expect(r"importing [1-9]\d? %")
    t.hang_up()
    # waits until nobody else writes
    ctl("employee", "set", "1001", "--position", "Foreman").ok()
    equal([show(n)["position"] for n in ("300000", "309999")],
          ["Welder", "Welder"])
    t = Terminal(argv, timeout=120)
    t.end()
    equal(t.status, 0)
    equal([show(n)["position"] for n in ("300000", "309999")],
          ["Turner", "Turner"])


@story("P10: a field that the site does not collect is refused when typed, "
       "imported or asked for, and the key is named; one that it does is not")
def not_collected():
    restart(collect_fields="department, position, email")
    key = r"phone is not collected here: collect-fields in"
    ctl("employee", "add", "1701", "--name", "Wu", "--phone", "5").fails(4, key)
    ctl("employee", "add", "1701", "--name", "Wu", "--email",
        "w@example.org", "--birth", "1990-04-12").ok()
    ctl("employee", "set", "1701", "--phone", "5").fails(4, key)
    ctl("employee", "set", "1701", "--position", "Fitter").ok()
    apply("number,phone\n1701,5\n").fails(4, r"line 2: " + key)
    apply("number,phone,position\n1701,,Welder\n").ok()
    ask = ("me", "request", "correct", "--value", "5", "--field")
    ctl("pin", "set", "1701", input=PIN + "\n").ok()
    ctl(*ask, "phone", user="e1701", input=PIN + "\n").fails(4, key)
    ctl(*ask, "department", user="e1701", input=PIN + "\n").ok()
    ctl("request", "open", "1701", "correct", "--field", "phone", "--value",
        "5").fails(4, key)
    restart()
    ctl("employee", "set", "1701", "--phone", "5").ok()


@story("P10: a correction that was asked for before the site stopped collecting "
       "the field is not made")
def stopped_meanwhile():
    def fulfil(n):
        return ctl("request", "fulfil", n)
    opened = ctl("request", "open", "1701", "correct", "--field", "phone",
                 "--value", "6", "--how", "in-person").ok().out
    n = re.search(r"request (\d+) of", opened)[1]
    restart(collect_fields="")
    fulfil(n).fails(4, r"phone is not collected here")
    restart()
    fulfil(n).ok()
    equal(show("1701")["phone"], "6")


@story("P10: doctor says who still has values that are not collected any more, "
       "and its command clears them")
def doctor_tells():
    def finding():
        out = ctl("doctor", "--json", timeout=60).out
        return next(f for f in json.loads(out)
                    if f["id"] == "collect-fields")
    equal(finding()["level"], "ok")
    restart(collect_fields="department position email")
    enrol("0001", name="First By Number", pin=None, consent=False)
    restart()
    ctl("employee", "set", "0001", "--phone", "5").ok()
    restart(collect_fields="department position email")
    found = finding()
    equal(found["level"], "warning")
    equal(found["next"], 'attendctl employee set 0001 --phone ""')
    people = int(re.match(r"(\d+) people", found["text"])[1])
    run("sh", "-c", found["next"]).ok()
    equal(show("0001")["phone"], None)
    equal(int(re.match(r"(\d+) people", finding()["text"])[1]), people - 1)
    apply("number,phone\n" + "".join(n + ",\n" for n in listed()),
          timeout=200).ok()
    equal(finding()["level"], "ok")
    restart()


@story("attend.conf that names an unknown or doubled field is refused, the same "
       "without it is not")
def bad_key():
    for value, reason in (("phone, salary", r"fields are department"),
                          ("phone, phone", r"field given twice")):
        restart(collect_fields=value)
        ctl("status").fails(6, reason)
    restart(collect_fields="phone")
    ctl("status").ok()


main(prepare=prepare)
