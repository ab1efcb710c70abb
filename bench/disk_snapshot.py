# SPDX-License-Identifier: GPL-2.0-or-later
"""What a snapshot of a running VM's disk holds up, and what deleting many costs.

usage: bench/disk_snapshot.py BUILD [DEPTH]

The guest's writes wait no longer than QEMU's transaction takes; lk-vmd times it.  Beside it the whole VDI.snapshot.  Then all snapshots are deleted while the VM runs, until its disk is as deep as
before."""
import os
import statistics
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))
# pylint: disable=wrong-import-position
import agent
from api import Api
from manager import QemuManager
from stored import new_uuid
from vm_start import make_vm


class Disk:
    def __init__(self, manager, api, vm):
        self.api, self.run = api, manager.run
        self.vm = api.VM.get_uuid(vm)
        self.ref = api.VBD.get_VDI(api.VM.get_VBDs(vm)[0])
        self.vdi, self.sr = api.VDI.get_uuid(self.ref), api.SR.get_uuid(api.VDI.get_SR(self.ref))

    def agent(self, name):
        return agent.Agent(os.path.join(self.run, f"{name}.sock"))

    def depth(self):
        return len(self.agent("vmd").call("vm.disk_layers", vm=self.vm, device=0)["layers"])

    def step(self):
        """Seconds the guest's writes wait at most, of a snapshot taken as the manager takes it."""
        stored, vmd, new = self.agent("stored"), self.agent("vmd"), new_uuid()
        where = {"sr": self.sr, "vdi": self.vdi, "holder": self.vm, "new": new}
        begun, fds = stored.call_fds("vdi.snapshot_begin", where)
        answer, _ = vmd.call_fds("vm.disk_snapshot", {"vm": self.vm, "disks": [{"device": 0, "top": begun["top"]}]}, fds)
        stored.call("vdi.snapshot_end", **where, top=begun["top"]["id"])
        for fd in fds:
            os.close(fd)
        for connection in (stored, vmd):
            connection.close()
        return answer["wait_us"] / 1e6

    def whole(self):
        start = time.perf_counter()
        self.api.VDI.snapshot(self.ref, {})
        return time.perf_counter() - start


def tell(what, seconds):
    milliseconds = sorted(1000 * s for s in seconds)
    print(f"{what}: median {statistics.median(milliseconds):.1f} ms, {milliseconds[0]:.1f} to {milliseconds[-1]:.1f} "
          f"({len(milliseconds)} of them)", flush=True)


def main(build, deepest):
    with tempfile.TemporaryDirectory(prefix="disk-snapshot-") as directory, \
            QemuManager(directory, os.path.join(build, "src", "daemons")) as manager:
        api = Api(manager.door("https"))
        manager.clients.append(api)
        api.login("root", "hunter2")
        vm = make_vm(api)
        api.VM.start(vm, False, False)
        disk = Disk(manager, api, vm)
        first = disk.depth()
        tell("the guest's wait, depth 1 to 30", [disk.step() for _ in range(30)])
        tell("VDI.snapshot, depth 31 to 60", [disk.whole() for _ in range(30)])
        while disk.depth() < deepest:
            disk.step()
        tell(f"the guest's wait, depth {disk.depth()} on", [disk.step() for _ in range(5)])
        api.SR.scan(api.VDI.get_SR(disk.ref))
        snapshots, deep = api.VDI.get_snapshots(disk.ref), disk.depth()
        start = time.perf_counter()
        for snapshot in snapshots:
            api.VDI.destroy(snapshot)
        destroyed = time.perf_counter() - start
        while disk.depth() > first:
            time.sleep(0.1)
        print(f"{len(snapshots)} snapshots deleted in {destroyed:.1f} s; {deep} layers are {first} after "
              f"{time.perf_counter() - start:.1f} s", flush=True)
        api.VM.hard_shutdown(vm)


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 200)
