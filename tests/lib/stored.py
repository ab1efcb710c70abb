# SPDX-License-Identifier: GPL-2.0-or-later
"""lk-stored for tests: the daemon, one attached SR, and eyes on the bytes of its volumes."""
import contextlib
import glob
import json
import os
import shutil
import subprocess
import sys
import uuid

import tap
from agent import AgentGone, Daemon

MIB = 1 << 20


def new_uuid():
    return str(uuid.uuid4())


class Store:
    """A daemon with its own directories, and the SR 'self.sr' of type file."""

    def __init__(self, directory, program):
        self.directory = directory
        self.state = os.path.join(directory, "state")
        self.roots = os.path.join(directory, "roots")
        os.mkdir(self.roots)
        os.mkdir(os.path.join(directory, "run"))
        self.daemon = Daemon([program, "--run-dir", os.path.join(directory, "run"), "--state-dir", self.state,
                              "--sr-root", self.roots, "--debug", "STORAGE"],
                             os.path.join(directory, "run", "stored.sock"), os.path.join(directory, "log"))
        self.agent = None
        self.sr = new_uuid()

    def start(self, **env):
        self.daemon.start(**env)
        self.agent = self.daemon.connect()

    def restart(self, **env):
        """After it ended by itself or by kill()."""
        self.agent.close()
        self.start(**env)

    def reboot(self):
        """The machine was cut off and starts: holds are of another boot, nothing is attached."""
        self.daemon.kill()
        self.forget_boot()
        self.restart()

    def forget_boot(self):
        """What lies in the state directory is of an earlier boot."""
        for path in glob.glob(os.path.join(self.state, "locks", "*.json")):
            with open(path, encoding="utf-8") as text:
                hold = json.load(text)
            hold["boot_id"] = new_uuid()
            with open(path, "w", encoding="utf-8") as text:
                json.dump(hold, text)
        shutil.rmtree(os.path.join(self.state, "attached"))

    def call_fds(self, verb, params, fds=()):
        return self.agent.call_fds(verb, params, fds)

    def call(self, verb, fds=(), **params):
        """The result of a call that answers no descriptors."""
        result, came = self.call_fds(verb, params, fds)
        for fd in came:
            os.close(fd)
        return result

    def create(self, **config):
        self.call("sr.create", sr=self.sr, type="file", device_config=config, name_label="Local")
        self.call("sr.attach", sr=self.sr, type="file", device_config=config)

    def path(self, *names):
        return os.path.join(self.state, "sr", self.sr, *names)

    def layers(self):
        """The ids of all images on the SR."""
        return {os.path.basename(p).split(".")[0] for p in glob.glob(self.path("layers", "*.qcow2"))}

    def describe_layer(self, layer):
        with open(self.path("layers", layer + ".json"), encoding="utf-8") as text:
            return json.load(text)

    def files(self):
        """Everything in the SR's directory, without what it holds."""
        return sorted(glob.glob(self.path("**"), recursive=True))

    # volumes

    def vdi_create(self, size=16 * MIB, **more):
        vdi = new_uuid()
        self.call("vdi.create", sr=self.sr, vdi=vdi, size=size, kind="user", **{"name_label": "a disk", **more})
        return vdi

    def vdi(self, verb, vdi, **params):
        return self.call("vdi." + verb, sr=self.sr, vdi=vdi, **params)

    def snapshot(self, vdi):
        return self.vdi("snapshot", vdi, new=new_uuid(), name_label="a snapshot")["uuid"]

    def clone(self, vdi):
        return self.vdi("clone", vdi, new=new_uuid(), name_label="a clone")["uuid"]

    def scan(self):
        """uuid -> volume"""
        return {v["uuid"]: v for v in self.call("sr.scan", sr=self.sr)["vdis"]}

    @contextlib.contextmanager
    def opened(self, vdi, mode="ro", holder=None):
        """The layers of an open volume, as a chain QEMU can be given, with their descriptors."""
        holder = holder or new_uuid()
        result, fds = self.call_fds("vdi.open", {"sr": self.sr, "vdi": vdi, "mode": mode, "holder": holder})
        try:
            yield Chain(result, fds)
        finally:
            for fd in fds:
                os.close(fd)
            self.vdi("close", vdi, holder=holder)

    def write(self, vdi, pattern, offset=0, size=MIB):
        with self.opened(vdi, "rw") as chain:
            chain.io("-c", f"write -P {pattern} {offset} {size}")

    def reads(self, vdi, pattern, offset=0, size=MIB):
        with self.opened(vdi, "ro") as chain:
            return chain.reads(pattern, offset, size)

    # merges and jobs

    def merges(self):
        return self.call("layer.merges", sr=self.sr)["merges"]

    def merge(self, lower, rate=0):
        return self.call("layer.merge", sr=self.sr, lower=lower, rate=rate)["job"]

    def job(self, job):
        return next(j for j in self.call("job.list")["jobs"] if j["job"] == job)

    def wait_job(self, job, *states):
        """The job, once it is in one of the states."""
        while True:
            row = self.job(job)
            if row["state"] in states:
                return row
            tap.check(row["state"] not in ("done", "failed", "cancelled"), f"the job ended: {row}")
            self.agent.any_notice("job.progress", "job.done")

    def merge_all(self):
        """Merges at rest until nothing is left to merge."""
        for merge in self.merges():
            tap.equal(merge["way"], "halted")
            tap.equal(self.wait_job(self.merge(merge["lower"]), "done", "failed")["state"], "done")
        tap.equal(self.merges(), [])

    def depth(self, vdi):
        with self.opened(vdi) as chain:
            return len(chain.layers)

    def leaf(self, vdi):
        with self.opened(vdi) as chain:
            return chain.layers[0]["id"]

    def qemu_check(self):
        """No image has an error or a leak."""
        for layer in self.layers():
            done = subprocess.run(["qemu-img", "check", "-q", self.path("layers", layer + ".qcow2")],
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
            tap.equal(done.returncode, 0, f"qemu-img check of {layer}: {done.stdout}")

    def check(self, vdi, pattern, offset=0, size=MIB):
        tap.check(self.reads(vdi, pattern, offset, size), f"{vdi} does not hold {pattern:#x} at {offset}")


class Chain:
    def __init__(self, result, fds):
        self.layers, self.fds = result["layers"], fds
        self.virtual_size = result["virtual_size"]

    def blockdev(self, layers=None):
        node = None
        for layer in reversed(layers or self.layers):
            above = {"driver": layer["format"], "discard": "unmap",
                     "file": {"driver": "file", "discard": "unmap",
                              "filename": f"/proc/self/fd/{self.fds[layer['fd']]}"}}
            if layer["format"] == "qcow2":
                above["backing"] = node
            node = above
        return "json:" + json.dumps(node)

    def run(self, *argv, layers=None):
        return subprocess.run([*argv, self.blockdev(layers)], pass_fds=self.fds, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False, timeout=120)

    def io(self, *arguments):
        done = self.run("qemu-io", *arguments)
        tap.check(done.returncode == 0, done.stdout)

    def reads(self, pattern, offset=0, size=MIB):
        done = self.run("qemu-io", "-r", "-c", f"read -P {pattern} {offset} {size}")
        return done.returncode == 0 and "Pattern verification failed" not in done.stdout

    def virtual_size_of_leaf(self):
        done = self.run("qemu-img", "info", "--output=json", layers=self.layers[:1])
        return json.loads(done.stdout)["virtual-size"]  # newer QEMUs tell of the file below it too


def crashes(store, function, *arguments, **parameters):
    """The daemon must die under this call (LATCHKEY_CRASH_AT)."""
    try:
        function(*arguments, **parameters)
    except (AgentGone, ConnectionResetError, BrokenPipeError):
        tap.equal(store.daemon.wait(), -9, "the daemon's end")
        return
    raise AssertionError("the daemon did not reach the place to crash at")


def main(*tools):
    """Runs the claims with a fresh store each; the program is the first argument.  'tools' must be installed."""
    arguments = sys.argv
    if len(arguments) != 2:
        sys.exit(f"usage: {arguments[0]} PATH-OF-LK-STORED")
    for tool in ("qemu-img", "qemu-io", *tools):
        if not shutil.which(tool):
            tap.skip_all(f"{tool} is not installed")
    program = os.path.abspath(arguments[1])

    @contextlib.contextmanager
    def setup(directory):
        store = Store(directory, program)
        store.start()
        try:
            store.create()
            yield store
        finally:
            status = store.daemon.stop()
        tap.equal(status, 0, "the daemon's exit status")

    sys.exit(tap.run(setup))
