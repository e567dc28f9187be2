#!/usr/bin/env -S python3 -B
"""Consent per purpose: given, refused, withdrawn, and the paper to keep."""
import hashlib, json, os, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
from story import *

AGREE = r"Do you agree\? \(yes/no\): "
PURPOSES = ("login", "attendance", "biometric.finger", "biometric.face",
            "photo", "location")
broker = Broker()


def prepare():
    enrol("1001", name="Lin Mei")
    enrol("1002", name="Wang Jun", consent=False)
    enrol("1003", name="Sun Li", birth=years_ago(17), minor=True,
          consent=False)
    write("/root/scan.pdf", "signed by Wang Jun\n")
    broker.start()


def me(number, *words, **kw):
    return ctl("me", *words, user=login_name(number), **kw)


def events(number, purpose=None):
    return [(e["purpose"], e["event"], e["how"])
            for e in json.loads(me(number, "consent", "--json").ok().out)
            if purpose in (None, e["purpose"])]


def answer_at_kiosk(number, words, answer):
    t = Terminal(["attendctl", "me", "consent"] + list(words),
                 user=login_name(number))
    t.answer(AGREE, answer)
    return t.end(), t.text


def log_in_and_out(user):
    r = run("pamtester", "kiosk", user, "authenticate", "acct_mgmt",
            "open_session", "close_session", input=PIN + "\n")
    return r


@story("P10: each purpose is agreed to by itself, at the kiosk, after being "
       "told what it is")
def each():
    for purpose in PURPOSES[1:]:
        status, text = answer_at_kiosk("1001", ("--give", "--purpose",
                                                purpose), "yes")
        equal(status, 0, text)
        has(text, r"(?si)privacy notice.*purpose: \w+.*Do you agree")
        equal(events("1001", purpose), [(purpose, "given", "kiosk")])
    equal(answer_at_kiosk("1002", ("--give", "--purpose", "photo"), "no")[0],
          0)
    equal(events("1002"), [("photo", "refused", "kiosk")])
    me("1001", "consent", "--give", "--purpose", "shoes", input="yes\n").fails(
        2, r"no purpose")


@story("P10: an unclear answer, or none, is no consent")
def unclear():
    before = events("1002")
    for text in ("", "perhaps\nwell\nhm\n"):
        me("1002", "consent", "--give", "--purpose", "attendance",
           input=text).fails(4, r"nothing was recorded")
    equal(events("1002"), before)
    me("1002", "consent", "--give", "--purpose", "attendance",
       input="yes\n").ok()
    equal(events("1002", "attendance"), [("attendance", "given", "command")])


@story("P10: attendance is kept only of those who agreed to it")
def attendance():
    def kept(number):
        return len(json.loads(ctl("attendance", "list", number, "--json",
                                  ).ok().out))
    ctl("consent", "record", "1002").ok()
    me("1002", "withdraw", "--purpose", "attendance").ok()
    log_in_and_out("e1002").ok()
    equal(kept("1002"), 0)
    ctl("consent", "record", "1002", "--purpose", "attendance").ok()
    log_in_and_out("e1002").ok()
    check(kept("1002") > 0, "an event")


@story("consent on paper keeps the hash of the scan, and a refusal is an "
       "answer too")
def paper():
    ctl("consent", "record", "1002", "--purpose", "photo", "--paper",
        "/root/scan.pdf").ok()
    e = json.loads(ctl("consent", "show", "1002", "--purpose", "photo",
                       "--json").ok().out)[-1]
    equal(e["paper"], hashlib.blake2b(
        open("/root/scan.pdf", "rb").read(), digest_size=32).hexdigest())
    equal((e["event"], e["how"], e["genuine"]), ("given", "paper", True))
    ctl("consent", "record", "1002", "--purpose", "location",
        "--refused").ok()
    equal(events("1002", "location"), [("location", "refused", "command")])
    me("1002", "consent", "--refuse", "--purpose", "biometric.face").ok()
    equal(events("1002", "biometric.face"),
          [("biometric.face", "refused", "command")])


@story("P15: consent is withdrawn at once, for that purpose alone, and the PIN "
       "still lets in")
def withdraw():
    me("1001", "withdraw", "--purpose", "biometric.finger").ok()
    equal(events("1001", "biometric.finger")[-1][1], "withdrawn")
    equal(events("1001", "biometric.face")[-1][1], "given")
    log_in_and_out("e1001").ok()
    me("1001", "withdraw", "--purpose", "biometric.finger").fails(
        5, r"no consent of yours")


