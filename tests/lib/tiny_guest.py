# SPDX-License-Identifier: GPL-2.0-or-later
"""The tiny guest of a lab's VM, spoken to at its serial console as a user at the keyboard would."""
import os
import re
import select
import time

import agent
import tap
from lab import wait_until

MARKER = "LATCHKEY-GUEST-READY"
DEADLINE = 120  # seconds for a command under emulation on a busy machine


class TinyGuest:
    def __init__(self, lab, vm):
        self.lab, self.vm, self.last = lab, vm, 0

    def boots(self):
        """How often it came to its login."""
        return self.lab.console(self.vm).count(MARKER)

    def since_boot(self):
        return self.lab.console(self.vm).rpartition(MARKER)[2]

    def log_in(self, boots=1):
        """At the prompt after its login number 'boots', and on to the next."""
        wait_until("the login", lambda: self.boots() >= boots)
        if "# " not in self.since_boot():
            wait_until("the prompt", lambda: "login:" in self.since_boot())
            self.type("root", lambda said: "# " in said)

    def type(self, line, is_done):
        """A line, and what is said until 'is_done' is content.  QEMU drops what the guest has not taken when the
        connection ends."""
        vmd = agent.Agent(self.lab.path("run", "vmd.sock"))
        _, fds = vmd.call_fds("vm.console", {"vm": self.vm, "protocol": "vt100"})
        vmd.close()
        end, said = time.monotonic() + DEADLINE, b""
        try:
            os.write(fds[0], f"{line}\n".encode())
            while not is_done(said.decode(errors="replace").replace("\r", "")):
                if time.monotonic() > end:
                    raise AssertionError(f"after {line!r} the guest said only {said!r}")
                if select.select([fds[0]], [], [], 0.5)[0]:
                    more = os.read(fds[0], 65536)
                    if not more:
                        raise AssertionError(f"the console ended after {line!r}: {said!r}")
                    said += more
        finally:
            os.close(fds[0])
        return said.decode(errors="replace").replace("\r", "")

    def begin(self, line):
        """Types a line whose end nobody waits for."""
        self.type(line, lambda said: len(said) > min(len(line), 70))

    def status(self, command):
        """(what a command prints, its status).  The marks are written so that their echo is not taken for them."""
        self.last += 1
        end = re.compile(rf"END{self.last}:(\d+)\n")
        said = self.type(f"echo BEGIN''{self.last}; {command}; echo END''{self.last}:$?", end.search)
        found = end.search(said)
        return said[:found.start()].rpartition(f"BEGIN{self.last}\n")[2].strip(), int(found.group(1))

    def run(self, command):
        """What a command prints; it has to succeed."""
        said, status = self.status(command)
        tap.equal(status, 0, f"{command}: {said}")
        return said
