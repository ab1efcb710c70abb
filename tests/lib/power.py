# SPDX-License-Identifier: GPL-2.0-or-later
"""A file system whose power can be cut: an ext4 in a file.  What was not synced is gone after cut() and restore()."""
import fcntl
import os
import struct
import subprocess
import sys
import time

SHUTDOWN = 0x8004587D  # _IOR('X', 125, u32): EXT4_IOC_SHUTDOWN
NO_LOG_FLUSH = 2


class NoPower(Exception):
    """This machine lets us have no file system of our own."""


def _run(*argv, accept=(0,)):
    try:
        done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    except FileNotFoundError:
        raise NoPower(f"{argv[0]} is not installed") from None
    if done.returncode not in accept:
        raise NoPower(f"{' '.join(argv)}: {done.stdout.strip()}")
    return done.stdout.strip()


def own_mounts():
    """Runs this program again where nobody else sees its mounts: a namespace copied from ours would keep them."""
    if os.environ.get("LATCHKEY_OWN_MOUNTS") != str(os.getpid()):
        os.environ["LATCHKEY_OWN_MOUNTS"] = str(os.getpid())
        command = ["unshare", "--mount", "--propagation", "private"]
        # In a chroot "/" is no mount whose propagation could be set; who made it has seen to that.
        if subprocess.run([*command, "true"], stderr=subprocess.DEVNULL, check=False).returncode:
            command[-1] = "unchanged"
        os.execvp("unshare", [*command, sys.executable, *sys.argv])


class PowerCut:
    """Mounted at 'place' while in use as a context."""

    def __init__(self, directory, size):
        self.image, self.place = os.path.join(directory, "disk"), os.path.join(directory, "mount")
        self.size, self.loop = size, None

    def __enter__(self):
        os.mkdir(self.place)
        with open(self.image, "wb") as image:
            image.truncate(self.size)
        _run("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0", self.image)
        self._mount()
        return self

    def _mount(self):
        self.loop = _run("losetup", "-f", "--show", self.image)
        _run("mount", self.loop, self.place)

    def __exit__(self, *exception):
        subprocess.run(["umount", "-l", self.place], check=False)
        subprocess.run(["losetup", "-d", self.loop], check=False)

    def cut(self):
        """From now on nothing reaches the disk.  Any thread."""
        fd = os.open(self.place, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.ioctl(fd, SHUTDOWN, struct.pack("I", NO_LOG_FLUSH))
        finally:
            os.close(fd)

    def restore(self):
        """Power is back.  Whoever has a file open there is about to end: the child of a daemon that was killed."""
        end = time.monotonic() + 60
        while subprocess.run(["umount", self.place], stderr=subprocess.DEVNULL, check=False).returncode:
            if time.monotonic() > end:
                raise AssertionError("somebody has a file open where there is no power")
            time.sleep(0.05)
        _run("losetup", "-d", self.loop)
        while _run("losetup", "-j", self.image):  # others' losetup looks into it for a moment, which keeps it
            if time.monotonic() > end:
                raise AssertionError("the old file system lives on")
            time.sleep(0.05)
        _run("e2fsck", "-fy", self.image, accept=(0, 1))
        self._mount()
