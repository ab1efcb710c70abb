# SPDX-License-Identifier: GPL-2.0-or-later
"""The xe command against a manager and its agents, for tests of what it prints and how it ends."""
import contextlib
import os
import subprocess
import sys

import tap
from manager import PASSWORD, USER, Manager

DEADLINE = 120  # seconds; sanitizers on a busy machine are slow
TEMPLATE = "Other install media"
HINT = "For usage run: 'xe help'\n"


class Answer:
    """What one run printed, and its exit status."""

    def __init__(self, argv, done):
        self.argv, self.status, self.out, self.errors = argv, done.returncode, done.stdout, done.stderr

    def __str__(self):
        return f"{' '.join(self.argv)}: status {self.status}, {self.out!r}, {self.errors!r}"

    def records(self):
        """The printed records, each a list of (name, mark, value)."""
        out = []
        for block in self.out.split("\n\n\n"):
            lines = [line for line in block.split("\n") if line]
            if lines:
                out.append([split_field(line) for line in lines])
        return out

    def fields(self):
        """The only record as name -> value."""
        records = self.records()
        tap.equal(len(records), 1, f"number of records in {self}")
        return {name: value for name, _, value in records[0]}


def split_field(line):
    label, _, value = line.partition(": ")
    name, _, mark = label.strip().partition(" (")
    return name, mark.partition(")")[0].strip(), value


class Xe:
    """xe("vm-list") runs it and wants success; xe.fails(...) wants a failure."""

    def __init__(self, program, options, home):
        self.program, self.options, self.home = program, options, home
        self.manager = None

    def environment(self, more=None):
        return {**os.environ, "HOME": self.home, "XE_EXTRA_ARGS": "", **(more or {})}

    @contextlib.contextmanager
    def start(self, *argv):
        """A process that runs beside; ended with the 'with'."""
        with subprocess.Popen([self.program, *self.options, *argv], stdin=subprocess.DEVNULL,
                              env=self.environment()) as process:
            try:
                yield process
            finally:
                process.kill()

    def run(self, *argv, stdin="", env=None):
        done = subprocess.run([self.program, *self.options, *argv], input=stdin, capture_output=True, text=True,
                              timeout=DEADLINE, check=False, env=self.environment(env))
        if done.returncode < 0 or "Sanitizer" in done.stderr:
            raise AssertionError(f"xe {' '.join(argv)} crashed ({done.returncode}):\n{done.stderr}")
        return Answer(argv, done)

    def __call__(self, *argv, **more):
        answer = self.run(*argv, **more)
        if answer.status != 0 or answer.errors:
            raise AssertionError(str(answer))
        return answer

    def line(self, *argv):
        """The only line of the output."""
        answer = self(*argv)
        tap.check(answer.out.endswith("\n") and answer.out.count("\n") == 1, f"not one line: {answer}")
        return answer.out[:-1]

    def quiet(self, *argv):
        """A command that says nothing."""
        answer = self(*argv)
        tap.equal(answer.out, "", str(answer))

    def minimal(self, *argv):
        """The values of a list, as --minimal gives them."""
        text = self.line(*argv, "--minimal")
        return text.split(",") if text else []

    def fails(self, *argv, stdin=""):
        """What a failing command says on the error output."""
        answer = self.run(*argv, stdin=stdin)
        tap.equal(answer.status, 1, str(answer))
        tap.check(answer.errors.endswith("\n"), f"a failure without a word: {answer}")
        return answer.errors

    def get(self, kind, uuid, name, *more):
        return self.line(f"{kind}-param-get", f"uuid={uuid}", f"param-name={name}", *more)

    # the usual objects, by UUID

    def host(self):
        return self.minimal("host-list")[0]

    def make_vm(self, name="web"):
        return self.line("vm-install", f"template={TEMPLATE}", f"new-name-label={name}")

    def make_sr(self, name="files"):
        """A storage repository of files, the pool's default."""
        sr = self.line("sr-create", "type=file", f"name-label={name}")
        self.quiet("pool-param-set", f"uuid={self.minimal('pool-list')[0]}", f"default-SR={sr}")
        return sr

    def make_isos(self, *names):
        """A storage repository of CD images."""
        path = os.path.join(self.manager.directory, "images", "iso")
        os.makedirs(path)
        for name in names:
            with open(os.path.join(path, name), "wb") as iso:
                iso.write(bytes(16 * 2048) + b"\x01CD001\x01" + bytes(2041) + bytes(2048))
        return self.line("sr-create", "type=iso", "name-label=isos", "content-type=iso", f"device-config:location={path}")

    def make_vdi(self, sr, name="data", size="16MiB"):
        return self.line("vdi-create", f"sr-uuid={sr}", f"name-label={name}", f"virtual-size={size}", "type=user")


def of_manager(program, manager):
    """xe at the manager's TLS door."""
    port = manager.doors["https"].rpartition(":")[2]
    made = Xe(program, ["-s", "127.0.0.1", "-p", port, "-u", USER, "-pw", PASSWORD, "--cacert",
                        os.path.join(manager.state, "cert.pem")], manager.directory)
    made.manager = manager
    return made


def main(needs=()):
    """Runs the claims, each with xe and a manager of its own."""
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} FOLDER-OF-DAEMONS")
    programs = os.path.abspath(sys.argv[1])
    for name in needs:
        if not os.path.exists(os.path.join(programs, f"lk-{name}")):
            tap.skip_all(f"lk-{name} is not built")

    @contextlib.contextmanager
    def setup(directory):
        with Manager(directory, programs) as manager:
            yield of_manager(os.path.join(programs, "xe"), manager)
            tap.equal(manager.stop(), 0, "the manager's exit status")

    sys.exit(tap.run(setup))
