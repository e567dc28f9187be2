#!/usr/bin/env -S python3 -B
"""Rights: to see, to correct, to be answered in time, and to complain."""
import html.parser, json, os, sqlite3, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
from story import *

broker = Broker()
ZH = {"LANG": "zh_CN.UTF-8", "LC_ALL": "", "LC_MESSAGES": ""}


def prepare():
    enrol("1001", name="Lin Mei", email="lin@example.org", phone="555 0100")
    enrol("1002", name="Wang Jun")
    enrol("1003", name="Zhao <b>Qing", pin=None)
    enrol("1004", name="Chen Bo")
    broker.start()


def me(number, *words, **kw):
    return ctl("me", *words, user=login_name(number), **kw)


def shown(number):
    return json.loads(me(number, "show", "--json").ok().out)


def ask(number, *words, pin=PIN):
    """A request by me request; its number."""
    out = me(number, "request", *words, input=(pin or "") + "\n").ok().out
    return re.search(r"number (\d+)\.", out)[1]


def requests(number):
    return {str(r["request"]): r for r in
            json.loads(me(number, "request", "--json").ok().out)}


def later(days, n):
    """Let days pass for a request."""
    db = sqlite3.connect(STORE)
    db.execute("UPDATE request SET verified_utc = verified_utc - ?, opened_utc"
               " = opened_utc - ? WHERE n = ?", (days * 86400, days * 86400, n))
    db.commit()
    db.close()


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.open, self.words, self.tags = [], [], []
        self.feed(text)
        check(not self.open, "left open: %s" % self.open)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        for name, value in attrs:
            check(name not in ("src", "href"), "%s=%s" % (name, value))
        if tag not in ("meta",):
            self.open.append(tag)

    def handle_endtag(self, tag):
        equal(self.open.pop(), tag, "closed")

    def handle_data(self, data):
        self.words.append(data)


# ---- to see ----

@story("P12: everybody sees all that is held about himself, with purposes, "
       "sources and retention")
def see():
    text = me("1001", "show").ok().out
    has(text, r"Lin Mei", r"1990-04-12", r"lin@example\.org", r"555 0100",
        r"Kept by +Harbour Works", r"staff office, extension 100",
        r"What is kept, and what for", r"until erased",
        r"all +office", r"Login attempts", r"Who looked", r"given")
    lacks(text, r"Wang Jun", PIN)
    ctl("consent", "record", "1001", "--purpose", "attendance").ok()
    run("pamtester", "kiosk", "e1001", "authenticate", "acct_mgmt",
        "open_session", input=PIN + "\n").ok()
    ask("1001", "access")
    ctl("disclose", "1001", "--to", "Labour Inspectorate", "--basis",
        "legal-duty", "--purpose", "inspection", "--fields", "name",
        "--decided-by", "1002").ok()
    record = shown("1001")
    equal((record["name"], record["state"]), ("Lin Mei", "active"))
    for key, column, value in (
            ("history", "field", "all"), ("consents", "purpose", "attendance"),
            ("notices", "notice", "1"), ("attendance", "event", "login"),
            ("attempts", "outcome", "succeeded"),
            ("requests", "kind", "access"),
            ("disclosures", "recipient", "Labour Inspectorate"),
            ("looked", "event", "disclose"), ("records", "event", "pin-set")):
        check(value in [x[column] for x in record[key]], record[key])
    for kind in record["kinds"]:
        check(kind["purpose"] and kind["source"] and kind["retention"], kind)
    equal({h["source"] for h in record["history"]}, {"office"})


@story("P12: the PIN is described and never shown, nor anything made of it")
def described():
    db = sqlite3.connect(STORE)
    sealed = db.execute("SELECT record FROM pin").fetchall()
    db.close()
    for options in ((), ("--json",), ("--html",)):
        out = me("1001", "show", *options).ok().out
        has(out, r"keyed hashes of your PIN")
        for (blob,) in sealed:
            check(blob.hex()[:24] not in out, "sealed bytes")


@story("P12: the report is a page that stands by itself and escapes what it "
       "holds, and reads in the person's language")
