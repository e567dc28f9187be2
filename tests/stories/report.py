#!/usr/bin/env -S python3 -B
"""The report: nothing that is held about a person is left out of it."""
import json, os, sqlite3, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
from story import *

broker = Broker()


def prepare():
    enrol("1001", name="Lin Mei", email="lin@example.org", phone="555 0100",
          position="Welder", hired="2020-05-01", ended="2090-05-01")
    enrol("1003", name="Sun Li", birth=years_ago(17), minor=True,
          email="sun@example.org")
    configure(place="Hall 2", **{"collect_" + k: "yes" for k in (
        "tty", "rhost", "kiosk", "os", "machine", "place")})
    write("/etc/machine-id", "0123456789abcdef0123456789abcdef\n")
    broker.start()


def shown(number):
    return json.loads(ctl("me", "show", "--json",
                          user=login_name(number)).ok().out)


def log_in_and_out(user):
    run("pamtester", "-I", "rhost=192.0.2.7", "-I", "tty=tty7", "kiosk", user,
        "authenticate", "acct_mgmt", "open_session", "close_session",
        input=PIN + "\n").ok()


# Where the report has each column of each table about a person: a key of the
# record, or of the entries of a list in it; or, after "-", why it has not.
ID = "-made up at random or counted, to tell rows apart"
WHOSE = "-whose row it is"
SEALED = "-described; of what is made of a PIN or a finger nothing is shown"
CLOCK = "-the machine's own count of the same moment"
WHERE = {
    "person": {
        "id": ID, "version": ID, "number": "number", "login": "login",
        "uid": "uid", "state": "state", "hired_on": "hired",
        "ended_on": "ended", "department": "department",
        "position": "position", "created_utc": "created", "name": "name",
        "born_on": "born", "email": "email", "phone": "phone"},
    "person_key": {"person": WHOSE, "wrapped": "-the key to all the rest"},
    "person_change": {
        "person": WHOSE, "version": ID, "field": "history.field",
        "at_utc": "history.at", "actor": "history.by",
        "source": "history.source", "was": "history.was",
        "basis": "history.basis"},
    "pin": {"person": WHOSE, "version": ID, "record": SEALED,
            "must_change": "pin_must_change", "set_utc": "pin_set"},
    "pin_past": {"person": WHOSE, "version": ID, "record": SEALED},
    "attempt": {
        "id": ID, "subject": WHOSE, "known": "-it is hers, so it was",
        "factor": "attempts.factor", "service": "attempts.service",
        "state": "attempts.outcome", "began_utc": "attempts.at",
        "boot_id": CLOCK, "began_boot": CLOCK, "ended_boot": CLOCK,
        "ended_utc": "-the same moment but for the typing"},
    "counter": {
        "subject": WHOSE, "known": "-it is hers, so it was",
        "factor": "-told of all together", "failures": "failed_attempts",
        "touched_utc": "attempts.at", "locked": "locked_seconds",
        "lock_utc": "locked_seconds", "lock_boot": CLOCK,
        "lock_boot_id": CLOCK},
    "notice_shown": {"person": WHOSE, "version": "notices.notice",
                     "at_utc": "notices.at"},
    "consent": {
        "n": ID, "id": ID, "person": WHOSE, "purpose": "consents.purpose",
        "kind": "consents.event", "by_guardian": "consents.by",
        "notice": "consents.notice", "notice_major": "-the notice's",
        "notice_hash": "-the notice's", "at_utc": "consents.at",
        "how": "consents.how", "place": "consents.place",
        "paper_hash": "consents.paper", "guardian": "consents.guardian",
        "relation": "consents.relation", "until": "consents.until",
        "recipient": "consents.recipient", "aim": "consents.for",
        "signature": "consents.genuine"},
    "attendance": {
        "n": ID, "id": ID, "person": WHOSE, "kind": "attendance.event",
        "at_utc": "attendance.at", "source": "attendance.source",
        "service": "attendance.service", "factor": "attendance.factor",
        "tty": "attendance.tty", "rhost": "attendance.rhost",
        "kiosk": "attendance.kiosk", "os": "attendance.os",
        "machine": "attendance.machine", "place": "attendance.place"},
    "hold": {"person": WHOSE, "since_utc": "erased_from"},
    "request": {
        "n": "requests.request", "person": WHOSE, "kind": "requests.kind",
        "state": "requests.state", "opened_utc": "requests.opened",
        "opened_by": "records.actor", "verified_utc": "records.at",
        "verified_how": "requests.verified_by",
        "closed_utc": "requests.closed", "field": "requests.about",
        "purpose": "requests.about", "reason": "requests.reason",
        "evidence": "records.detail", "content": "requests.text",
        "answer": "requests.answer"},
    "disclosure": {
        "n": ID, "act": ID, "person": WHOSE, "at_utc": "disclosures.at",
        "basis": "disclosures.basis", "fields": "disclosures.fields",
        "actor": "disclosures.by", "decider": "disclosures.decided_by",
        "recipient": "disclosures.recipient", "aim": "disclosures.purpose"},
    "finger": {
        "person": WHOSE, "finger": "fingers.finger", "version": ID,
        "driver": "fingers.driver", "samples": "fingers.samples",
        "algorithm": "-how it is compared, the same for everybody",
        "enrolled_utc": "fingers.enrolled", "template": SEALED},
    "audit": {"seq": ID, "subject": WHOSE, "bytes": "records.detail",
              "hash": "-of the chain, not of the person"},
    "erasure": {c: "-there from the erasure on only"
                for c in ("n", "person", "at_utc", "reason")},
}


