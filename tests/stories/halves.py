#!/usr/bin/env -S python3 -B
"""What is asked of the office is done whole or not at all, whatever stops it."""
import json, os, signal, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
from story import *

broker = Broker()
TO = ("--to", "Inspectorate", "--basis", "legal-duty", "--purpose",
      "inspection", "--fields", "name", "--decided-by", "2001", "--json")


def prepare():
    enrol("1001", name="Lin Mei", phone="0")
    enrol("2001", name="Head Of Staff")
    write("/root/notice.txt", "A notice.\n")
    broker.start()


def as_json(*words, **kw):
    return json.loads(ctl(*words, "--json", **kw).ok().out)


def correction(value):
    out = ctl("request", "open", "1001", "correct", "--field", "phone",
              "--value", value, "--how", "in-person").ok().out
    return re.search(r"request (\d+)", out)[1]


def interrupt(words, how, moments):
    """Run a command and stop it, or its broker, at some moment."""
    p = subprocess.Popen(["attendctl", *words], stdin=subprocess.DEVNULL,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         text=True, start_new_session=True)
    moments.wait()
    if how == "broker":
        broker.signal_all(signal.SIGKILL)
    else:
        p.send_signal(how)
    out, _ = p.communicate(timeout=30)
    if how == "broker":
        broker.stop(signal.SIGKILL)
        broker.start()
    else:  # the broker goes on by itself, for a moment
        wait_for_workers()
    return p.returncode, out


def disclosures():
    return len(as_json("me", "show", user="e1001")["disclosures"])


@story("a correction stopped anywhere has changed the value and closed the "
       "request, or neither", timeout=300)
def corrections():
    moments = Moments(0.012, 60)
    for i in moments:
        n = correction("555 %04d" % i)
        before = as_json("employee", "show", "1001")["phone"]
        status, _ = interrupt(("request", "fulfil", n),
                              ("broker", signal.SIGINT, signal.SIGKILL)[i % 3],
                              moments)
        state = as_json("request", "show", n)["state"]
        phone = as_json("employee", "show", "1001")["phone"]
        equal(phone, "555 %04d" % i if state == "fulfilled" else before,
              "round %d, %s" % (i, state))
        check(status != 0 or state == "fulfilled", "acknowledged and lost")
        moments.note(state == "fulfilled")
    moments.met()
    ctl("audit", "verify").ok()


@story("nothing is disclosed that is not on record, wherever it is stopped",
       timeout=300)
def on_record():
    moments = Moments(0.012, 40)
    for i in moments:
        before = disclosures()
        status, out = interrupt(("disclose", "1001") + TO,
                                ("broker", signal.SIGKILL)[i // 2 % 2],
                                moments)
        check("Lin Mei" not in out or disclosures() == before + 1,
              "it went out without a record")
        moments.note("Lin Mei" in out)
    moments.met()
    ctl("audit", "verify").ok()


def fill_disk():
    broker.stop()
    small_disk(full=False)
    broker.start()
    fill(SMALL + "/filler")


@story("with the disk full nothing is half done, and afterwards it works")
def full():
    n = correction("555 9999")
    before = as_json("employee", "show", "1001")["phone"]
    words = [("request", "fulfil", n), ("disclose", "1001") + TO,
             ("request", "open", "1001", "access"),
             ("request", "refuse", n, "--reason", "legal-duty"),
             ("consent", "record", "1001", "--purpose", "photo"),
             ("notice", "publish", "/root/notice.txt", "--version", "9",
              "--lang", "en", "--major", "rights"),
             ("export", "--deidentified")]
    fill_disk()
    try:
        for w in words:
            r = ctl(*w)
            check(r.status in (1, 6), "%s: %d %s" % (w, r.status, r.all))
            check("Lin Mei" not in r.out, "it went out without a record")
            check(r.err.strip(), "a word about why")
    finally:
        os.unlink("/tmp/small/filler")
    equal(as_json("employee", "show", "1001")["phone"], before)
    equal(as_json("request", "show", n)["state"], "verified")
    check(not any(x["version"] == "9" for x in as_json("notice", "list")), "9")
    for w in words[:3]:
        ctl(*w).ok()
    equal(as_json("employee", "show", "1001")["phone"], "555 9999")
    ctl("audit", "verify").ok()
    ctl("doctor").ok()


main(prepare=prepare)