def page():
    p = Page(me("1003", "show", "--html").ok().out)
    check("b" not in p.tags, "a name is no markup")
    check("Zhao <b>Qing" in p.words, "the name")
    check("table" in p.tags and "h2" in p.tags, p.tags)
    out = me("1003", "show", "--html", env=ZH).ok().out
    has(out, r'<html lang="zh-CN">', r"<th>姓名</th>")
    has(me("1003", "show", env=ZH).ok().out, r"姓名", r"保存")
    lacks(me("1003", "show", env=ZH).ok().out, r"(?m)^Name ")


@story("P12: who looked is seen by whom it is about")
def looked():
    before = len(shown("1001")["looked"])
    ctl("employee", "show", "1001").ok()
    ctl("consent", "show", "1001").ok()
    ctl("employee", "show", "1002").ok()
    ctl("explain", "1001")
    looked = shown("1001")["looked"]
    equal([(x["event"], x["about"]) for x in looked[before:]],
          [("employee-show", "self"), ("consent-show", "self"),
           ("explain", "self")])
    equal({x["actor"] for x in looked}, {"root"})


@story("P12: a request for access is fulfilled with the same report")
def access():
    n = ask("1001", "access")
    equal(requests("1001")[n]["verified_by"], "pin")
    out = json.loads(ctl("request", "fulfil", n, "--json").ok().out)
    equal((out["name"], out["number"]), ("Lin Mei", "1001"))
    equal(requests("1001")[n]["state"], "fulfilled")
    check("access-report" in [x["event"] for x in shown("1001")["looked"]],
          "the office's look is on record")
    ctl("request", "fulfil", n).fails(5, r"closed already")


# ---- to correct ----

@story("P13: a wrong value is corrected on request, the old one kept sealed, "
       "and the change audited")
def correct():
    n = ask("1001", "correct", "--field", "name", "--value", "Lin Meili")
    has(ctl("request", "show", n).ok().out, r"Lin Meili", r"name")
    equal(shown("1001")["name"], "Lin Mei", "not before it is fulfilled")
    ctl("request", "fulfil", n).ok()
    record = shown("1001")
    equal(record["name"], "Lin Meili")
    change = [h for h in record["history"] if h["was"] == "Lin Mei"]
    equal([(h["field"], h["source"], h["by"]) for h in change],
          [("name", "request", "root")])
    check(any(r["event"] == "employee-correct" and "fields=name" in r["detail"]
              for r in record["records"]), "audited")
    for name, data in state_files().items():
        check(b"Lin Mei" not in data, "readable in " + name)


@story("P13: a correction that could never hold is refused at once")
def no_correction():
    for field, value, why in (("email", "nobody", r"email"),
                              ("born", "1990-02-30", r"not a date"),
                              ("born", "2100-01-01", r"in the future"),
                              ("uid", "0", r"--field is"),
                              ("hired", "2030-01-01 ", r"not a date"),
                              ("name", "", r"name")):
        me("1001", "request", "correct", "--field", field, "--value", value,
           input=PIN + "\n").fails(2, why)
    me("1001", "request", "correct", input=PIN + "\n").fails(2, r"--field F")
    me("1001", "request", "access", "--field", "name", input=PIN + "\n").fails(
        2, r"kind correct")
    me("1001", "request", "shoes", input=PIN + "\n").fails(2, r"no request of")
    for field, value in (("phone", None), ("born", "1990-04-13"),
                         ("born", "1990-04-12")):
        n = ask("1001", "correct", "--field", field, "--value", value or "")
        ctl("request", "fulfil", n).ok()
        equal(shown("1001")[field], value)


# ---- to be answered ----