def everything():
    """Whatever can be kept, of two people: one and her guardian, one held."""
    for number, who in (("1001", "consent"), ("1003", "guardian")):
        words = [] if who == "consent" else [
            "--name", "Sun Yan", "--relation", "mother", "--paper", PAPER,
            "--until", years_ago(-1)]
        for purpose in ("attendance", "location", "biometric.finger"):
            ctl(who, "record", number, "--purpose", purpose, *words).ok()
        ctl(who, "record", number, "--purpose", "disclosure", "--recipient",
            "Harbour Bank", "--for", "staff accounts", *words).ok()
    t = Terminal(["attendctl", "me", "consent", "--give", "--purpose",
                  "photo"], user="e1001")
    t.answer(r"agree\?.*: $", "yes")
    equal(t.end(), 0, t.text)
    log_in_and_out("e1001")
    ctl("employee", "set", "1001", "--email", "mei@example.org", "--basis",
        "contract").ok()
    ctl("disclose", "1001", "--to", "Harbour Bank", "--basis", "consent",
        "--purpose", "staff accounts", "--fields", "name", "--decided-by",
        "1003").ok()
    write("/root/letters.txt", "The same question, forty times a day.\n")
    ctl("request", "open", "1001", "withdraw", "--purpose", "photo").ok()
    n = re.search(r"request (\d+)", ctl(
        "request", "open", "1001", "correct", "--field", "name", "--value",
        "Lin M.", "--how", "in-person").ok().out)[1]
    ctl("request", "refuse", n, "--reason", "abuse", "--evidence",
        "/root/letters.txt", "--answer", "Enough.").ok()
    run("pamtester", "kiosk", "e1001", "authenticate",
        input=WRONG_PIN + "\n").fails()
    ctl("guardian", "withdraw", "1003").ok()
    db = sqlite3.connect(STORE)  # without a reader: what enrolling leaves
    db.execute("INSERT INTO finger SELECT id, 2, 1, 'uru4000', 1, 5, 1, x'00'"
               " FROM person WHERE number = '1001'")
    db.commit()
    db.close()


def values(report, where):
    """What the report has there: of a list, of each of its entries."""
    name, _, key = where.partition(".")
    return [x[key] for x in report[name]] if key else [report[name]]


@story("P12: every column of every table about a person is in the report, or "
       "on the list above with the reason")
def columns():
    everything()
    reports = [shown("1001"), shown("1003")]
    db = sqlite3.connect(STORE)
    tables = {t: [c for _, c, *_ in db.execute("PRAGMA table_info(%s)" % t)]
              for (t,) in db.execute("SELECT name FROM sqlite_master WHERE"
                                     " type = 'table'").fetchall()}
    about = {t: c for t, c in tables.items()
             if t == "person" or {"person", "subject"} & set(c)}
    equal({t: sorted(c) for t, c in about.items()},
          {t: sorted(c) for t, c in WHERE.items()})
    for table, columns in WHERE.items():
        for column, where in columns.items():
            if where[0] == "-":
                continue
            name = "%s.%s in %s" % (table, column, where)
            (held,) = db.execute("SELECT count(*) FROM %s WHERE %s IS NOT NULL"
                                 " AND %s <> ''" % (table, column, column)
                                 ).fetchone()
            check(held, "%s: none to look for" % name)
            got = [v for r in reports if where.split(".")[0] in r
                   for v in values(r, where)]
            check(any(v is not None for v in got), name)
    db.close()


