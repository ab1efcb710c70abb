# SPDX-License-Identifier: GPL-2.0-or-later
"""What starting a VM costs over its QEMU alone: VM.start (paused) beside the very command line of its QEMU process run by
hand, until its monitor answers; and VM.hard_shutdown beside a kill."""
import json
import os
import re
import socket
import subprocess
import tempfile
import time

from api import Api, vm_record
from manager import QemuManager
from measure import Sample, cpu_seconds, ratio, take_turns

MIB = 1 << 20
DEADLINE = 60


def make_vm(api):
    """With a disk and an interface, as most have."""
    api.wait_for("storage types", lambda: "file" in [r["type"] for r in api.SM.get_all_records().values()])
    sr = api.SR.create(api.host.get_all()[0], {}, 0, "files", "", "file", "user", False, {})
    vdi = api.VDI.create({"name_label": "disk", "name_description": "", "SR": sr, "virtual_size": 64 * MIB, "type": "user",
                          "sharable": False, "read_only": False, "other_config": {}})
    vm = api.VM.create(vm_record(memory_static_max=128 * MIB, memory_dynamic_max=128 * MIB,
                                 memory_dynamic_min=128 * MIB, memory_static_min=64 * MIB))
    api.VBD.create({"VM": vm, "VDI": vdi, "userdevice": "0", "bootable": True, "mode": "RW", "type": "Disk",
                    "unpluggable": True, "empty": False, "other_config": {}, "qos_algorithm_type": "",
                    "qos_algorithm_params": {}})
    api.VIF.create({"device": "0", "network": api.network.get_all()[0], "VM": vm, "MAC": "", "MTU": 1500,
                    "other_config": {}, "qos_algorithm_type": "", "qos_algorithm_params": {}})
    return vm


def find_qemu(uuid):
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                argv = file.read().split(b"\0")[:-1]
        except OSError:
            continue
        if b"-uuid" in argv and uuid.encode() in argv:
            return int(pid), [word.decode() for word in argv]
    raise RuntimeError(f"no process of VM {uuid}")


class ByHand:
    """The command line of a running QEMU with one disk, below 'state', and descriptors of the same kinds at the same
    numbers."""

    def __init__(self, pid, argv, state):
        self.argv = argv
        line = " ".join(argv)
        self.sockets = [int(n) for n in re.findall(r"socket,id=\w+,fd=(\d+)", line)]
        self.monitor = int(re.search(r"socket,id=qmp,fd=(\d+)", line).group(1))
        # QEMU moves the descriptors of its sets elsewhere: the disk's is found by what it leads to.
        layer = next(f"/proc/{pid}/fd/{fd}" for fd in os.listdir(f"/proc/{pid}/fd")
                     if os.readlink(f"/proc/{pid}/fd/{fd}").startswith(state))
        with open(layer.replace("/fd/", "/fdinfo/"), encoding="ascii") as info:
            flags = int(re.search(r"flags:\s*(\d+)", info.read()).group(1), 8) & ~os.O_CLOEXEC
        self.files = {int(number): (os.devnull, os.O_WRONLY) if number_of_set == "1" else (os.readlink(layer), flags)
                      for number, number_of_set in re.findall(r"fd=(\d+),set=(\d+)", line)}

    def open_all(self, directory):
        """Descriptors by the number they have in QEMU, and the path of its monitor."""
        fds, path = {}, os.path.join(directory, "monitor")
        for number in self.sockets:
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(path if number == self.monitor else os.path.join(directory, str(number)))
            listener.listen()
            fds[number] = listener.detach()
        for number, (name, flags) in self.files.items():
            fds[number] = os.open(name, flags)
        return fds, path

    def start(self):
        """Seconds until the monitor answers, QEMU's processor time then, and seconds until a killed one is gone."""
        with tempfile.TemporaryDirectory(prefix="by-hand-") as directory:
            fds, path = self.open_all(directory)

            def place():
                high = {number: os.dup2(fd, 200 + number) for number, fd in fds.items()}
                for number, fd in high.items():
                    os.dup2(fd, number)
                os.closerange(max(fds) + 1, 600)

            start = time.perf_counter()
            with subprocess.Popen(self.argv, preexec_fn=place, close_fds=False, stdin=subprocess.DEVNULL) as qemu:
                for fd in fds.values():
                    os.close(fd)
                with socket.socket(socket.AF_UNIX) as monitor:
                    monitor.settimeout(DEADLINE)
                    monitor.connect(path)
                    monitor.sendall(b'{"execute":"qmp_capabilities"}{"execute":"query-status","id":1}')
                    answers = monitor.makefile()
                    while json.loads(answers.readline()).get("id") != 1:
                        pass
                    seconds, cpu = time.perf_counter() - start, cpu_seconds(qemu.pid)
                    start = time.perf_counter()
                    qemu.kill()
                    qemu.wait(DEADLINE)
        return seconds, cpu, time.perf_counter() - start


def race(directory, programs, rounds):
    """Figures of a start: seconds until it is there, processor seconds of all processes that do it; seconds of its end."""
    with QemuManager(directory, programs) as manager:
        api = Api(manager.door("https"))
        manager.clients.append(api)
        api.login("root", "hunter2")
        vm = make_vm(api)
        uuid = api.VM.get_uuid(vm)
        daemons = [manager.daemon.process.pid] + [agent.process.pid for agent in manager.agents]
        api.VM.start(vm, True, False)
        by_hand = ByHand(*find_qemu(uuid), manager.state)
        api.VM.hard_shutdown(vm)

        def ours():
            before = sum(map(cpu_seconds, daemons))
            start = time.perf_counter()
            api.VM.start(vm, True, False)
            seconds = time.perf_counter() - start
            cpu = sum(map(cpu_seconds, daemons)) - before + cpu_seconds(find_qemu(uuid)[0])
            start = time.perf_counter()
            api.VM.hard_shutdown(vm)
            return seconds, cpu, time.perf_counter() - start

        return figures(*take_turns(rounds, ours, by_hand.start))


def figures(ours, peers):
    result = {}
    for i, key in enumerate(("start_ms", "start_cpu_ms", "stop_ms")):
        mine, theirs = (Sample(run[i] * 1000 for run in runs) for runs in (ours, peers))
        result[key] = {"ours": mine, "peer": theirs, "ratio": ratio(mine, theirs)}
    result["over_ms"] = {"ours": Sample((a[0] - b[0]) * 1000 for a, b in zip(ours, peers))}
    return result
