"""A terminal with a job-control shell on it, as small as can be: starts a command in the foreground, types, watches it stop.

    on_terminal.py SCENE COMMAND...     what came on the screen goes to stdout, how the command ended is the exit code
"""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

LIMIT = 20  # seconds after which a scene has failed


class Job:
    """A command in a process group of its own on the terminal; this process leads the session, as a shell does."""

    def __init__(self, command, foreground=True):
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        self.screen = b""
        self.user, self.terminal = pty.openpty()
        self.resize(77, 33)
        os.setsid()
        fcntl.ioctl(self.terminal, termios.TIOCSCTTY, 0)
        self.modes = termios.tcgetattr(self.terminal)
        self.pid = os.fork()
        if not self.pid:
            os.setpgid(0, 0)
            if foreground:
                os.tcsetpgrp(self.terminal, os.getpid())
            signal.signal(signal.SIGTTOU, signal.SIG_DFL)
            for fd in range(3):
                os.dup2(self.terminal, fd)
            os.closerange(3, 64)
            os.execvp(command[0], command)

    def resize(self, columns, rows):
        fcntl.ioctl(self.user, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, text):
        os.write(self.user, text)

    def read(self):
        if select.select([self.user], [], [], 0.02)[0]:
            self.screen += os.read(self.user, 65536)

    def until(self, text):
        end = time.time() + LIMIT
        while text not in self.screen:
            self.read()
            if time.time() > end:
                sys.exit("never came on the screen: %r, but %r" % (text, self.screen))

    def wait(self, flags=0):
        end = time.time() + LIMIT
        while True:
            self.read()
            pid, status = os.waitpid(self.pid, os.WNOHANG | flags)
            if pid:
                self.read()
                return status
            if time.time() > end:
                os.killpg(self.pid, signal.SIGKILL)
                sys.exit("neither stops nor ends: %r" % self.screen)

    def stopped(self):
        if not os.WIFSTOPPED(self.wait(os.WUNTRACED)):
            sys.exit("did not stop: %r" % self.screen)
        os.tcsetpgrp(self.terminal, os.getpid())
        self.same_modes()

    def go_on(self):
        os.tcsetpgrp(self.terminal, self.pid)
        os.killpg(self.pid, signal.SIGCONT)

    def same_modes(self):
        if termios.tcgetattr(self.terminal) != self.modes:
            sys.exit("the terminal's modes are not as they were")

    def end(self):
        status = self.wait()
        while select.select([self.user], [], [], 0.05)[0]:
            self.read()
        self.same_modes()
        sys.stdout.buffer.write(self.screen.replace(b"\r\n", b"\n"))
        sys.stdout.flush()
        os._exit(128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status))


def plain(command):
    Job(command).end()


def background(command):
    Job(command, foreground=False).end()


def resized(command):
    job = Job(command)
    job.until(b"ready")
    job.resize(50, 20)
    job.end()


def typed(command):
    """What to wait for and what to type then come before the command."""
    job = Job(command[2:])
    job.until(command[0].encode())
    job.type(command[1].encode())
    job.end()


def suspended(command):
    """Ctrl-Z, a while in which nothing may come, fg; twice."""
    job = Job(command)
    for _ in range(2):
        job.until(b"ready")
        job.type(b"\x1a")
        job.stopped()
        while select.select([job.user], [], [], 0.05)[0]:
            job.read()
        job.screen = b""
        time.sleep(0.3)
        job.read()
        if job.screen:
            sys.exit("goes on though it is stopped: %r" % job.screen)
        job.go_on()
    job.until(b"ready")
    job.type(b"\x03")
    job.end()


def hung_up(command):
    """The window is closed: nobody reads any more, and the shell tells its jobs."""
    job = Job(command)
    job.until(b"ready")
    os.killpg(job.pid, signal.SIGHUP)
    job.end()


if __name__ == "__main__":
    # the shell is a child of its own, so that it can lead a session
    child = os.fork()
    if not child:
        globals()[sys.argv[1]](sys.argv[2:])
    status = os.waitpid(child, 0)[1]
    sys.exit(os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 255)
