"""A person at a terminal: a program on a pty of its own, in a session of its
own, with what it printed and whether it echoes what is typed."""
import ctypes, errno, fcntl, os, pty, pwd, re, select, signal, struct, termios, time

CLONE_NEWNS, MS_BIND, MS_REC, MS_SLAVE = 0x20000, 4096, 16384, 1 << 19
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class Silent(AssertionError):
    """What was waited for did not come."""


# Numbers of system calls, where they are known.
CALLS = {"x86_64": {"read": 0, "poll": 7, "select": 23, "recvmsg": 47,
                    "clock_nanosleep": 230, "pselect6": 270, "ppoll": 271},
         "aarch64": {"read": 63, "pselect6": 72, "ppoll": 73,
                     "clock_nanosleep": 115, "recvmsg": 212}}.get(os.uname().machine)


def sleeps_in(pid, *names):
    """Whether a process sleeps in one of these system calls: not merely on its
    way there, nor woken already."""
    if CALLS is None:
        time.sleep(0.5)  # the best that is left
        return True
    try:
        with open("/proc/%d/syscall" % pid) as f:
            number = f.read().split()[0]
    except OSError:
        return False
    return number in [str(CALLS[n]) for n in names if n in CALLS]


def session_of(leader):
    found = []
    for entry in os.listdir("/proc"):
        try:
            if entry.isdigit() and os.getsid(int(entry)) == leader:
                found.append(int(entry))
        except ProcessLookupError:
            pass
    return found


def call_itself(name):
    """This process's terminal is called so from now on, for it alone."""
    libc = ctypes.CDLL(None, use_errno=True)
    was = os.ttyname(0)
    os.close(os.open(name, os.O_CREAT | os.O_WRONLY | os.O_NOCTTY, 0o600))
    for arguments in ((b"none", b"/", None, MS_REC | MS_SLAVE, None),
                      (was.encode(), name.encode(), None, MS_BIND, None)):
        if (arguments[0] == b"none" and libc.unshare(CLONE_NEWNS) != 0) or \
                libc.mount(*arguments) != 0:
            raise OSError(ctypes.get_errno(), "a console")
    fd = os.open(name, os.O_RDWR | os.O_NOCTTY)
    for stream in (0, 1, 2):
        os.dup2(fd, stream)


class Terminal:
    def __init__(self, argv, user=None, env=None, timeout=20, console=None):
        """console: a name such as /dev/tty7 to have the pty under, as nobody
        tells a pseudo-terminal from another's; its own for this process."""
        self.timeout = timeout
        self.text = ""     # everything printed so far
        self.unread = ""   # the part after the last match
        self.status = None
        pw = pwd.getpwnam(user) if user else None
        full = {"PATH": PATH, "TERM": "dumb", "LC_ALL": "C.UTF-8",
                "HOME": pw.pw_dir if pw else "/root",
                "SHELL": pw.pw_shell if pw else "/bin/sh",
                "USER": user or "root", "LOGNAME": user or "root"}
        full.update(env or {})
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            self._become(argv, pw, full, console)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ,
                    struct.pack("HHHH", 24, 200, 0, 0))

    @staticmethod
    def _become(argv, pw, env, console):
        try:
            if console:
                call_itself(console)
            os.closerange(3, 256)
            for sig in (signal.SIGINT, signal.SIGPIPE, signal.SIGALRM):
                signal.signal(sig, signal.SIG_DFL)
            if pw:
                tty = os.ttyname(0)
                os.chown(tty, pw.pw_uid, 5)
                os.chmod(tty, 0o620)
                os.initgroups(pw.pw_name, pw.pw_gid)
                os.setresgid(pw.pw_gid, pw.pw_gid, pw.pw_gid)
                os.setresuid(pw.pw_uid, pw.pw_uid, pw.pw_uid)
                os.chdir(pw.pw_dir if os.path.isdir(pw.pw_dir) else "/")
            os.execvpe(argv[0], argv, env)
        except BaseException as e:
            os.write(2, ("%s: %r\n" % (argv[0], e)).encode())
        os._exit(127)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.hang_up()

    def _ready(self, seconds):
        poll = select.poll()  # not select: a story may hold many descriptors
        poll.register(self.fd, select.POLLIN)
        return bool(poll.poll(max(0, seconds) * 1000))

    def _read(self, seconds):
        """False at the end of output."""
        if not self._ready(seconds):
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError as e:
            if e.errno != errno.EIO:
                raise
            return False
        text = data.decode("utf-8", "replace").replace("\r\n", "\n")
        self.text += text
        self.unread += text
        return data != b""

    def expect(self, *patterns, timeout=None):
        """Wait for one of the patterns; give the index of the one that came
        first in this list. The match is in .match, what stood before it in
        .before."""
        end = time.monotonic() + (timeout or self.timeout)
        more = True
        while True:
            for i, pattern in enumerate(patterns):
                m = re.search(pattern, self.unread)
                if m:
                    self.before, self.match = self.unread[:m.start()], m
                    self.unread = self.unread[m.end():]
                    return i
            left = end - time.monotonic()
            if not more or left <= 0:
                raise Silent("%s instead of %s; all of it: %r" % (
                    "silence" if more else "the end",
                    " or ".join(map(repr, patterns)), self.text[-1500:]))
            more = self._read(min(0.25, left))

    def reads(self):
        """Whether a program in the session waits for what is typed: some
        throw away what came before."""
        return any(sleeps_in(pid, "read", "select", "pselect6", "poll", "ppoll")
                   for pid in session_of(self.pid))

    def echoes(self):
        return bool(termios.tcgetattr(self.fd)[3] & termios.ECHO)

    def send(self, text):
        os.write(self.fd, text.encode() if isinstance(text, str) else text)

    def answer(self, pattern, text, hidden=False, timeout=None):
        """Wait for a prompt, see that it hides or shows typing, answer."""
        self.expect(pattern, timeout=timeout)
        end = time.monotonic() + self.timeout
        while self.echoes() == hidden:  # the prompt precedes the switch
            if time.monotonic() > end:
                raise AssertionError("typing at %r is %s" % (
                    pattern, "shown" if hidden else "hidden"))
            time.sleep(0.01)
        self.send(text + "\n")

    def end(self, timeout=None):
        """Read to the end; the exit status, -N for a signal."""
        end = time.monotonic() + (timeout or self.timeout)
        more = True
        while self.status is None:
            if time.monotonic() > end:
                raise Silent("it does not end; all of it: %r" %
                             self.text[-1500:])
            if more:
                more = self._read(0.05)
            else:
                time.sleep(0.01)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
        while more and self._ready(0.05):
            more = self._read(0)
        self._close()
        return self.status

    def _close(self):
        if self.fd >= 0:
            os.close(self.fd)
        self.fd = -1

    def hang_up(self):
        """Close the line and end what is left."""
        self._close()
        if self.status is None:
            try:
                os.kill(self.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            _, status = os.waitpid(self.pid, 0)
            self.status = os.waitstatus_to_exitcode(status)
