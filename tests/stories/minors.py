#!/usr/bin/env -S python3 -B
"""Minors: a guardian's consent for each purpose, majority, and what happens to
those whose guardian never agreed. And what else time takes with it."""
import json, os, sqlite3, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
from story import *

HOUR, DAY = 3600, 86400
broker = Broker()


def prepare():
    with_own_clock(broker).start()


def later(seconds):
    """attendd's clock, that much ahead of ours."""
    set_clock(seconds)


def logs_in(user):
    return run("pamtester", "kiosk", user, "authenticate", "acct_mgmt",
               input=PIN + "\n").status == 0


def reason(number):
    return json.loads(ctl("explain", number, "--json").all)["reason"]


def purge(*more, **wanted):
    r = json.loads(ctl("purge", "--json", *more).ok().out)
    for key, n in wanted.items():
        equal(r[key], n, key)
    return r


def date_at(days):
    t = time.localtime(time.time() + days * DAY)
    return time.strftime("%Y-%m-%d", t)


def birthday_at(days, years=18):
    """Born so that the birthday is in that many days."""
    d = date_at(days)
    return "%04d%s" % (int(d[:4]) - years, d[4:] if d[4:] != "-02-29" else "-02-28")


@story("P18: a minor has no PIN and no login without a guardian's consent, and "
       "with it both")
def guardian_first():
    out = ctl("employee", "add", "2001", "--name", "Xiao Li", "--birth",
              years_ago(17)).ok().out
    has(out, r"guardian record 2001", r"erased after")
    ctl("pin", "set", "2001", input=PIN + "\n").fails(4, r"guardian")
    guardian("2001").ok()
    ctl("pin", "set", "2001", input=PIN + "\n").ok()
    check(logs_in("e2001"), "she gets in")


@story("P18: a guardian's consent needs who, relation and evidence, and names "
       "a validity that is looked at")
def evidence():
    enrol("2002", birth=years_ago(17), pin=None, consent=False)
    for missing in ("--name", "--relation", "--paper"):
        words = ["--name", "Sun Yan", "--relation", "mother", "--paper", PAPER]
        at = words.index(missing)
        ctl("guardian", "record", "2002", *(words[:at] + words[at + 2:])).fails(
            2, missing)
    write("/root/empty.pdf", "")
    ctl("guardian", "record", "2002", "--name", "A", "--relation", "aunt",
        "--paper", "/root/empty.pdf").fails(1, r"empty")
    guardian("2002", until="2020-01-01").fails(2, r"past")
    guardian("2002", until=date_at(300)).ok()
    shown = json.loads(ctl("guardian", "show", "2002", "--json").ok().out)[-1]
    equal(len(shown["paper"]), 64, "the paper's hash")
    equal(shown["until"], date_at(300))
    check(shown["genuine"], "signed by the site")


@story("P19: a guardian's consent is for one purpose; another one is refused "
       "even if the minor agrees")
def per_purpose():
    enrol("2003", birth=years_ago(17), pin=None, consent=False)
    guardian("2003").ok()
    ctl("pin", "set", "2003", input=PIN + "\n").ok()
    ctl("consent", "record", "2003", "--purpose", "attendance").ok()

    def events():
        run("pamtester", "kiosk", "e2003", "authenticate", "acct_mgmt",
            "open_session", input=PIN + "\n").ok()
        return len(json.loads(ctl("attendance", "list", "2003", "--json").ok().out))
    equal(events(), 0, "her own agreement does not count")
    ctl("guardian", "record", "2003", "--name", "Sun Yan", "--relation",
        "mother", "--paper", PAPER, "--purpose", "attendance").ok()
    equal(events(), 1, "her guardian's does")


@story("P18: on the 18th birthday the guardian's consent lapses and one's own "
       "is asked")
def majority():
    enrol("2004", birth=birthday_at(2), pin=None, consent=False)
    guardian("2004").ok()
    ctl("pin", "set", "2004", input=PIN + "\n").ok()
    later(1 * DAY)
    check(logs_in("e2004"), "the day before her guardian's counts")
    later(2 * DAY)
    check(not logs_in("e2004"), "on the day it does not")
    equal(reason("2004"), "consent-missing")
    guardian("2004").fails(4, r"of age")
    t = Terminal(["pamtester", "kiosk", "e2004", "authenticate", "acct_mgmt"])
    t.answer(r"PIN: $", PIN, hidden=True)
    t.answer(r"agree\?.*: $", "yes")
    equal(t.end(), 0, t.text)
    check(logs_in("e2004"), "she agreed herself")
    purge(minors_erased=0)
    later(0)


@story("P18: what somebody agreed to under age does not count at 18: it is "
       "asked for, once, and what else was agreed to is named")
