# SPDX-License-Identifier: GPL-2.0-or-later
"""A lab (tools/lab) of its own for a test: started, spoken to by xe, stopped."""
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

from xenapi import Client, Door

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DEADLINE = 300  # seconds: a guest under emulation and sanitizers on a busy machine


class XeError(Exception):
    pass


def wait_until(what, condition, seconds=DEADLINE):
    """The first true answer of 'condition'; an error naming 'what' when the deadline passes."""
    end = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not happen within {seconds} s")
        time.sleep(0.2)


class Lab:
    def __init__(self, build):
        self.directory = tempfile.mkdtemp(prefix="latchkey-lab-")
        self.env = {**os.environ, "LAB": self.directory, "PORT": "0", "BUILD": build}
        self.xe_command = None

    def tool(self, *command, **env):
        return subprocess.run([os.path.join(ROOT, "tools", "lab"), *command], check=False, env={**self.env, **env},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=2 * DEADLINE)

    def start(self, **env):
        done = self.tool("start", **env)
        if done.returncode:
            raise AssertionError(f"tools/lab start failed:\n{done.stdout.decode()}\n{self.logs()}")
        with open(os.path.join(self.directory, "env"), encoding="utf-8") as f:
            self.xe_command = re.search(r"^XE='([^']*)'", f.read(), re.M).group(1).split()
        return done.stdout.decode()

    def stop(self):
        return self.tool("stop")

    def xe(self, *arguments, timeout=DEADLINE):
        """What xe prints, without the last newline; XeError with its complaint."""
        done = subprocess.run([*self.xe_command, *arguments], check=False, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, timeout=timeout)
        if done.returncode:
            raise XeError(f"xe {' '.join(arguments)}: {done.stdout.decode()}{done.stderr.decode()}")
        return done.stdout.decode().rstrip("\n")

    def api(self):
        """A client of the API that is logged in; the caller closes it."""
        with open(self.path("env"), encoding="utf-8") as f:
            env = dict(re.findall(r"^(\w+)='?([^'\n]*)'?$", f.read(), re.M))
        client = Client(Door(env["URL"], env["LK_CACERT"]))
        client.login(env["LK_USER"], env["LK_PASSWORD"])
        return client

    def param(self, vm, name):
        return self.xe("vm-param-get", f"uuid={vm}", f"param-name={name}")

    def path(self, *parts):
        return os.path.join(self.directory, *parts)

    def pid(self, daemon):
        with open(self.path("run", f"{daemon}.pid"), encoding="utf-8") as f:
            return int(f.read().split()[0])

    def kill(self, daemon):
        """As a crash would end it; the next start() brings it back."""
        pid = self.pid(daemon)
        os.kill(pid, signal.SIGKILL)
        wait_until(f"the end of {daemon}", lambda: not running(pid), 30)

    def console(self, vm):
        """What the guest wrote to its serial console so far."""
        try:
            with open(self.path("run", "vm", vm, "console.log"), encoding="utf-8", errors="replace") as f:
                return f.read()
        except FileNotFoundError:
            return ""

    def logs(self):
        text = ""
        for name in sorted(os.listdir(self.path("log"))):
            with open(self.path("log", name), encoding="utf-8", errors="replace") as f:
                text += f"--- {name}\n" + "".join(f.readlines()[-40:])
        return text

    def close(self):
        if self.xe_command:
            self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)


def running(pid):
    """A live process, not one that only waits to be reaped.  One whose first thread has ended has others that still
    hold its files and locks."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as f:
            fields = f.read().rpartition(")")[2].split()
        return fields[0] != "Z" or int(fields[17]) > 1
    except (FileNotFoundError, ProcessLookupError):
        return False


def processes_naming(text):
    """Pids whose command line contains 'text', but this one."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as f:
                if text.encode() in f.read() and int(pid) != os.getpid() and running(int(pid)):
                    found.append(int(pid))
        except (FileNotFoundError, ProcessLookupError):
            pass
    return found