def looks(number, *words, status=0):
    """What a command leaves among the looks that the person sees."""
    before = len(shown(number)["looked"])
    r = ctl(*words)
    equal(r.status, status, r.all)
    return [(x["event"], x["about"]) for x in shown(number)["looked"][before:]]


@story("P12: a look at everybody is seen by everybody, and one at another "
       "person is not")
def at_everybody():
    for words in (("employee", "list"), ("attendance", "list"),
                  ("request", "list", "--all"), ("audit", "list"),
                  ("audit", "export"), ("export", "--deidentified")):
        event = "-".join(w.strip("-") for w in words if w != "--all")
        equal(looks("1001", *words), [(event, "everybody")])
    equal(looks("1001", "attendance", "list", "1003"), [])
    equal(looks("1003", "attendance", "list", "1003"),
          [("attendance-list", "self")])
    equal(looks("1001", "disclose", "1001", "--to", "Harbour Bank", "--basis",
                "consent", "--purpose", "staff accounts", "--fields", "name",
                "--decided-by", "1003"), [("disclose", "self")])
    has(ctl("me", "show", user="e1001").ok().out,
        r"employee-list +everybody +root")
    at = time.time()
    while int(time.time()) == int(at):  # records have seconds
        time.sleep(0.01)
    enrol("1005")
    equal([x["event"] for x in shown("1005")["looked"]], [],
          "what was looked at before her was not about her")


@story("P12: to be told that a guess is right is a look, to change is not")
def guesses():
    seen = [("employee-compare", "self")]
    equal(looks("1001", "employee", "set", "1001", "--birth", "1990-04-12"),
          seen)
    equal(looks("1001", "employee", "set", "1001", "--ended", "2020-04-30",
                status=2), seen)
    equal(looks("1001", "employee", "end", "1001", "--on", "2020-04-30",
                status=2), seen)
    equal(looks("1001", "employee", "end", "1001", "--on", "2090-05-01"), seen)
    equal(looks("1001", "request", "open", "1001", "correct", "--field",
                "ended", "--value", "2020-04-30", "--how", "in-person",
                status=2), seen)
    before = len(shown("1001")["looked"])
    ctl("me", "request", "correct", "--field", "ended", "--value",
        "2020-04-30", user="e1001", input=PIN + "\n").fails(2)
    equal(len(shown("1001")["looked"]), before, "her own try is no look")
    equal(looks("1001", "employee", "resume", "1001"), seen)
    equal(looks("1001", "employee", "suspend", "1001"), [])
    equal(looks("1001", "employee", "suspend", "1001"), seen)
    equal(looks("1001", "employee", "resume", "1001"), [])
    equal(looks("1001", "employee", "set", "1001", "--phone", "555 0101"), [])
    ctl("employee", "end", "1001", "--on", "2021-05-01").ok()
    equal(looks("1001", "employee", "resume", "1001", status=5), seen)
    ctl("employee", "set", "1001", "--ended", "2090-05-01").ok()


@story("P12: an import that compared anything with what is held is a look at "
       "everybody: previewed, refused or done")
def imported():
    def run_it(text, *more, status=0):
        write("/root/staff.csv", text)
        return looks("1001", "import", "csv", "/root/staff.csv", "--source",
                     "office", "--basis", "contract", *more, status=status)
    same = "number,birth\n1001,1990-04-12\n"
    equal(run_it(same), [("import-preview", "everybody")])
    equal(run_it(same + "4711,\n", status=1), [("import-preview", "everybody")])
    equal(run_it("number,ended\n1001,2020-04-30\n", status=1),
          [("import-preview", "everybody")])
    equal(run_it("number,birth\n1001,1990-04-13\n"),
          [("import-preview", "everybody"), ("import-preview", "self")])
    equal(run_it(same, "--apply"), [("import-csv", "everybody")])
    equal(run_it("number,salary\n1001,1\n", status=1), [])


@story("P12: with what a login was proven is told as the office sees it")
def proven():
    mine = shown("1001")["attendance"]
    office = json.loads(ctl("attendance", "list", "1001", "--json").ok().out)
    equal([{k: v for k, v in a.items() if k != "number"} for a in office], mine)
    equal({a["factor"] for a in mine}, {"pin"})


main(prepare=prepare)
