# SPDX-License-Identifier: GPL-2.0-or-later
"""A host that runs Xen, inside an emulated machine (docs/design/xen-bench.md)."""
import json
import os
import re
import socket
import subprocess
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DEADLINE = 600  # seconds: emulation on a busy machine
BOOT_MIB, DOM0_MIB = 1536, 768

# Each of these is needed: docs/design/xen-bench.md says what breaks without it.
CPU = "EPYC,-smap,-monitor,-rdtscp"
XEN_ARGUMENTS = ("console=com1 com1=115200,8n1 loglvl=warning guest_loglvl=warning noreboot bootscrub=0 vga=none "
                 f"spec-ctrl=no,eager-fpu dom0_max_vcpus=1 dom0_mem={DOM0_MIB}M,max:{DOM0_MIB}M")
LINUX_ARGUMENTS = "console=hvc0 mitigations=off audit=0 apparmor=0 nokaslr net.ifnames=0 quiet loglevel=4"

SHELL_PORT, TLS_PORT = 2222, 8443


class Trouble(Exception):
    """A command in dom0 ended with a status that is not 0."""


class Bench:
    """One host; use it in a 'with'."""

    def __init__(self, bench, root, directory):
        self.bench, self.root, self.directory = bench, root, directory
        self.ports = {}  # dom0's to this machine's
        self.qemu = None

    def path(self, name):
        return os.path.join(self.directory, name)

    def __enter__(self):
        forwards = "".join(f",hostfwd=tcp:127.0.0.1:0-:{port}" for port in (SHELL_PORT, TLS_PORT))
        argv = ["qemu-system-x86_64", "-accel", "tcg,thread=multi", "-machine", "q35", "-cpu", CPU, "-smp", "1",
                "-m", str(BOOT_MIB), "-nodefaults", "-nographic", "-no-reboot",
                "-serial", f"file:{self.path('serial')}", "-qmp", f"unix:{self.path('qmp')},server=on,wait=off",
                "-kernel", os.path.join(self.bench, "xen"), "-append", XEN_ARGUMENTS,
                "-initrd", f"{os.path.join(self.bench, 'dom0-kernel')} {LINUX_ARGUMENTS},{self.root}",
                "-netdev", f"user,id=net{forwards}", "-device", "virtio-net-pci,netdev=net,romfile="]
        with open(self.path("qemu"), "wb") as log:
            self.qemu = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        self._prefer()
        try:
            self._learn_ports()
            self.wait_serial("DOM0-READY")
            self._wait("the first answer of dom0", lambda: self.run("echo yes", seconds=10) == "yes")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception):
        self.qemu.kill()
        self.qemu.wait()

    def _prefer(self):
        """Its clock goes on while it waits for a processor: with too small a share of one, guests do nothing but
        catch up with their timers.  Needs root; without, a busy machine may be too slow."""
        try:
            with open(f"/proc/{self.qemu.pid}/autogroup", "w", encoding="ascii") as group:
                group.write("-10")
            os.setpriority(os.PRIO_PROCESS, self.qemu.pid, -10)
        except OSError:
            pass

    def _wait(self, what, condition, seconds=DEADLINE):
        end = time.monotonic() + seconds
        while True:
            try:
                if condition():
                    return
            except (OSError, Trouble):
                pass
            if self.qemu.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"{what} did not happen; the serial port and QEMU said last:\n"
                                     f"{self.said('serial')[-3000:]}\n{self.said('qemu')[-1000:]}")
            time.sleep(0.1)

    def said(self, name):
        try:
            with open(self.path(name), encoding="utf-8", errors="replace") as f:
                return f.read()
        except FileNotFoundError:
            return ""

    def wait_serial(self, text, seconds=DEADLINE):
        self._wait(f"'{text}' on the serial port", lambda: text in self.said("serial"), seconds)

    def _learn_ports(self):
        """QEMU took free ports: asks it which."""
        self._wait("QEMU's monitor", lambda: os.path.exists(self.path("qmp")), 30)
        with socket.socket(socket.AF_UNIX) as monitor:
            monitor.settimeout(30)
            monitor.connect(self.path("qmp"))
            lines = monitor.makefile("r", encoding="utf-8")
            lines.readline()
            for command, arguments in (("qmp_capabilities", {}),
                                       ("human-monitor-command", {"command-line": "info usernet"})):
                request = {"execute": command, "arguments": arguments}
                monitor.sendall(json.dumps(request).encode())
                answer = json.loads(lines.readline())
        for port, inside in re.findall(r"TCP\[HOST_FORWARD\]\s+\d+\s+127\.0\.0\.1\s+(\d+)\s+\S+\s+(\d+)",
                                       answer["return"]):
            self.ports[int(inside)] = int(port)

    def connect(self, port, seconds=DEADLINE):
        return socket.create_connection(("127.0.0.1", self.ports[port]), timeout=seconds)

    def run(self, script, seconds=DEADLINE):
        """What a script says in dom0's bash, without the last newline; Trouble when it fails."""
        with self.connect(SHELL_PORT, seconds) as shell:
            shell.sendall(f"(\n{script}\n) </dev/null\nstatus=$?; echo; echo \"status $status\"\n".encode())
            shell.shutdown(socket.SHUT_WR)
            out = b""
            while True:
                more = shell.recv(65536)
                if not more:
                    break
                out += more
        text, mark, status = out.decode(errors="replace").rpartition("\nstatus ")
        if not mark or status.strip() != "0":
            raise Trouble(f"in dom0: {script}\n{text or out}\nstatus {status.strip()}")
        return text.rstrip("\n")
