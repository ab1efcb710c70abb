# SPDX-License-Identifier: GPL-2.0-or-later
"""A host of one VM on real QEMU for trials of its disks: any of its processes is killed and started again, and the power
of the file system under all of it is cut."""
import contextlib
import glob
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

import agent
import stored
import tap
from api import Api
from lab import running, wait_until
from manager import PASSWORD, USER, QemuManager
from stored import MIB, new_uuid

PATIENCE = 180  # seconds; a call may have to wait for a guest under emulation
AGENTS = ("lk-vmd", "lk-stored")


class Host(QemuManager):
    """Its logs lie beside 'place', which may lose power, and so does what a boot finds empty."""

    def __init__(self, place, beside, programs):
        self.beside = beside
        super().__init__(place, programs, run_dir=os.path.join(beside, "run"))
        self.daemon.log_path = os.path.join(beside, "log")

    def make_agent(self, name, argv):
        program = super().make_agent(name, argv)
        program.log_path = os.path.join(self.beside, f"log-{name}")
        return program


class Machine:
    """'power' is a PowerCut or None; use it in a 'with'."""

    def __init__(self, directory, build, power=None):
        self.power, self.off = power, threading.Event()
        self.directory = directory
        self.place = os.path.join(power.place, "host") if power else os.path.join(directory, "host")
        os.mkdir(self.place)
        self.host = Host(self.place, directory, os.path.join(build, "src", "daemons"))
        self.api = self.sr = self.sr_ref = self.vm_uuid = None
        self.killed = {}

    def __enter__(self):
        subprocess.run(["sync", "-f", self.place], check=True)  # what the test itself made there
        self.host.__enter__()
        self.log_in()
        return self

    def __exit__(self, *exception):
        for pid in self.qemus():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.host.__exit__()

    def log_in(self):
        self.api = Api(self.host.door("https", PATIENCE))
        self.host.clients.append(self.api)
        self.api.login(USER, PASSWORD)

    # ---- deaths ----

    def qemus(self):
        """The pids of the VMs' processes that live."""
        found = []
        for path in glob.glob(os.path.join(self.host.run, "vm", "*", "qemu.json")):
            with contextlib.suppress(FileNotFoundError, AttributeError):
                with open(path, encoding="utf-8") as kept:
                    pid = int(re.search(r'"pid": ?(\d+)', kept.read()).group(1))
                if running(pid):
                    found.append(pid)
        return found

    def count(self, who):
        self.killed[who] = self.killed.get(who, 0) + 1

    def kill(self, who):
        """Ends it as a crash would; a daemon is started again, and answers when this returns.  Whoever talked to
        latchkeyd logs in anew."""
        self.count(who)
        if who == "power":
            self.off.set()
            self.power.cut()
            self._kill_all()
        elif who == "QEMU":
            for pid in self.qemus():
                os.kill(pid, signal.SIGKILL)
        elif who == "latchkeyd":
            self.host.daemon.stop(signal.SIGKILL)
            self.host.start()
        else:
            program = next(p for p in self.host.agents if p.name == who)
            program.stop(signal.SIGKILL)
            program.start()
            wait_until(f"{who}'s socket", lambda: self._answers(who), 60)

    def _answers(self, who):
        with socket.socket(socket.AF_UNIX) as door, contextlib.suppress(OSError):
            door.connect(os.path.join(self.host.run, f"{who[3:]}.sock"))
            return True
        return False

    def _kill_all(self):
        pids = self.qemus()
        for program in [self.host.daemon, *self.host.agents]:
            program.stop(signal.SIGKILL)
        for pid in {*pids, *self.qemus()}:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for pid in pids:
            wait_until("the end of QEMU", lambda pid=pid: not running(pid), 60)

    def power_on(self):
        """After a cut: what a boot finds."""
        for client in self.host.clients:
            client.close()
        self.host.clients = []
        self.power.restore()
        self.off.clear()
        shutil.rmtree(self.host.run, ignore_errors=True)
        os.makedirs(self.host.run, mode=0o700)
        self._forget_boot()
        self.host.start_agents()
        self.host.start()
        self.log_in()

    def _forget_boot(self):
        """lk-stored tells boots apart by the kernel's number of this one, which stays."""
        for path in glob.glob(os.path.join(self.host.state, "locks", "*.json")):
            with open(path, encoding="utf-8") as text:
                hold = json.load(text)
            hold["boot_id"] = new_uuid()
            with open(path, "w", encoding="utf-8") as text:
                json.dump(hold, text)
        shutil.rmtree(os.path.join(self.host.state, "attached"), ignore_errors=True)

    # ---- the storage ----

    def make_sr(self):
        self.sr_ref = self.api.make_sr()
        self.sr = self.api.SR.get_uuid(self.sr_ref)

    def stored(self, verb, fds=(), **parameters):
        connection = agent.Agent(os.path.join(self.host.run, "stored.sock"))
        try:
            return connection.call(verb, fds, sr=self.sr, **parameters)
        finally:
            connection.close()

    def scan(self):
        """uuid -> VDI, as lk-stored has them."""
        return {row["uuid"]: row for row in self.stored("sr.scan")["vdis"]}

    def layer_folder(self):
        return os.path.join(self.host.state, "sr", self.sr, "layers")

    def layers(self):
        return [name for name in os.listdir(self.layer_folder()) if name.endswith(".qcow2")]

    def holders(self):
        return [holder for row in self.scan().values() for holder in row["holders"]]

    def merges(self):
        """What the agents say of the layers, for whoever has to find out why they are not one."""
        return json.dumps({"lk-stored": self.stored("layer.merges"), "holders": self.holders(),
                           "lk-vmd": [self.vmd("vm.disk_layers", device=device) for device in (0, 1)]})

    @contextlib.contextmanager
    def opened(self, vdi, mode):
        """A disk no VM has, as its uuid; a merge that has its layers is waited for."""
        where, end = {"sr": self.sr, "vdi": vdi, "holder": new_uuid()}, time.monotonic() + PATIENCE
        connection = agent.Agent(os.path.join(self.host.run, "stored.sock"), PATIENCE)
        try:
            while True:
                try:
                    result, fds = connection.call_fds("vdi.open", {**where, "mode": mode})
                    break
                except agent.AgentError as error:
                    if error.code != "OTHER_OPERATION_IN_PROGRESS" or time.monotonic() > end:
                        raise
                time.sleep(0.05)
            try:
                yield stored.Chain(result, fds)
            finally:
                for fd in fds:
                    os.close(fd)
            connection.call("vdi.close", **where)
        finally:
            connection.close()

    def contents(self, vdi):
        """All its bytes.  QEMU keeps its own lock of a layer that was merged into until the manager, which may have died
        meanwhile, has it close the descriptor it was given for that."""
        end = time.monotonic() + 30
        with self.opened(vdi, "ro") as chain, tempfile.NamedTemporaryFile(dir=self.directory) as raw:
            while True:
                done = subprocess.run(["qemu-img", "convert", "-O", "raw", chain.blockdev(), raw.name], check=False,
                                      pass_fds=chain.fds, stderr=subprocess.PIPE, text=True)
                if "Failed to get shared" not in done.stderr or time.monotonic() > end:
                    break
                time.sleep(0.1)
            tap.equal(done.returncode, 0, done.stderr)
            return raw.read()

    def check_images(self):
        """No image has an error; a process that was killed may leave clusters nobody uses."""
        for name in self.layers():
            done = subprocess.run(["qemu-img", "check", "-U", os.path.join(self.layer_folder(), name)], check=False,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            tap.check(done.returncode in (0, 3), f"qemu-img check of {name}: {done.stdout}")

    # ---- the VM ----

    def vmd(self, verb, **parameters):
        connection = agent.Agent(os.path.join(self.host.run, "vmd.sock"))
        try:
            return connection.call(verb, vm=self.vm_uuid, **parameters)
        finally:
            connection.close()

    def make_vm(self, image, size):
        """A VM that boots from an image, and writes to a disk: (VM, the disk's VDI)."""
        api = self.api
        boot, disk = api.make_vdi(self.sr_ref, os.path.getsize(image), name_label="boot"), api.make_vdi(self.sr_ref, size)
        with open(image, "rb") as source:
            self.stored("vdi.fill", [source.fileno()], vdi=api.VDI.get_uuid(boot), format="raw", **{"from": 0})
        vm = api.make_vm(memory_static_max=128 * MIB, memory_dynamic_max=128 * MIB, memory_dynamic_min=128 * MIB,
                         HVM_boot_params={"order": "c"})
        api.make_vbd(vm, boot, "0", bootable=True)
        api.make_vbd(vm, disk, "1")
        self.vm_uuid = api.VM.get_uuid(vm)
        return vm, disk