def agreed_under_age():
    enrol("2013", birth=birthday_at(2), pin=None, consent=False)
    guardian("2013").ok()
    ctl("pin", "set", "2013", input=PIN + "\n").ok()
    for purpose in ("login", "attendance"):
        ctl("consent", "record", "2013", "--purpose", purpose).ok()
    later(2 * DAY)
    check(not logs_in("e2013"), "not on what she said at 17")
    has(ctl("explain", "2013").all, r"own consent given under age")
    t = Terminal(["pamtester", "kiosk", "e2013", "authenticate", "acct_mgmt",
                  "open_session"])
    t.answer(r"PIN: $", PIN, hidden=True)
    t.answer(r"agree\?.*: $", "yes")
    equal(t.end(), 0, t.text)
    has(t.text, r"also agreed to keeping when you log in")
    equal(json.loads(ctl("attendance", "list", "2013", "--json").ok().out), [])
    ctl("consent", "record", "2013", "--purpose", "attendance").ok()
    r = run("pamtester", "kiosk", "e2013", "authenticate", "acct_mgmt",
            "open_session", input=PIN + "\n").ok()
    lacks(r.all, r"agree")
    equal(len(json.loads(ctl("attendance", "list", "2013", "--json").ok().out)),
          1)
    later(0)
    ctl("employee", "erase", "2013", "--reason", "breach", "--yes").ok()


@story("P20: somebody who turns out to be a minor is locked at once, and erased "
       "when the grace is over")
def discovered():
    user = enrol("2005", name="Wu Di")
    check(logs_in(user), "as an adult")
    out = ctl("employee", "set", "2005", "--birth", years_ago(16, 30)).ok().out
    has(out, r"a minor without a guardian's consent", r"guardian record 2005")
    check(not logs_in(user), "at once")
    equal(reason("2005"), "guardian-consent-missing")
    has(ctl("employee", "show", "2005").ok().out, r"Erased from +\d{4}")
    later(71 * HOUR)
    purge(minors_erased=0)
    has(ctl("employee", "show", "2005").ok().out, r"Wu Di")
    later(73 * HOUR)
    purge(minors_erased=1, held=0)
    ctl("employee", "show", "2005").fails(3, r"erased")
    check(b"Wu Di" not in state_bytes(), "of the name nothing is left")
    later(0)
    has(ctl("audit", "list").ok().out, r"minor-hold", r"employee-erase.*reason=minor")
    ctl("audit", "verify").ok()


@story("P20: a birth date corrected on request that makes a minor locks at "
       "once and begins the grace, and corrected back lifts it")
def corrected():
    def correct(born):
        n = re.search(r"request (\d+)", ctl(
            "request", "open", "2012", "correct", "--field", "born", "--value",
            born, "--how", "in-person").ok().out)[1]
        return ctl("request", "fulfil", n).ok().out
    user = enrol("2012", name="Wu Di")
    has(correct(years_ago(16, 30)), r"guardian record 2012")
    check(not logs_in(user), "at once")
    has(ctl("employee", "show", "2012").ok().out, r"Erased from +\d{4}")
    lacks(correct("1990-04-12"), r"guardian")
    check(logs_in(user), "free again")
    lacks(ctl("employee", "show", "2012").ok().out, r"Erased from")


@story("P20: a guardian's consent within the grace lifts the hold, and nothing "
       "is lost")
def mended():
    user = enrol("2006", name="Mo Xin")
    ctl("employee", "set", "2006", "--birth", years_ago(17)).ok()
    check(not logs_in(user), "held")
    guardian("2006").ok()
    check(logs_in(user), "and free again")
    lacks(ctl("employee", "show", "2006").ok().out, r"Erased from")
    later(100 * HOUR)
    purge(minors_erased=0)
    check(logs_in(user), "for good")
    later(0)


@story("P20: a guardian's consent that is withdrawn or runs out begins the "
       "grace, too")
def run_out():
    for number in ("2007", "2008"):
        enrol(number, birth=years_ago(16, 40), minor=True, consent=False)
    ctl("guardian", "withdraw", "2007").ok()
    check(not logs_in("e2007") and logs_in("e2008"), "one is out")
    guardian("2008", until=date_at(3)).ok()
    later(3 * DAY)
    check(logs_in("e2008"), "its last day")
    purge(minors_erased=1)                 # 2007; her 72 hours are over
    later(4 * DAY)
    check(not logs_in("e2008"), "over")
    purge(held=1, minors_erased=0)
    later(4 * DAY + 71 * HOUR)
    purge(held=0, minors_erased=0)
    later(4 * DAY + 73 * HOUR)
    purge(minors_erased=1)
    for number in ("2007", "2008"):
        ctl("employee", "show", number).fails(3, r"erased")
    later(0)


@story("P20: who comes of age while held is not erased")
def grown_up():
    enrol("2009", birth=birthday_at(1), pin=None, consent=False)
    later(5 * DAY)
    purge(released=1, minors_erased=0)
    has(ctl("employee", "show", "2009").ok().out, r"Lin Mei")
    later(0)


