#!/usr/bin/env -S python3 -B
"""Disclosure: what leaves, to whom, and on what basis."""
import collections, hashlib, json, os, sqlite3, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
from story import *

broker = Broker()
FREE = ("legal-duty", "national-security", "public-interest", "criminal",
        "vital-interests", "public-by-person", "contract",
        "lawfully-published", "operation", "news", "research")


def prepare():
    enrol("1001", name="Lin Mei", phone="555 0100")
    enrol("1002", name="Wang Jun", phone="555 0101")
    enrol("1003", name="Sun Li", birth=years_ago(17), minor=True,
          consent=False)
    enrol("2001", name="Head Of Staff")
    broker.start()


def disclose(*numbers, to="Harbour Bank", basis="consent",
             purpose="staff accounts", fields="number,name", by="2001",
             json_too=True):
    return ctl("disclose", *numbers, "--to", to, "--basis", basis, "--purpose",
               purpose, "--fields", fields, "--decided-by", by,
               *["--json"] * json_too)


def seen(number):
    return json.loads(ctl("me", "show", "--json",
                          user=login_name(number)).ok().out)["disclosures"]


def agree(number, to="Harbour Bank", aim="staff accounts", verb="consent"):
    more = ("--name", "Sun Yan", "--relation", "mother", "--paper",
            PAPER) if verb == "guardian" else ()
    ctl(verb, "record", number, *more, "--purpose", "disclosure",
        "--recipient", to, "--for", aim).ok()


@story("P6: without consent to this recipient and purpose nothing leaves, with "
       "it it does")
def consent():
    r = disclose("1001").fails(4, r"nothing is disclosed: 1001 has not agreed")
    equal(r.out, "")
    agree("1001", to="Another Bank")
    agree("1001", aim="advertising")
    equal(disclose("1001").fails(4).out, "")
    agree("1001")
    equal(json.loads(disclose("1001").ok().out),
          [{"number": "1001", "name": "Lin Mei"}])
    ctl("consent", "withdraw", "1001", "--purpose", "disclosure",
        "--recipient", "Harbour Bank", "--for", "staff accounts").ok()
    equal(disclose("1001").fails(4).out, "")
    agree("1001")
    disclose("1001").ok()


@story("P6: one who has not agreed keeps it all back, and nothing is on record")
def all_or_nothing():
    before = len(seen("1001"))
    r = disclose("1001", "1002").fails(4, r"1002 has not agreed")
    equal(r.out, "")
    equal(len(seen("1001")), before)
    agree("1002")
    equal(len(json.loads(disclose("1001", "1002").ok().out)), 2)
    equal(len(seen("1001")), before + 1)


@story("P21: what was agreed to before a major notice carries no disclosure "
       "after it, of a guardian's neither; agreed to anew it does")
def outdated():
    who = {"1001": "consent", "1003": "guardian"}
    for number, verb in who.items():
        agree(number, to="Old Bank", verb=verb)
        disclose(number, to="Old Bank").ok()
    write("/root/two.txt", "Two, with other recipients.\n")
    ctl("notice", "publish", "/root/two.txt", "--version", "2", "--lang", "en",
        "--major", "recipients").ok()
    for number, verb in who.items():
        equal(disclose(number, to="Old Bank").fails(
            4, r"%s has not agreed" % number).out, "")
        agree(number, to="Old Bank", verb=verb)
        disclose(number, to="Old Bank").ok()
    for number in ("1001", "1002"):
        ctl("consent", "record", number).ok()


@story("P6: of a minor it is the guardian's consent that counts")
def minor():
    agree("1003")
    equal(disclose("1003").fails(4).out, "")
    agree("1003", verb="guardian")
    disclose("1003").ok()


@story("P7: a transfer takes along only who has agreed, and names the others "
       "as left out")
def transfer():
    agree("1001", to="New Owner Ltd", aim="goes on employing")
    r = disclose("1001", "1002", to="New Owner Ltd",
                 purpose="goes on employing", basis="transfer").ok()
    equal([p["number"] for p in json.loads(r.out)], ["1001"])
    has(r.err, r"left out.*1002")
    lacks(r.err, r"1001")
    check(not any(d["basis"] == "transfer" for d in seen("1002")),
          "not of 1002")