@story("P15: withdrawing consent to log in ends it with the next decision, and "
       "leaves what was done before")
def withdraw_login():
    before = len(events("1002"))
    log_in_and_out("e1002").ok()
    me("1002", "withdraw").ok()
    r = log_in_and_out("e1002")
    check(r.status != 0, r.all)
    equal(len(events("1002")), before + 1)
    check(json.loads(ctl("attendance", "list", "1002", "--json").ok().out),
          "attendance from before stays")
    equal(answer_at_kiosk("1002", ("--give",), "yes")[0], 0)
    log_in_and_out("e1002").ok()


@story("P19: a minor may refuse, but it is the guardian who consents")
def minor():
    me("1003", "consent", "--give", "--purpose", "photo", input="yes\n").fails(
        4, r"parent or guardian")
    me("1003", "consent", "--refuse", "--purpose", "photo").ok()
    me("1001", "consent", "--give", "--purpose", "photo", input="yes\n").ok()


@story("receipts are checked with the public key alone: no store, no broker, "
       "no rights")
def receipts():
    key = run("attendctl", "key", "show", user="visitor").ok().out
    text = me("1001", "consent", "--receipt").ok().out
    equal(text.count("BEGIN ATTEND RECEIPT"), len(events("1001")))
    write("/tmp/site.pub", key)
    write("/tmp/mine.txt", "My papers.\n" + text)
    broker.stop()
    run("mv", "/var/lib/attend", "/var/lib/attend.away").ok()
    try:
        out = run("attend-receipt", "/tmp/site.pub", "/tmp/mine.txt",
                  user="visitor").ok().out
        equal(out.count("good"), text.count("BEGIN"))
        lacks(out, r"BAD")
        write("/tmp/forged.txt", text.replace("event       withdrawn",
                                              "event       given", 1))
        run("attend-receipt", "/tmp/site.pub", "/tmp/forged.txt",
            user="visitor").fails(1, r"BAD.*changed after it was signed")
        write("/tmp/other.pub", "attend-key 1 " + "ab" * 32 + "\n")
        run("attend-receipt", "/tmp/other.pub", "/tmp/mine.txt").fails(
            1, r"another key")
        run("attend-receipt", "/tmp/other.pub", "/tmp/site.pub").fails(
            2, r"no receipt")
        run("attend-receipt", "/tmp/mine.txt", "/tmp/mine.txt").fails(
            2, r"no public key")
        run("attend-receipt", "/tmp/none").fails(2, r"No such file")
        run("attend-receipt", "/tmp/site.pub", input="").fails(2)
        run("attend-receipt", "/tmp/site.pub", input=text).ok()
    finally:
        run("mv", "/var/lib/attend.away", "/var/lib/attend").ok()
        broker.start()


@story("a guardian gets a receipt from the office, and so does who signed on "
       "paper")
def from_the_office():
    text = ctl("guardian", "show", "1003", "--receipt").ok().out
    has(text, r"by          guardian\n", r"guardian    Sun Yan\n",
        r"paper       [0-9a-f]{64}\n")
    has(run("attend-receipt", "/tmp/site.pub", input=text).ok().out, r"good")
    text = ctl("consent", "show", "1002", "--purpose", "photo", "--receipt",
               ).ok().out
    has(run("attend-receipt", "/tmp/site.pub", input=text).ok().out,
        r"(?s)photo refused.*photo given")
    lacks(text, r"attendance")


@story("consent to a disclosure names its recipient and its aim")
def disclosure():
    to = ("--purpose", "disclosure", "--recipient", "Harbour Bank", "--for",
          "staff account")
    me("1001", "consent", "--give", "--purpose", "disclosure",
       input="yes\n").fails(2, r"--recipient WHOM and --for AIM")
    me("1001", "consent", "--give", "--for", "x", input="yes\n").fails(
        2, r"--purpose disclosure")
    status, text = answer_at_kiosk("1001", ("--give",) + to, "yes")
    equal(status, 0, text)
    has(text, r"Recipient: Harbour Bank", r"What for: staff account")
    me("1001", "withdraw", *to[:-1], "something else").fails(5)
    me("1001", "withdraw", *to).ok()
    receipt = me("1001", "consent", "--receipt", "--purpose",
                 "disclosure").ok().out
    has(receipt, r"recipient   Harbour Bank\naim         staff account\n")
    run("attend-receipt", "/tmp/site.pub", input=receipt).ok()


main(prepare=prepare)
