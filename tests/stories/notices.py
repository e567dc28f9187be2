#!/usr/bin/env -S python3 -B
"""Notices: what staff are told, before it counts."""
import json, os, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
from story import *

AGREE = r"Do you agree\? \(yes/no\): "
broker = Broker()


def prepare():
    for number in ("1001", "1002", "1003"):
        enrol(number)
    broker.start()


def publish(version, text, *options, lang="en"):
    write("/root/notice.txt", text)
    return ctl("notice", "publish", "/root/notice.txt", "--version", version,
               "--lang", lang, *options)


def listed(version):
    return [n for n in json.loads(ctl("notice", "list", "--json").ok().out)
            if n["version"] == version]


def let_in(user, *answers):
    t = log_in(user)
    for answer in answers:
        t.answer(AGREE, answer)
    shell_of(t)
    t.hang_up()
    return t.text


def later(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%S",
                         time.localtime(time.time() + seconds))


@story("P22: a major version names which of the six kinds of change it is")
def kinds():
    publish("2", "Two.\n", "--major", "wording").fails(
        2, r"service, ownership, recipients, rights, contact or risk")
    publish("2", "Two.\n", "--major", "rights,").fails(2, r"rights, contact")
    publish("2", "Two.\n", "--major", "recipients,risk").ok()
    equal(listed("2")[0]["changes"], "recipients,risk")


@story("P22: a major change is shown before anything else at the next login, "
       "with what changed")
def major_first():
    text = let_in("e1001", "yes")
    has(text, r"(?s)has changed in:.*who receives it.*risks to you.*Two\."
        r".*Do you agree.*yes.*\$")
    lacks(text, r"your rights and how|responsible")
    lacks(let_in("e1001"), r"Two\.", AGREE)


@story("P21: who declines a major change keeps his rights and loses the login, "
       "and is told whom to contact")
def declined():
    t = log_in("e1002")
    t.answer(AGREE, "no")
    t.expect(r"staff office, extension 100")
    t.hang_up()
    has(t.text, r"not agreed")
    has(ctl("me", "show", user="e1002").ok().out, r"1002")
    has(ctl("consent", "show", "1002").ok().out, r"given", r"refused")
    let_in("e1002", "yes")


@story("P21: nobody's consent to an earlier notice counts for a major new one")
def asked_again():
    r = run("pamtester", "kiosk", "e1003", "authenticate", "acct_mgmt",
            input=PIN + "\n")
    check(r.status != 0, r.all)
    has(ctl("explain", "1003").all, r"notice-changed|has changed")
    ctl("consent", "record", "1003").ok()
    run("pamtester", "kiosk", "e1003", "authenticate", "acct_mgmt",
        input=PIN + "\n").ok()


@story("P22: a minor change is shown once and needs no answer")
def minor():
    publish("2.1", "Two, better worded.\n").ok()
    has(let_in("e1001"), r"better worded")
    lacks(let_in("e1001"), r"better worded", AGREE)


@story("P21: what else was agreed to under an earlier notice lapses with a "
       "major one, and the person is told how to go on")
def lapsed():
    def kept():
        run("pamtester", "kiosk", "e1004", "authenticate", "acct_mgmt",
            "open_session", input=PIN + "\n").ok()
        return len(json.loads(ctl("attendance", "list", "1004", "--json",
                                  ).ok().out))
    enrol("1004")
    ctl("consent", "record", "1004", "--purpose", "attendance").ok()
    for to in ("Harbour Bank", "Old Bank"):
        ctl("consent", "record", "1004", "--purpose", "disclosure",
            "--recipient", to, "--for", "staff accounts").ok()
    ctl("consent", "withdraw", "1004", "--purpose", "disclosure",
        "--recipient", "Old Bank", "--for", "staff accounts").ok()
    equal(kept(), 1)
    publish("2.2", "Two, and risky.\n", "--major", "risk").ok()
    text = let_in("e1004", "yes")
    has(text, r"also agreed to keeping when you log in.*"
        r"attendctl me consent --give --purpose attendance",
        r"--purpose disclosure --recipient \"Harbour Bank\" --for \"staff ")
    lacks(text, r"Old Bank")
    count = kept()
    equal(kept(), count, "nothing more is kept")
    t = Terminal(["attendctl", "me", "consent", "--give", "--purpose",
                  "attendance"], user="e1004")
    t.answer(AGREE, "yes")
    equal(t.end(), 0, t.text)
    equal(kept(), count + 1)
    for number in ("1001", "1002", "1003"):
        ctl("consent", "record", number).ok()
    has(let_in("e1001"), r"and risky")


