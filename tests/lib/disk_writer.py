# SPDX-License-Identifier: GPL-2.0-or-later
"""Guests that write to a disk of their VM as they are told, through its devices, at their serial consoles.

TinyWriter is the tiny guest (Linux) with tests/guest/disk-writer; the program lies behind the guest's disk, in the same
image.  BareWriter is tests/guest/disk-guest: no system at all, which boots in a moment where Linux takes ten seconds."""
import os
import re
import select
import shutil
import struct
import subprocess
import time
import zlib

import agent

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MIB = 1 << 20
SECTOR = 512
TINY_SIZE = 64 * MIB
BOOT_DEADLINE = 240  # emulation on a busy machine; 10 s is usual
DEADLINE = 120


class GuestGone(Exception):
    """The VM ended under a command, or before it."""


class GuestError(Exception):
    """The guest met an error of its disk: its errno."""


def sectors(seed, offset, length):
    """What the guest's 'write' puts there."""
    return b"".join(struct.pack("<QQ", seed, lba) * 32
                    for lba in range(offset // SECTOR, (offset + length) // SECTOR))


def sums(data, grain):
    return [zlib.crc32(data[at:at + grain]) for at in range(0, len(data), grain)]


class Writer:
    """Of a VM that was started; run() brings it up.  A connection to its console is kept."""

    def __init__(self, run_dir, vm_uuid):
        self.run_dir, self.vm = run_dir, vm_uuid
        self.fd, self.held = -1, b""

    def close(self):
        if self.fd >= 0:
            os.close(self.fd)
        self.fd, self.held = -1, b""

    # ---- the console ----

    def _connect(self):
        vmd = agent.Agent(os.path.join(self.run_dir, "vmd.sock"))
        try:
            self.fd = vmd.call_fds("vm.console", {"vm": self.vm, "protocol": "vt100"})[1][0]
        finally:
            vmd.close()

    def _log(self):
        try:
            with open(os.path.join(self.run_dir, "vm", self.vm, "console.log"), "rb") as log:
                return log.read().rpartition(b"LATCHKEY-GUEST-READY")
        except FileNotFoundError:
            return b"", b"", b""

    def send(self, line):
        data = line.encode() + b"\n"
        try:
            while data:
                data = data[os.write(self.fd, data):]
        except OSError as error:
            raise GuestGone(str(error)) from None

    def until(self, pattern, seconds):
        """The match of what the guest says, which is then forgotten up to its end."""
        end = time.monotonic() + seconds
        while True:
            found = re.search(pattern, self.held)
            if found:
                self.held = self.held[found.end():]
                return found
            left = end - time.monotonic()
            if left <= 0:
                raise AssertionError(f"the guest does not say {pattern!r}, but {self.held[-500:]!r}")
            if not select.select([self.fd], [], [], left)[0]:
                continue
            try:
                more = os.read(self.fd, 65536)
            except OSError as error:
                raise GuestGone(str(error)) from None
            if not more:
                raise GuestGone("the console ended")
            self.held += more.replace(b"\r", b"")

    def run(self, goes_on=lambda: True):
        """From the VM's start until it obeys."""
        end = time.monotonic() + BOOT_DEADLINE
        while not self._log()[1]:
            if not goes_on():
                raise GuestGone("it ended while it booted")
            if time.monotonic() > end:
                raise AssertionError("the guest does not boot")
            time.sleep(0.02)
        self._connect()

    # ---- commands ----

    def ask(self, line, seconds=DEADLINE):
        self.send(line)
        return self.answer(seconds)

    def answer(self, seconds=DEADLINE):
        found = self.until(rb"(ok|failed)([^\n]*)\n", seconds)
        if found.group(1) == b"failed":
            raise GuestError(f"errno {found.group(2).decode().strip()}")
        return found.group(2).decode().split()

    def write(self, offset, length, seed):
        self.ask(f"write {offset} {length} {seed}")

    def flush(self):
        self.ask("flush")

    def zero(self, offset, length):
        self.ask(f"zero {offset} {length}")

    def discard(self, offset, length):
        self.ask(f"discard {offset} {length}")

    def sums(self, offset, length, grain):
        return [int(word, 16) for word in self.ask(f"read {offset} {length} {grain}")]

    def size(self):
        return int(self.ask("size")[0])


class BareWriter(Writer):
    @staticmethod
    def make_image(build, directory):
        image = os.path.join(directory, "bare.img")
        shutil.copyfile(os.path.join(build, "tests", "guest", "disk-guest.img"), image)
        os.truncate(image, MIB)
        return image


class TinyWriter(Writer):
    @staticmethod
    def make_image(build, directory):
        images, image = os.path.join(build, "guest"), os.path.join(directory, "tiny.img")
        subprocess.run([os.path.join(TOP, "tools", "guest", "build-tiny"), "--agent",
                        os.path.join(build, "src", "guest", "lk-guest"), images], check=True)
        shutil.copyfile(os.path.join(images, "tiny.img"), image)
        with open(os.path.join(build, "tests", "guest", "disk-writer"), "rb") as program, open(image, "r+b") as file:
            file.seek(TINY_SIZE)
            file.write(program.read())
        os.truncate(image, TINY_SIZE + 2 * MIB)
        return image

    def run(self, goes_on=lambda: True):
        super().run(goes_on)
        self.send("")  # a prompt that came before this connection comes again
        said = b""
        while said != b"WRITER\n":
            said = self.until(rb"login: |# |WRITER\n", BOOT_DEADLINE).group(0)
            if said == b"login: ":
                self.send("root")
            elif said == b"# ":  # which disk is sda is chance
                self.send("cd /sys/class/scsi_disk; d() { echo /dev/`ls *:0:$1:0/device/block`; }; dd if=`d 0` of=/w "
                          f"bs=1M skip={TINY_SIZE // MIB}; chmod 755 /w; exec /w `d 1`")
        self.held = b""

    def loop(self, offset, length, seed):
        """Writes until loop_end()."""
        self.send(f"loop {offset} {length} {seed}")

    def loop_end(self):
        """How many blocks were written, and microseconds: of it all, the longest wait, when that began, the median, and
        what 99 of 100 are below."""
        self.send("")
        return dict(zip(("n", "all", "longest", "longest_at", "median", "p99"), map(int, self.answer())))
