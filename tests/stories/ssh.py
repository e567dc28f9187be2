#!/usr/bin/env -S python3 -B
"""sshd: password, keyboard-interactive and public key, whose phases run in
several processes and sometimes without authenticate."""
import os, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lab"))
from story import *

PORT = "2222"
broker = Broker()
SSH = ["ssh", "-F", "none", "-p", PORT, "-o", "StrictHostKeyChecking=no",
       "-o", "UserKnownHostsFile=/dev/null", "-o", "NumberOfPasswordPrompts=1"]


def prepare():
    enrol("1001", name="Lin Mei")
    enrol("1002", name="Wang Jun", consent=False)
    enrol("1003", name="Zhao Qing", must_change=True)
    for key in ("host", "staff"):
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f",
            "/root/" + key).ok()
    for login in ("e1001", "e1002", "e1003"):
        home = "/home/" + login
        os.makedirs(home + "/.ssh", exist_ok=True)
        write(home + "/.ssh/authorized_keys", read("/root/staff.pub"))
        run("chown", "-R", login + ":kiosk", home).ok()
    write("/root/sshd_config", "\n".join((
        "Port " + PORT, "ListenAddress 127.0.0.1", "HostKey /root/host",
        "UsePAM yes", "PidFile none", "PermitRootLogin yes",
        "PasswordAuthentication yes", "KbdInteractiveAuthentication yes",
        "MaxAuthTries 6", "UseDNS no", "MaxStartups 100", "")))
    subprocess.Popen(["/usr/sbin/sshd", "-D", "-f", "/root/sshd_config"],
                     stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                     stderr=subprocess.DEVNULL)
    broker.start()
    wait_for("sshd listens", lambda: run(
        "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/" + PORT).status == 0)


def ssh(user, method, *command):
    methods = {"password": ["PreferredAuthentications=password"],
               "keyboard": ["PreferredAuthentications=keyboard-interactive"],
               "key": ["PreferredAuthentications=publickey",
                       "IdentityFile=/root/staff"]}[method]
    return Terminal(SSH + [w for o in methods for w in ("-o", o)] +
                    [user + "@127.0.0.1"] + list(command or ("id", "-un")))


def with_pin(user, method, pin):
    t = ssh(user, method)
    t.answer(r"(?i)(PIN|password): ?", pin, hidden=True)
    t.end()
    return t


@story("the password method takes the PIN as its one answer")
def password():
    t = with_pin("e1001", "password", PIN)
    equal(t.status, 0, t.text)
    has(t.text, r"\ne1001\n")
    t = with_pin("e1001", "password", WRONG_PIN)
    check(t.status != 0, t.text)
    lacks(t.text, r"\ne1001\n")


@story("keyboard-interactive asks for the PIN")
def keyboard():
    t = with_pin("e1001", "keyboard", PIN)
    equal(t.status, 0, t.text)
    has(t.text, r"PIN: ", r"\ne1001\n")
    t = with_pin("e1001", "keyboard", WRONG_PIN)
    check(t.status != 0, t.text)  # sshd drops what the refusal said


@story("a public key lets in who consents, and account refuses who withdrew")
def public_key():
    t = ssh("e1001", "key")
    equal(t.end(), 0, t.text)
    ctl("consent", "withdraw", "1001").ok()
    t = ssh("e1001", "key")
    check(t.end() != 0, t.text)
    has(t.text, r"withdrawn your consent")
    lacks(t.text, r"\ne1001\n")
    ctl("consent", "record", "1001").ok()
    t = ssh("e1001", "key")
    equal(t.end(), 0, t.text)


@story("a public key does not let in whose employment ended or who is suspended")
def public_key_suspended():
    ctl("employee", "suspend", "1001").ok()
    t = ssh("e1001", "key")
    check(t.end() != 0, t.text)
    ctl("employee", "resume", "1001").ok()
    t = ssh("e1001", "key")
    equal(t.end(), 0, t.text)


@story("a first-timer agrees over keyboard-interactive; a key alone is refused")
def first_timer():
    t = ssh("e1002", "key")
    check(t.end() != 0, t.text)
    t = with_pin("e1002", "password", PIN)
    check(t.status != 0, t.text)  # no questions in account there
    has(t.text, r"(?i)agree")
    t = ssh("e1002", "keyboard")
    t.answer(r"PIN: ", PIN, hidden=True)
    t.answer(r"Do you agree\? \(yes/no\): ", "yes")
    equal(t.end(), 0, t.text)
    t = ssh("e1002", "key")
    equal(t.end(), 0, t.text)


@story("a first PIN is changed over keyboard-interactive before the shell")
def first_pin():
    t = ssh("e1003", "keyboard")
    t.answer(r"PIN: ", PIN, hidden=True)
    t.answer(r"New PIN: ", "739105", hidden=True)
    t.answer(r"New PIN again: ", "739105", hidden=True)
    equal(t.end(), 0, t.text)
    t = with_pin("e1003", "keyboard", "739105")
    equal(t.status, 0, t.text)


@story("an unknown name, one that is none, and root are refused like always")
def others():
    for user in ("e9999", "no.such.name", "E1001", "x" * 300, "root"):
        t = with_pin(user, "password", "not it")
        check(t.status != 0, t.text)
    t = ssh("root", "password")
    t.answer(r"(?i)password: ?", "rootpassword", hidden=True)
    equal(t.end(), 0, t.text)
    t = ssh("visitor", "keyboard")
    t.answer(r"Password: ", "visitorpassword", hidden=True)
    equal(t.end(), 0, t.text)


@story("an sshd that runs before attend is up works when it is")
def late():
    broker.stop()  # from here on each call starts attendd for itself
    t = with_pin("e1001", "keyboard", PIN)
    equal(t.status, 0, t.text)
    t = ssh("e1001", "key")
    equal(t.end(), 0, t.text)
    broker.start()


main(prepare=prepare)
