# SPDX-License-Identifier: GPL-2.0-or-later
"""lk-vmd with the backend sim for tests: the daemon, and VMs that need no disk."""
import os
import time
import uuid

import tap
from agent import DEADLINE, Agent, Daemon

MIB = 1 << 20


def new_uuid():
    return str(uuid.uuid4())


def config(name="demo", **changes):
    """A VM of one vCPU, an empty drive and a network interface."""
    return {"name": name, "memory": 64 * MIB, "vcpus": 1, "vcpus_max": 1, "firmware": "bios",
            "boot_order": "cd", "platform": {},
            "disks": [{"device": 3, "type": "cdrom", "mode": "ro", "bootable": False, "layers": []}],
            "nics": [{"device": 2, "mac": "52:54:00:12:34:56", "mode": "user"}], **changes}


class Vmd:
    """A daemon in a directory of its own, and a connection to it."""

    def __init__(self, directory, program, script=None, backend="sim"):
        self.directory = directory
        self.run = os.path.join(directory, "run")
        os.mkdir(self.run)
        argv = [program, "--run-dir", self.run, "--backend", backend, "--debug", "VM"]
        if script is not None:
            path = os.path.join(directory, "script")
            with open(path, "w", encoding="utf-8") as text:
                text.write(script)
            argv += ["--sim-script", path]
        self.daemon = Daemon(argv, os.path.join(self.run, "vmd.sock"), os.path.join(directory, "log"))
        self.agent = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exception):
        if self.agent:
            self.agent.close()
        status = self.daemon.stop()
        if exception[0] is None:
            tap.equal(status, 0, "the daemon's exit status")

    def start(self):
        self.daemon.start()
        self.agent = self.daemon.connect()

    def restart(self):
        """After it was killed."""
        self.agent.close()
        self.start()

    def kill_and_restart(self):
        self.daemon.kill()
        self.restart()

    def connect(self):
        return Agent(self.daemon.socket_path)

    def call(self, verb, vm=None, **params):
        if vm:
            params["vm"] = vm
        return self.agent.call("vm." + verb, **params)

    def create(self, name="demo", vm=None, **changes):
        vm = vm or new_uuid()
        self.call("create", vm, config=config(name, **changes))
        return vm

    def started(self, name="demo", **changes):
        vm = self.create(name, **changes)
        self.call("unpause", vm)
        return vm

    def list(self):
        return {row["vm"]: row for row in self.call("list")["vms"]}

    def state(self, vm):
        row = self.list()[vm]
        return row["state"], row["reason"]

    def notice(self, name, vm):
        """The next notification of that name about 'vm'; others are passed over."""
        while True:
            params = self.agent.notice("vm." + name)
            if params["vm"] == vm:
                return params

    def ended(self, vm):
        params = self.notice("state", vm)
        return params["state"], params["reason"]

    def folder(self, vm, *names):
        return os.path.join(self.run, "vm", vm, *names)

    def power(self, vm, word):
        """Something happens to the simulated domain, as if by itself."""
        with open(self.folder(vm, ".power"), "w", encoding="ascii") as power:
            power.write(word)
        os.rename(self.folder(vm, ".power"), self.folder(vm, "power"))


def until(what, holds):
    """Waits until 'holds' answers something true, and returns it."""
    end = time.monotonic() + DEADLINE
    while True:
        result = holds()
        if result:
            return result
        tap.check(time.monotonic() < end, f"{what} took too long")
        time.sleep(0.02)