@story("P22: a version with a day to come is announced once, and asked about "
       "from then on")
def announced():
    publish("3", "Three.\n", "--major", "contact", "--effective",
            years_ago(1)).fails(2, r"past")
    began = time.time()
    publish("3", "Three.\n", "--major", "contact", "--effective",
            later(12)).ok()
    text = let_in("e1001")
    check(time.time() < began + 11, "too slow to see it coming")
    has(text, r"(?s)Three\..*version 3, applies from \d{4}-")
    lacks(text, AGREE)
    has(ctl("me", "notice", user="e1001").ok().out, r"and risky",
        r"version 3 applies")
    has(ctl("me", "notice", "3", user="e1001").ok().out, r"Three\.")
    time.sleep(max(0, began + 13 - time.time()))
    has(let_in("e1001", "yes"), r"Three\.", r"whom to contact")
    publish("4", "Four.\n", "--effective", later(3600)).ok()
    has(let_in("e1001"), r"(?s)Four\..*version 4, applies from")
    lacks(let_in("e1001"), r"Four", AGREE)
    publish("5", "Five.\n").fails(None, r"version 4 comes into force later")


@story("P23: every version ever published can be read, in its languages, and "
       "none can be changed")
def archive():
    publish("6", "Six.\n", "--effective", later(7200)).ok()
    publish("6", "第六版。\n", lang="zh_CN").ok()
    publish("6", "Six, but not the same.\n").fails(5, r"stays as it is")
    publish("2", "Two, again.\n").fails(5)
    for version, words in (("1", "Privacy notice for kiosk accounts"),
                           ("2", "Two."), ("2.1", "better worded"),
                           ("3", "Three."), ("6", "Six.")):
        has(ctl("notice", "show", version).ok().out, re.escape(words))
        has(ctl("me", "notice", version, user="e1001").ok().out,
            re.escape(words))
    has(ctl("me", "notice", "6", user="e1001",
            env={"LANG": "zh_CN.UTF-8", "LC_ALL": ""}).ok().out, r"第六版")
    ctl("me", "notice", "7", user="e1001").fails(3)


@story("P23: the hash of each text stands in the audit chain")
def hashes():
    chained = [r["detail"] for r in
               json.loads(ctl("audit", "list", "--json").ok().out)
               if r["event"] == "notice-publish"]
    for n in json.loads(ctl("notice", "list", "--json").ok().out):
        check(any(" hash=" + n["hash"] in d and "version=" + n["version"] in d
                  for d in chained), n)
    ctl("audit", "verify").ok()


@story("the short form has at most 400 characters, in any script")
def short():
    for letter in ("x", "告"):
        write("/root/short.txt", letter * 401)
        publish("7", "Seven.\n", "--effective", later(9000), "--short",
                "/root/short.txt").fails(1, r"400 characters")
    write("/root/short.txt", "告" * 400)
    publish("7", "Seven.\n", "--effective", later(9000), "--short",
            "/root/short.txt").ok()


PAGER = """#!/bin/sh
echo "<pager>"
head -n 3
echo "</pager>"
"""


@story("the long form is read in a pager where there is one, and plain where "
       "there is none")
def pager():
    write("/usr/local/bin/my-pager", PAGER, 0o755)
    write("/root/long.txt", "Long.\n\n" + "Line of it.\n" * 15000)
    ctl("notice", "publish", "/root/long.txt", "--version", "8", "--lang",
        "en", "--effective", later(9000)).ok()

    def read_it(**env):
        t = Terminal(["attendctl", "me", "notice", "8"], user="e1001", env=env)
        equal(t.end(), 0, t.text[-300:])
        return t.text

    has(read_it(PAGER="my-pager"), r"^<pager>\nLong\.\n\nLine.*\n</pager>\n$")
    for none in ("", "cat", "no-such-pager"):
        equal(read_it(PAGER=none).count("Line of it."), 15000, none)
    equal(ctl("me", "notice", "8", user="e1001", env={"PAGER": "my-pager"},
              ).ok().out.count("Line of it."), 15000)


main(prepare=prepare)