@story("P16: nothing is answered before it is known whose request it is")
def verified():
    n = ask("1002", "access", "--office", pin=None)
    equal(requests("1002")[n]["state"], "received")
    ctl("request", "fulfil", n).fails(4, r"request verify %s" % n)
    ctl("request", "refuse", n, "--reason", "legal-duty").fails(4)
    ctl("request", "verify", n, "--how", "telepathy").fails(2, r"id-document")
    ctl("request", "verify", n, "--how", "pin").fails(2)
    ctl("request", "verify", n, "--how", "id-document").ok()
    ctl("request", "verify", n, "--how", "id-document").fails(5)
    has(ctl("request", "fulfil", n).ok().out, r"Wang Jun")


@story("P16: a wrong PIN verifies nothing and counts as an attempt, but the "
       "request is received")
def wrong_pin():
    r = me("1002", "request", "delete", input=WRONG_PIN + "\n").ok()
    has(r.all, r"Wrong number or PIN", r"number \d+", r"at the office")
    n = re.search(r"number (\d+)\.", r.out)[1]
    equal(requests("1002")[n]["state"], "received")
    has(ctl("employee", "show", "1002").ok().out, r"Failed attempts +1")
    r = me("1003", "request", "access", input="\n").ok()  # has no PIN at all
    has(r.all, r"at the office")


@story("P16: the answer is due within 30 days of that, and a late one is loud "
       "in doctor and in the log")
def late():
    n = ask("1004", "access")

    def left():
        return [r["days_left"] for r in
                json.loads(ctl("request", "list", "--json").ok().out)
                if str(r["request"]) == n][0]
    check(left() in (29, 30), left())  # the first day has begun
    later(29, n)
    check(left() in (0, 1), left())
    lacks(ctl("doctor").ok().all, r"wait for longer")
    later(2, n)
    check(left() < 0, "late")
    mark = journal.mark()
    has(ctl("doctor").fails(1).all, r"error +1 requests? of staff wait")
    journal.tells(mark, r"requests late=1")
    mark = journal.mark()
    ctl("purge").ok()
    journal.tells(mark, r"requests late=1")
    mark = journal.mark()
    ctl("request", "list").ok()
    journal.tells(mark, r"requests late=1")
    ctl("request", "fulfil", n).ok()
    ctl("doctor").ok()


@story("P16: a request that nobody verifies gets late, too")
def unverified():
    n = ask("1004", "access", "--office", pin=None)
    ctl("doctor").ok()
    later(31, n)
    ctl("doctor").fails(1, r"of staff wait")
    equal(me("1004", "request", "cancel", "--request", n).ok().status, 0)
    ctl("doctor").ok()


@story("P17: a request is refused for a reason of the list only, and the "
       "person is told")
def refused():
    n = ask("1004", "delete", "--text", "I leave.")
    ctl("request", "refuse", n, "--reason", "no-time").fails(
        2, r"only for legal-duty")
    ctl("request", "refuse", n).fails(2, r"--reason")
    ctl("request", "refuse", n, "--reason", "legal-duty", "--answer",
        "Pay slips are kept for ten years.").ok()
    r = requests("1004")[n]
    equal((r["state"], r["reason"], r["answer"]),
          ("refused", "legal-duty", "Pay slips are kept for ten years."))
    has(shell_of(log_in("e1004")).text, r"has been answered")
    ctl("request", "fulfil", n).fails(5)


@story("P17: every reason of the list is accepted, abuse with evidence only")
def reasons():
    for reason in ("legal-duty", "national-security", "public-interest",
                   "criminal", "vital-interests", "others-rights",
                   "trade-secret"):
        n = ask("1004", "access")
        ctl("request", "refuse", n, "--reason", reason).ok()
        equal(requests("1004")[n]["reason"], reason)
    n = ask("1004", "access")
    ctl("request", "refuse", n, "--reason", "abuse").fails(2, r"--evidence")
    write("/root/empty", "")
    ctl("request", "refuse", n, "--reason", "abuse", "--evidence",
        "/root/empty").fails(1, r"empty")
    write("/root/letters.txt", "The same question, forty times a day.\n")
    ctl("request", "refuse", n, "--reason", "abuse", "--evidence",
        "/root/letters.txt").ok()
    check(any(r["event"] == "request-refuse" and "evidence=" in r["detail"]
              for r in shown("1004")["records"]), "its hash is on record")


