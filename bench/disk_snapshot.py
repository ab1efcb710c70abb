# SPDX-License-Identifier: GPL-2.0-or-later
"""How long a guest's writes wait for a snapshot of its disk, as the guest itself measures it.

usage: bench/disk_snapshot.py BUILD [DEPTH]

The tiny guest writes blocks of 4 KiB without a cache, one after the other, and keeps the longest time from the end of one
to the end of the next: in windows in which VDI.snapshot is called, turn by turn with windows as long in which nothing is.
30 snapshots from depth 1 on, then five that end at DEPTH (200; LAYERS_MAX is the most a disk may have).  A line of JSON for each depth, then what it says."""
import json
import os
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))
# pylint: disable=wrong-import-position
from disk_writer import TinyWriter
from measure import Sample, ratio
from stored import MIB
from whole_machine import Machine

SIZE = 16 * MIB
AROUND = 0.15  # seconds of a window before the call and after it


class Pauses:
    def __init__(self, machine, image):
        self.m, self.seed = machine, 0
        machine.make_sr()
        self.vm, self.disk = machine.make_vm(image, SIZE)
        machine.api.VM.start(self.vm, False, False)
        self.writer = TinyWriter(machine.host.run, machine.vm_uuid)
        self.writer.run()

    def window(self, function):
        """What the guest tells of a window around 'function', and the seconds that took."""
        self.seed += 1 << 32
        self.writer.loop(0, SIZE, self.seed)
        time.sleep(AROUND)
        start = time.perf_counter()
        function()
        seconds = time.perf_counter() - start
        time.sleep(AROUND)
        return self.writer.loop_end(), seconds

    def snapshot(self):
        self.m.api.VDI.snapshot(self.disk, {})

    def depth(self):
        return len(self.m.vmd("vm.disk_layers", device=1)["layers"])

    def pairs(self, n):
        """Figures of n snapshots, each after a window without one."""
        seconds, busy, idle, calls = 0.3, [], [], []
        for _ in range(n):
            told, _ = self.window(lambda: time.sleep(seconds))
            idle.append(told["longest"] / 1000)
            told, seconds = self.window(self.snapshot)
            busy.append(told["longest"] / 1000)
            calls.append(1000 * seconds)
        return Sample(busy), Sample(idle), Sample(calls)


def tell(depth, busy, idle, calls):
    over = ratio(busy, idle)
    print(json.dumps({"case": "snapshot-pause", "depth": depth, "longest_wait_ms": busy.to_json(),
                      "without_ms": idle.to_json(), "ratio": over.to_json(), "call_ms": calls.to_json()}))
    print(f"depth {depth}: the guest's longest wait {busy} ms, without a snapshot {idle} ms, ratio {over}; "
          f"VDI.snapshot {calls} ms", flush=True)


def main(build, deepest):
    with tempfile.TemporaryDirectory(prefix="disk-snapshot-") as directory, Machine(directory, build) as machine:
        pauses = Pauses(machine, TinyWriter.make_image(build, directory))
        print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors", flush=True)
        tell("1 to 30", *pauses.pairs(30))
        while pauses.depth() < deepest - 5:
            pauses.snapshot()
        figures = pauses.pairs(5)
        tell(str(pauses.depth()), *figures)
        machine.api.VM.hard_shutdown(pauses.vm)


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 200)
