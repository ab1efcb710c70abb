# SPDX-License-Identifier: GPL-2.0-or-later
"""Who has a volume of lk-stored open: a QEMU without a machine, whose disk is written to over NBD.  It is given
descriptors and no names, as lk-vmd gives them: what lk-stored did not hand out for writing it cannot write to.
(qemu-storage-daemon cannot be given descriptors: it has no add-fd.)"""
import array
import contextlib
import json
import os
import signal
import socket
import subprocess
import tempfile

from nbd import Nbd
from stored import new_uuid

DEADLINE = 60


class QmpError(Exception):
    """QEMU refused a command."""


class Qmp:
    """A monitor's connection."""

    def __init__(self, connected):
        self.socket = connected
        self.socket.settimeout(DEADLINE)
        self.lines = self.socket.makefile("r", encoding="utf-8")
        self.events = []
        self._message()
        self.call("qmp_capabilities")

    def close(self):
        self.lines.close()
        self.socket.close()

    def _message(self):
        line = self.lines.readline()
        if not line:
            raise QmpError("the monitor is gone")
        return json.loads(line)

    def call(self, command, give=None, **arguments):
        text = json.dumps({"execute": command, "arguments": arguments}).encode() + b"\n"
        rights = [] if give is None else [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [give]))]
        self.socket.sendmsg([text], rights)
        while True:
            message = self._message()
            if "event" in message:
                self.events.append(message)
            elif "error" in message:
                raise QmpError(f"{command}: {message['error']['desc']}")
            else:
                return message["return"]

    def event(self, *names):
        """The next event of one of these names."""
        while True:
            for i, event in enumerate(self.events):
                if event["event"] in names:
                    return self.events.pop(i)
            message = self._message()
            if "event" in message:
                self.events.append(message)


def node(kind, layer):
    """QEMU's name of a layer's node: at most 31 characters."""
    return kind + layer.replace("-", "")[:30]