@story("P15: consent is withdrawn on request, for those who cannot do it "
       "themselves")
def withdraw():
    ctl("consent", "record", "1003", "--purpose", "photo").ok()
    n = re.search(r"request (\d+)", ctl(
        "request", "open", "1003", "withdraw", "--purpose", "photo", "--how",
        "in-person").ok().out)[1]
    ctl("request", "fulfil", n).ok()
    events = json.loads(ctl("consent", "show", "1003", "--purpose", "photo",
                            "--json").ok().out)
    equal([e["event"] for e in events], ["given", "withdrawn"])
    n = re.search(r"request (\d+)", ctl(
        "request", "open", "1003", "withdraw", "--purpose", "photo", "--how",
        "in-person").ok().out)[1]
    ctl("request", "fulfil", n).fails(5, r"no consent for photo")
    equal(json.loads(ctl("request", "show", n, "--json").ok().out)["state"],
          "verified", "nothing half done")


@story("P14: a request for deletion is fulfilled by erasing: nothing that was "
       "asked, answered or corrected is left")
def delete():
    enrol("1009", name="Ma Xiaohong")
    n = ask("1009", "correct", "--field", "name", "--value", "Ma Xiaolan")
    ctl("request", "fulfil", n).ok()
    n = ask("1009", "delete", "--text", "I am leaving.")
    ctl("disclose", "1009", "--to", "Labour Inspectorate", "--basis",
        "legal-duty", "--purpose", "inspection", "--fields", "name",
        "--decided-by", "1001").ok()
    r = ctl("request", "fulfil", n)
    if r.status == 6:
        has(r.all, r"cannot erase")
        equal(requests("1009")[n]["state"], "verified")
        skip("this attendd cannot erase")
    r.ok()
    ctl("employee", "show", "1009").fails(3, r"erased")
    check(not any(str(x["request"]) == n for x in json.loads(
        ctl("request", "list", "--all", "--json").ok().out)), "its row")
    db = sqlite3.connect(STORE)
    person = db.execute("SELECT id FROM person WHERE number = '1009'").fetchone()
    for table in ("request", "disclosure", "person_change"):
        equal(db.execute("SELECT count(*) FROM %s WHERE person = ?" % table,
                         person).fetchone(), (0,), table)
    db.close()
    ctl("audit", "verify").ok()
    ctl("doctor").ok()


@story("P24: the notice's contact is shown, and anybody may complain and is "
       "answered")
def feedback():
    me("1002", "request", "feedback").fails(2, r"--text")
    out = me("1002", "request", "feedback", "--text",
             "The screen shows my name to all.").ok().out
    n = re.search(r"number (\d+)\.", out)[1]
    has(ctl("request", "list").ok().out, r"The screen shows my name")
    ctl("request", "fulfil", n).fails(2, r"--answer")
    ctl("request", "fulfil", n, "--answer", "It is off now.").ok()
    equal(requests("1002")[n]["answer"], "It is off now.")
    has(me("1002", "show").ok().out, r"Contact +staff office")


@story("a request is its owner's: others neither see nor cancel it, he does")
def own():
    n = ask("1001", "access")
    check(n not in requests("1002"), "not seen")
    me("1002", "request", "cancel", "--request", n).fails(3, r"no such request")
    me("1002", "request", "cancel").fails(2, r"--request N")
    me("1001", "request", "cancel", "--request", n).ok()
    equal(requests("1001")[n]["state"], "taken-back")
    me("1001", "request", "cancel", "--request", n).fails(5)
    for word in ("0", "-1", "x", "1e3", " 1", "99999999999999999999"):
        ctl("request", "show", "--", word).fails(None)
    ctl("request", "show", "9999").fails(3, r"request list --all")


@story("what is asked and answered cannot be read in the store's files, and "
       "the chain holds")
def sealed():
    blob = state_bytes()
    for word in (b"The screen shows", b"It is off now", b"Pay slips",
                 b"Lin Meili"):
        check(word not in blob, word)
    ctl("audit", "verify").ok()


main(prepare=prepare)
