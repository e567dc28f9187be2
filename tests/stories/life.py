#!/usr/bin/env -S python3 -B
"""One whole life at the kiosk, from the day she is hired to the day nobody can
find her any more. The stories are chapters: each goes on from the one before,
and the audit chain verifies at the end of each."""
import contextlib, json, os, sqlite3, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
import hand, reader
from story import *

DAY = 86400
NUMBER, USER = "3001", "e3001"
NAME, RIGHT_NAME = "Su Xiaomeng", "Su Xiaomei"
FINGER = ("--purpose", "biometric.finger")
AGREE = r"agree\?.*: $"
BACKUP = "/root/before.backup"
broker = Broker()


def prepare():
    enrol("1001", name="Head Of Staff")
    configure(factors="finger, pin")
    with_own_clock(broker).start()


def chapter(sentence):
    """A story after which the chain verifies."""
    def mark(tell):
        def told():
            tell()
            ctl("audit", "verify").ok()
        return story(sentence)(told)
    return mark


def logs_in(*answers):
    """Through pamtester, with what the account phase asks answered."""
    t = Terminal(["pamtester", "kiosk", USER, "authenticate", "acct_mgmt"])
    if t.expect(r"PIN: $", r"Password: $") == 0:
        t.send(PIN + "\n")
    for answer in answers:
        t.answer(AGREE, answer)
    return t.end() == 0


def her(*words, **kw):
    return ctl("me", *words, user=USER, **kw)


def shown():
    return json.loads(her("show", "--json").ok().out)


def in_files(text):
    """Which of the store's files have it readable in them."""
    return [name for name, data in state_files().items()
            if text.encode() in data]


def birthday():
    """Born so that she is 18 in ten days."""
    d = time.strftime("%Y-%m-%d", time.localtime(time.time() + 10 * DAY))
    return "%04d%s" % (int(d[:4]) - 18,
                       d[4:] if d[4:] != "-02-29" else "-02-28")


@chapter("hired at 17, she has no login until her guardian has signed")
def hired():
    ctl("employee", "add", NUMBER, "--name", NAME, "--birth", birthday(),
        "--department", "Assembly", "--phone", "555 0144").ok()
    ctl("pin", "set", NUMBER, input=PIN + "\n").fails(4, r"guardian")
    check(not logs_in(), "not yet")
    guardian(NUMBER).ok()
    ctl("pin", "set", NUMBER, input=PIN + "\n").ok()
    check(logs_in(), "now she does")
    has(run("id", USER).ok().out, r"dept-assembly")
    equal(in_files(NAME), [], "her name is sealed")


def stored_fingers():
    db = sqlite3.connect("file:%s?mode=ro" % STORE, uri=True)
    with contextlib.closing(db):
        return db.execute("SELECT count(*) FROM finger").fetchone()[0]


def comes_in_by_finger():
    t = Terminal(["login"], console=hand.CONSOLE)
    t.answer(r"login: ", USER)
    t.expect(hand.OFFER)
    t.send("\n")
    hand.touch(t, 1)
    shell_of(t).send("exit\n")
    t.end()


@chapter("her guardian agrees to her finger and takes it back, with a receipt")
def finger():
    her("consent", *FINGER, "--give").fails(4, r"guardian")
    ctl("guardian", "record", NUMBER, "--name", "Sun Yan", "--relation",
        "mother", "--paper", PAPER, *FINGER).ok()
    receipt = ctl("guardian", "show", NUMBER, "--receipt").ok().out
    write("/root/key", ctl("key", "show").ok().out)
    write("/root/receipt", receipt)
    run("attend-receipt", "/root/key", "/root/receipt").ok()
    write("/root/forged", receipt.replace("Sun Yan", "Sun Yen"))
    run("attend-receipt", "/root/key", "/root/forged").fails(1, r"BAD")
    reader.prepare()
    with reader.Sensor():
        equal(hand.enrol_finger(NUMBER, 1).status, 0)
        comes_in_by_finger()
        equal(stored_fingers(), 1)
        ctl("guardian", "withdraw", NUMBER, *FINGER).ok()
        equal(stored_fingers(), 0)
    events = [c["event"] for c in shown()["consents"]
              if c["purpose"] == "biometric.finger"]
    equal(events, ["given", "withdrawn"])
    check(logs_in(), "the login is not touched by that")