class Guest:
    """Opens 'vdi' for writing at birth; close() ends it as a shutdown does, kill() as a crash."""

    def __init__(self, store, vdi, directory=None):
        self.store, self.vdi, self.holder = store, vdi, new_uuid()
        self.directory = tempfile.mkdtemp(prefix="guest-", dir=directory or store.directory)
        self.sets, self.n_sets, self.nbd, self.monitor = {}, 0, None, None
        result, fds = store.call_fds("vdi.open", {"sr": store.sr, "vdi": vdi, "mode": "rw",
                                                         "holder": self.holder})
        ours, theirs = socket.socketpair()
        with theirs:  # a QEMU that is connected to while it starts sometimes greets twice, and hears nothing
            self.process = subprocess.Popen(
                ["qemu-system-x86_64", "-machine", "none", "-nodefaults", "-display", "none", "-S", "-chardev",
                 f"socket,id=m,fd={theirs.fileno()}", "-mon", "chardev=m,mode=control"], pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            self.monitor = Qmp(ours)
            self.monitor.call("nbd-server-start", addr={"type": "unix", "data": {"path": self._path("nbd")}})
            below = None
            for place, layer in reversed(list(enumerate(result["layers"]))):
                self._add(layer, fds[layer["fd"]], below, place == 0)
                below = layer["id"]
            self.top = below
            self._export()
        except BaseException:
            self.kill()
            raise
        finally:
            for fd in fds:
                os.close(fd)

    def _path(self, name):
        return os.path.join(self.directory, name)

    def _add_fd(self, layer, fd):
        if layer not in self.sets:
            self.n_sets += 1  # never one that another layer has, or had
            self.sets[layer] = self.n_sets
        number = self.sets[layer]
        return number, self.monitor.call("add-fd", fd, **{"fdset-id": number})["fd"]

    def _add(self, layer, fd, below, is_writable, only_node=False):
        number, _ = self._add_fd(layer["id"], fd)
        file = {"driver": "file", "node-name": node("f", layer["id"]), "filename": f"/dev/fdset/{number}",
                "discard": "unmap", "locking": "off"}
        if not is_writable:
            file["auto-read-only"] = True
        self.monitor.call("blockdev-add", **file)
        above = {"driver": layer["format"], "node-name": node("l", layer["id"]), "file": node("f", layer["id"]),
                 "read-only": not is_writable, "discard": "unmap"}
        if layer["format"] == "qcow2":
            above["backing"] = None if only_node or not below else node("l", below)
        self.monitor.call("blockdev-add", **above)

    def _export(self):
        self.monitor.call("block-export-add", **{"type": "nbd", "id": "e", "node-name": node("l", self.top),
                                                 "name": "disk", "writable": True})
        self.nbd = Nbd(self._path("nbd"))

    def _end_export(self):
        self.nbd.close()
        self.monitor.call("block-export-del", id="e", mode="hard")
        self.monitor.event("BLOCK_EXPORT_DELETED")

    def layers(self):
        """The ids of the layers as QEMU has them, top first."""
        graph = self.monitor.call("x-debug-query-block-graph")
        names = {n["id"]: n["name"] for n in graph["nodes"] if n["type"] == "block-driver"}
        below = {e["parent"]: e["child"] for e in graph["edges"] if e["name"] == "backing"}
        ids = {node("l", layer): layer for layer in self.sets}
        root = next(e["child"] for e in graph["edges"] if e["name"] == "root" and e["parent"] not in names
                    and names.get(e["child"]) in ids)
        chain = []
        while root is not None:
            if names[root] in ids:
                chain.append(ids[names[root]])
            root = below.get(root)
        return chain

    # What the manager does between the two agents.

    def snapshot_begin(self, new, **names):
        """The answer of vdi.snapshot_begin, its layer known to QEMU."""
        result, fds = self.store.call_fds("vdi.snapshot_begin", {
            "sr": self.store.sr, "vdi": self.vdi, "holder": self.holder, "new": new, **names})
        try:
            if result["top"]["id"] not in self.sets:
                self._add(result["top"], fds[result["top"]["fd"]], None, True, only_node=True)
        finally:
            for fd in fds:
                os.close(fd)
        return result

    def switch(self, begun):
        """QEMU writes to the new layer from now on."""
        self.monitor.call("blockdev-snapshot", node=node("l", self.top), overlay=node("l", begun["top"]["id"]))
        self.top = begun["top"]["id"]

    def forget(self, layer):
        """A layer QEMU does not have any more."""
        self.monitor.call("blockdev-del", **{"node-name": node("l", layer)})
        self.monitor.call("blockdev-del", **{"node-name": node("f", layer)})
        self.monitor.call("remove-fd", **{"fdset-id": self.sets.pop(layer)})

    def snapshot_end(self, new, top=None):
        return self.store.vdi("snapshot_end", self.vdi, holder=self.holder, new=new, top=top or self.top)

    def snapshot(self, **names):
        """The uuid of a snapshot taken while it writes."""
        new = new_uuid()
        self.switch(self.snapshot_begin(new, **names))
        self.snapshot_end(new)
        return new

    def merge_begin(self, lower):
        return self.store.call_fds("layer.merge_begin", {"sr": self.store.sr, "lower": lower,
                                                               "holder": self.holder})

    def commit(self, granted, fds, speed=0):
        """Starts QEMU's copying; what was handed out is QEMU's alone afterwards."""
        added = []
        for key in ("lower", "overlay"):
            if key in granted:
                added.append(self._add_fd(granted[key]["id"], fds[granted[key]["fd"]]))
        for fd in fds:
            os.close(fd)
        arguments = {"job-id": "merge", "device": node("l", self.top), "base-node": node("l", granted["lower"]["id"]),
                     "auto-dismiss": False, "speed": speed}
        if "overlay" in granted:
            arguments.update({"top-node": node("l", granted["upper"]), "backing-file": ""})
        before = self.layers()
        try:
            self.monitor.call("block-commit", **arguments)
        except QmpError:
            self._remove(added)
            raise
        return granted, added, before

    def _remove(self, added):
        for number, fd in added:
            with contextlib.suppress(QmpError):  # QEMU 10 lets go by itself of what no node uses
                self.monitor.call("remove-fd", **{"fdset-id": number, "fd": fd})

    def end_commit(self, commit, cancel=False):
        """Waits for the job, changes over where the top goes down, and answers the chain as it is then.  The caller
        does not write meanwhile."""
        granted, added, before = commit
        if cancel:
            self.monitor.call("job-cancel", id="merge")
        elif "overlay" not in granted:
            self.monitor.event("BLOCK_JOB_READY")
            self.monitor.call("job-complete", id="merge")
        while True:
            event = self.monitor.event("JOB_STATUS_CHANGE")
            if event["data"]["status"] == "concluded":
                break
        failed = next(j for j in self.monitor.call("query-jobs") if j["id"] == "merge").get("error")
        self.monitor.call("job-dismiss", id="merge")
        if failed and not cancel:
            raise QmpError(failed)
        chain = self.layers()
        for layer in before:
            if layer not in chain:
                self.forget(layer)
        self.top = chain[0]
        self._end_writing(granted["lower"], chain)
        self._remove([a for a in added if a[0] in self.sets.values()])
        return chain

    def _end_writing(self, layer, chain):
        """A cancelled commit of the top leaves the layer below writable (QEMU 7.2), and the next commit into it then
        leaves it so too: what QEMU has in memory of its tables would die with QEMU."""
        if layer["id"] == self.top or self.is_read_only(layer["id"]):
            return
        below = chain[chain.index(layer["id"]) + 1:]
        options = {"driver": layer["format"], "node-name": node("l", layer["id"]), "file": node("f", layer["id"]),
                   "read-only": True, "discard": "unmap"}
        if layer["format"] == "qcow2":
            options["backing"] = node("l", below[0]) if below else None
        self.monitor.call("blockdev-reopen", options=[options])

    def is_read_only(self, layer):
        """As QEMU has it: what it had in memory of the layer's tables is then on the disk."""
        return next(n["ro"] for n in self.monitor.call("query-named-block-nodes", flat=True)
                    if n["node-name"] == node("l", layer))

    def merge_end(self, lower, chain):
        return self.store.call("layer.merge_end", sr=self.store.sr, lower=lower, holder=self.holder,
                               chain=chain)["merged"]

    def merge(self, lower):
        """A whole merge in use."""
        chain = self.end_commit(self.commit(*self.merge_begin(lower)))
        return self.merge_end(lower, chain)

    def resize(self, size):
        size = self.store.vdi("resize_begin", self.vdi, holder=self.holder, size=size)["resizing_to"]
        self.grow(size)
        return self.store.vdi("resize_end", self.vdi, holder=self.holder, size=size)

    def grow(self, size):
        """QEMU's part.  An export keeps its size, so its driver sees the disk anew."""
        self._end_export()
        self.monitor.call("block_resize", **{"node-name": node("l", self.top), "size": size})
        self._export()

    def reads(self, pattern, offset, size):
        return self.nbd.read(offset, size) == bytes([pattern]) * size

    def write(self, pattern, offset, size):
        self.nbd.write(offset, bytes([pattern]) * size)

    # Ends.

    def quit(self):
        """It shuts down, and nobody knows yet."""
        self.nbd.close()
        self.monitor.call("quit")
        self.process.wait(DEADLINE)
        self.monitor.close()

    def close(self):
        """It shuts down, and the volume is closed."""
        self.quit()
        self.store.vdi("close", self.vdi, holder=self.holder)

    def die(self):
        """It is killed, and nobody knows yet."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(DEADLINE)
        for connection in (self.nbd, self.monitor):
            if connection:
                connection.close()

    def kill(self):
        """It is killed, and the volume is closed."""
        self.die()
        self.store.vdi("close", self.vdi, holder=self.holder)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if self.process.poll() is None:
            self.die()
            if kind is None:
                self.store.vdi("close", self.vdi, holder=self.holder)