@story("the site's own grace counts, down to none")
def grace():
    configure(minor_grace_hours=1)
    enrol("2010", birth=years_ago(17), pin=None, consent=False)
    later(2 * HOUR)
    purge(minors_erased=1)
    later(0)
    configure(minor_grace_hours=0)
    enrol("2011", birth=years_ago(17), pin=None, consent=False)
    purge(minors_erased=1)
    ctl("employee", "show", "2011").fails(3)
    configure()


def count(sql):
    db = sqlite3.connect(STORE)
    (n,) = db.execute(sql).fetchone()
    db.close()
    return n


@story("P3: attendance, attempts and audit records go when they are older than "
       "the site keeps them, each by itself")
def retention():
    enrol("2020", name="Gao Yun")
    ctl("consent", "record", "2020", "--purpose", "attendance").ok()
    run("pamtester", "kiosk", "e2020", "authenticate", "acct_mgmt",
        "open_session", input=PIN + "\n").ok()
    for table in ("attendance", "attempt"):
        check(count("SELECT count(*) FROM " + table) > 0, table)
    later(91 * DAY)
    r = purge(attendance_dropped=0, audit_dropped=0)
    check(r["attempts_dropped"] > 0, "attempts after 90 days")
    has(ctl("attendance", "list", "2020").ok().out, r"login")
    later(731 * DAY)
    ctl("purge").fails(4, r"--clock-is-right")
    check(count("SELECT count(*) FROM attendance") > 0, "a leap of the clock")
    check(purge("--clock-is-right", audit_dropped=0)["attendance_dropped"] > 0, "after two years")
    equal(count("SELECT count(*) FROM attendance"), 0)
    later(1300 * DAY)
    records = count("SELECT count(*) FROM audit")
    dropped = purge("--clock-is-right")["audit_dropped"]
    check(0 < dropped < records and dropped % 64 == 0,
          "up to a checkpoint: %d of %d" % (dropped, records))
    r = json.loads(ctl("audit", "verify", "--json").ok().out)
    check(r["good"] and r["pruned"] == dropped, r)
    purge(audit_dropped=0, attendance_dropped=0)
    has(ctl("employee", "show", "2020").ok().out, r"Gao Yun")
    later(0)
    purge()


@story("kept for ever where the site says 0 days; leavers go only where it says "
       "when")
def leavers():
    enrol("2030", name="Hu Bin", hired="2020-01-01")
    ctl("employee", "end", "2030", "--on", "2021-06-30").ok()
    purge(leavers_erased=0)
    configure(keep_leavers_days=30, keep_attendance_days=0, keep_audit_days=0)
    enrol("2031", name="Hu Lan", hired="2020-01-01")
    ctl("employee", "end", "2031").ok()
    purge(leavers_erased=1, audit_dropped=0)
    ctl("employee", "show", "2030").fails(3, r"erased")
    has(ctl("employee", "show", "2031").ok().out, r"Hu Lan")
    later(31 * DAY)
    purge(leavers_erased=1)
    later(0)
    configure()


@story("the timer's unit runs purge, and both units are well-formed")
def timer():
    unit = "/usr/lib/systemd/system/attend-purge.%s"
    has(read(unit % "timer"), r"OnCalendar=daily", r"Persistent=true",
        r"WantedBy=timers\.target")
    command = re.search(r"^ExecStart=(.*)$", read(unit % "service"), re.M)[1]
    equal(command, "/usr/bin/attendctl purge")
    run(*command.split()).ok()
    if os.path.exists("/usr/bin/systemd-analyze"):
        out = run("systemd-analyze", "verify", unit % "timer", timeout=60).all
        lacks(out, r"attend-purge\.\w+:\d+: ")


@story("killed at any moment, a purge has done each thing whole, and the next "
       "one does the rest", timeout=120)
def purge_kills():
    later(0)
    rounds = 12
    for n in range(rounds):
        number = "22%02d" % n
        enrol(number, birth=years_ago(17), pin=None, consent=False)
    later(80 * HOUR)
    for n in range(rounds):
        p = subprocess.Popen(["attendctl", "purge"], stdin=subprocess.DEVNULL,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.004 * n)
        broker.stop(signal.SIGKILL)
        p.wait(20)
        broker.start()
        ctl("audit", "verify").ok()
        for i in range(rounds):
            r = ctl("employee", "show", "22%02d" % i)
            check(r.status == 3 or "Lin Mei" in r.out, r.all)
    ctl("purge").ok()
    for n in range(rounds):
        ctl("employee", "show", "22%02d" % n).fails(3, r"erased")
    has(ctl("doctor").all, r"nothing is left of who was erased")
    later(0)


@story("purge is root's, takes no other words, and does nothing twice")
def manners():
    ctl("purge", "now").fails(2, r"one word too many")
    enrol("2040")
    ctl("purge", user="e2040").fails(4, r"only root")
    first = purge()
    again = purge()
    equal([k for k, v in again.items() if v], [], "nothing is left to do")


main(prepare=prepare)