@chapter("on her 18th birthday her guardian's consent is over, her own is asked")
def of_age():
    set_clock(9 * DAY)
    check(logs_in(), "the day before")
    set_clock(10 * DAY)
    check(not logs_in("no"), "without her own consent she stays out")
    check(logs_in("yes"), "with it she is in")
    check(logs_in(), "and is not asked again")


@chapter("a major notice comes before anything else, and is answered first")
def notice():
    write("/root/notice.txt", "From now on the canteen receives your number.\n")
    ctl("notice", "publish", "/root/notice.txt", "--version", "2", "--lang",
        "en", "--major", "recipients").ok()
    check(not logs_in("no"), "declined: no login")
    check(logs_in("yes"), "agreed: login")
    has(her("notice").ok().out, r"canteen receives")
    has(her("notice", "1").ok().out, r"(?i)privacy")


@chapter("she reads what is held about her and has it corrected")
def corrected():
    record = shown()
    equal((record["name"], record["phone"]), (NAME, "555 0144"))
    out = her("request", "correct", "--field", "name", "--value", RIGHT_NAME,
              input=PIN + "\n").ok().out
    n = re.search(r"number (\d+)\.", out)[1]
    ctl("request", "fulfil", n).ok()
    equal(shown()["name"], RIGHT_NAME)
    equal(in_files(RIGHT_NAME), [], "sealed as the old one")


@chapter("she is disclosed to the labour inspectorate, and sees that she was")
def disclosed():
    to = ("--to", "Labour Inspectorate", "--purpose", "inspection", "--fields",
          "number,name", "--decided-by", "1001")
    ctl("disclose", NUMBER, "--basis", "consent", *to).fails(4, r"not agreed")
    equal(shown()["disclosures"], [])
    ctl("disclose", NUMBER, "--basis", "legal-duty", *to).ok()
    equal([d["recipient"] for d in shown()["disclosures"]],
          ["Labour Inspectorate"])


@chapter("a backup is made; she leaves and cannot log in any more")
def left():
    ctl("backup", BACKUP).ok()
    yesterday = time.strftime("%Y-%m-%d",
                              time.localtime(time.time() + 9 * DAY))
    check(logs_in(), "the last time")
    ctl("employee", "end", NUMBER, "--on", yesterday).ok()
    check(not logs_in(), "her last day was yesterday")
    has(run("id", USER).ok().out, USER)  # her files keep their name


@chapter("she asks for erasure, and nothing of her can be found anywhere")
def erased():
    out = ctl("request", "open", NUMBER, "delete").ok().out
    n = re.search(r"(\d+)", out)[1]
    ctl("request", "verify", n, "--how", "id-document").ok()
    ctl("request", "fulfil", n).ok()
    ctl("employee", "show", NUMBER).fails(3, r"erased")
    for text in (NAME, RIGHT_NAME, "555 0144", USER, "Sun Yan",
                 "Labour Inspectorate"):
        equal(in_files(text), [], text)
    check(not logs_in(), "no login")
    run("id", USER).fails()


@chapter("the backup from before is restored, and she is still gone")
def restored():
    ctl("restore", BACKUP, "--yes", timeout=60).ok()
    ctl("employee", "show", NUMBER).fails(3, r"erased")
    for text in (NAME, RIGHT_NAME, USER):
        equal(in_files(text), [], text)
    check(not logs_in(), "no login")
    run("id", USER).fails()
    has(ctl("employee", "list").ok().out, r"\b1001\b")
    ctl("employee", "add", NUMBER, "--name", "Somebody Else").fails(5)
    ctl("doctor").ok()


main(prepare=prepare)