@story("P8: only the listed bases are taken, and each is on record: to whom, "
       "what, why, who decided")
def bases():
    for basis in ("", "because", "consent,legal-duty", "LEGAL-DUTY"):
        equal(disclose("1002", basis=basis).fails(2, r"--basis is").out, "")
    for basis in FREE:
        disclose("1002", to="Labour Inspectorate", purpose="inspection of "
                 + basis, basis=basis, fields="name,phone").ok()
        d = seen("1002")[-1]
        equal((d["recipient"], d["purpose"], d["basis"], d["fields"],
               d["decided_by"], d["by"]),
              ("Labour Inspectorate", "inspection of " + basis, basis,
               "name,phone", "2001", "root"))
    record = json.loads(ctl("me", "show", "--json", user="e1002").ok().out)
    chained = [r for r in record["records"] if r["event"] == "disclose"]
    check(len(chained) >= len(FREE), "in the chain")
    for r in chained:
        has(r["detail"], r"basis=\S+ fields=\S+ .*whom=[0-9a-f]{64}")
        lacks(r["detail"], r"Labour|2001")
    ctl("audit", "verify").ok()


@story("P8: what goes out is what was named, no more, and needs to be named")
def fields():
    out = json.loads(disclose("1001", basis="legal-duty", fields="born").ok(
                     ).out)
    equal(out, [{"born": "1990-04-12"}])
    out = json.loads(disclose("1001", basis="legal-duty",
                              fields="number,attendance").ok().out)
    equal(set(out[0]), {"number", "attendance"})
    for bad in ("", "pin", "login", "name,", "name,name", "uid"):
        equal(disclose("1001", basis="legal-duty", fields=bad).fails(
            2, r"--fields names").out, "")
    disclose("1001", "1001", basis="legal-duty").fails(2, r"twice")
    disclose("1001", basis="legal-duty", by="4711").fails(3)
    disclose("1001", "4711", basis="legal-duty").fails(3)
    disclose("1001", basis="legal-duty", to=" ").fails(2, r"--to")
    ctl("disclose", "--to", "x").fails(2)
    has(disclose("1001", basis="legal-duty", json_too=False).ok().out,
        r"name +Lin Mei")


@story("P4: who guesses to whom and what for, and knows who decides, finds none "
       "of it in the chain")
def guessed():
    enrol("1004")
    disclose("1004", to="Police", purpose="inquiry", basis="criminal").ok()
    ctl("employee", "erase", "1004", "--reason", "breach", "--yes").ok()
    found = {re.search(r"whom=(\w+)", r["detail"])[1] for r in
             json.loads(ctl("audit", "list", "--json").ok().out)
             if r["event"] == "disclose"}
    db = sqlite3.connect(STORE)
    ids = [bytes(i) for (i,) in db.execute("SELECT id FROM person")]
    db.close()

    def guess(*parts):
        return hashlib.blake2b(b"".join(parts), digest_size=32).hexdigest()

    def text(t):
        return bytes([len(t)]) + t.encode()
    tried = {guess(*key, text(to), text(aim), decider)
             for to in ("Police", "Labour Inspectorate", "Harbour Bank")
             for aim in ("inquiry", "staff accounts")
             for decider in ids for key in [()] + [(i,) for i in ids]}
    check(found and not found & tried, "guessed")
    ctl("audit", "verify").ok()


@story("to whom and what for cannot be read in the store's files")
def sealed():
    blob = state_bytes()
    for word in (b"Labour Inspectorate", b"Harbour Bank", b"staff accounts"):
        check(word not in blob, word)


# ---- de-identified ----

CROWD = []  # what an attacker knows of everybody: number, department, born,
            # hired


