# SPDX-License-Identifier: GPL-2.0-or-later
"""The tiny guest (docs/design/tiny-guest.md) in a lab, spoken to over its serial console as a user would."""
import itertools
import os
import re

import agent
from lab import wait_until

MARKER = "LATCHKEY-GUEST-READY"


class Tiny:
    def __init__(self, lab, vm):
        self.lab, self.vm = lab, vm
        self.numbers = itertools.count(1)

    def console(self):
        return self.lab.console(self.vm).replace("\r", "")

    def boots(self):
        return self.console().count(MARKER)

    def power_state(self):
        return self.lab.param(self.vm, "power-state")

    def vmd(self, verb, **parameters):
        vmd = agent.Agent(self.lab.path("run", "vmd.sock"))
        try:
            return vmd.call(verb, vm=self.vm, **parameters)
        finally:
            vmd.close()

    def start(self):
        """Starts it and logs in."""
        before = self.boots()
        self.lab.xe("vm-start", f"uuid={self.vm}")
        wait_until("the login marker", lambda: self.boots() > before or (before and self.boots() == 1))
        self.log_in()

    def type(self, line):
        """QEMU drops what the guest has not taken when the connection ends, so it stays until the line is echoed."""
        vmd = agent.Agent(self.lab.path("run", "vmd.sock"))
        _, fds = vmd.call_fds("vm.console", {"vm": self.vm, "protocol": "vt100"})
        vmd.close()
        try:
            before = len(self.console())
            os.write(fds[0], f"{line}\n".encode())
            wait_until(f"the echo of {line}", lambda: f"{line}\n" in self.console()[before:], 60)
        finally:
            os.close(fds[0])

    def log_in(self):
        def since_boot():
            return self.console().rpartition(MARKER)[2]

        if "# " not in since_boot():
            wait_until("the prompt", lambda: "login:" in since_boot())
            self.type("root")
            wait_until("the shell", lambda: "# " in since_boot())

    def run(self, command):
        """What it prints; it must succeed.  Lines are short: a terminal folds longer ones."""
        number = next(self.numbers)
        before = len(self.console())
        self.type(f"{command}; echo E=$?=N{number}")
        done = wait_until(f"the end of {command}",
                          lambda: re.search(rf"N{number}\n(.*?)E=(\d+)=N{number}\n", self.console()[before:], re.S), 60)
        assert done.group(2) == "0", f"{command} answered {done.group(2)}: {done.group(1)}"
        return done.group(1)