def crowd():
    if CROWD:
        return
    wait_for_young_day(30, 6 * 3600)  # sums are of a quarter of a day
    people = [("Assembly", 1990, 2015)] * 7 + [("Assembly", 1991, 2016)] * 6 \
        + [("Stores", 1985, 2012)] * 6 + [("Stores", 1985, 2020)] * 2 \
        + [("Stores", 1972, 2001)] * 3 + [("Assembly", 1962, 1999)] * 5 \
        + [("Board", 1958, 1990)] * 2
    for i, (unit, born, hired) in enumerate(people):
        number = "3%03d" % i
        b, h = "%d-03-%02d" % (born, i % 28 + 1), "%d-05-01" % hired
        ctl("employee", "add", number, "--name", "Crowd %c Person" % (65 + i),
            "--birth", b, "--department", unit, "--hired", h).ok()
        CROWD.append((number, unit, b, h))
    for number in ("3000", "3001", "3002", "3003", "3004", "3005", "3013", "3030"):
        ctl("pin", "set", number, input=PIN + "\n").ok()
        for purpose in ("login", "attendance"):
            ctl("consent", "record", number, "--purpose", purpose).ok()
        # the last but one is alone in hers, however often she comes
        run("pamtester", "kiosk", login_name(number), "authenticate",
            "acct_mgmt", *["open_session"] * (6 if number == "3013" else 1),
            input=PIN + "\n").ok()


def export():
    return json.loads(ctl("export", "--deidentified", "--json").ok().out)


def fits(row, unit, born, hired):
    """Whether a row could be the person whom the attacker knows."""
    def within(band, value):
        return band == "*" or int(band.split("-")[0]) <= value <= int(
            band.split("-")[1])
    today = time.localtime()
    age = today.tm_year - int(born[:4]) - (
        (today.tm_mon, today.tm_mday) < (int(born[5:7]), int(born[8:])))
    return (row["department"] in ("*", unit) and within(row["age"], age)
            and within(row["hired"], int(hired[:4])))


@story("P9: knowing everything else about everybody does not tell which row is "
       "whose", timeout=240)
def nobody():
    crowd()
    rows = export()["people"]
    check(len(rows) >= 25, "%d rows" % len(rows))
    for _, unit, born, hired in CROWD:
        alike = [r for r in rows if fits(r, unit, born, hired)]
        check(len(alike) == 0 or len(alike) >= 5,
              "%s %s %s: only %d rows" % (unit, born, hired, len(alike)))
    groups = collections.Counter((r["department"], r["age"], r["hired"])
                                 for r in rows)
    check(min(groups.values()) >= 5, groups)
    check(any(g[0] == "Assembly" for g in groups), "of use all the same")
    check(not any(g[0] == "Board" for g in groups), "two are no crowd")


@story("P9: no identifier is in the export, and its ids are kept nowhere and "
       "never the same")
def no_identifier():
    first, text = export(), ctl("export", "--deidentified").ok().out
    text += json.dumps(first)
    for number, _, born, hired in CROWD + [("1001", "", "1990-04-12", "x-x")]:
        for word in (number, login_name(number), born, hired):
            check(not re.search(r"\b%s\b" % re.escape(word), text), word)
    lacks(text, r"Crowd", r"Lin Mei", r"555 01", r"7000\d")
    ids = {r["id"] for r in first["people"]}
    check(not ids & {r["id"] for r in export()["people"]}, "the same ids")
    blob = state_bytes()
    for i in ids:
        check(i.encode() not in blob and bytes.fromhex(i) not in blob, i)


@story("P9: attendance is in sums of five people or more, never of one")
def sums():
    crowd()
    equal(len(json.loads(ctl("attendance", "list", "3013", "--json").ok().out)),
          6, "events of one, in a department of many")
    equal([(r["department"], r["events"]) for r in export()["attendance"]],
          [("Assembly", 6)])


@story("P9: data that names people is not exported at all")
def only_deidentified():
    ctl("export").fails(2, r"only --deidentified.*attendctl disclose")
    ctl("export", "--deidentified", user="e1001").fails(4, r"only root")
    check(any(r["event"] == "export-deidentified" for r in
              json.loads(ctl("audit", "list", "--json").ok().out)), "recorded")


main(prepare=prepare)
