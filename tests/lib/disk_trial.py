# SPDX-License-Identifier: GPL-2.0-or-later
"""The operations of tests/system/vm-disks-trial, and the model they are held against."""
import http.client
import random
import threading
import time

import tap
from disk_model import GRAIN, Content
from disk_writer import BareWriter, GuestError, GuestGone, sectors, sums
from lab import wait_until
from stored import MIB
from whole_machine import PATIENCE
from xenapi import Failure, HttpError

FIRST_SIZE, MAX_SIZE, MAX_DISKS = 4 * MIB, 12 * MIB, 14
PAGE = 4096
CLUSTER = 65536
DEATH_WITHIN = 0.3  # seconds after a call was begun
MAX_BURST = 40  # writes under one call
VICTIMS = {"lk-stored": 40, "lk-vmd": 20, "latchkeyd": 20, "QEMU": 20}


class PowerIsOff(Exception):
    """The host lost power under an operation."""


class Disk:
    """A VDI: 'kind' is live, snapshot, clone or boot (whose bytes nobody looks at: its content is None)."""

    def __init__(self, kind, content, vm_snapshot=None):
        self.kind, self.content, self.vm_snapshot = kind, content, vm_snapshot


class Burst:
    """What the guest writes while a call runs: a snapshot may have any first part of it."""

    def __init__(self, content):
        self.base, self.writes = bytes(content.now), []

    def states(self):
        """(bytes, what was written after that), for each moment."""
        state = bytearray(self.base)
        for i, (offset, data) in enumerate([(0, b"")] + self.writes):
            state[offset:offset + len(data)] = data
            yield state, self.writes[i:]


class Trial:
    def __init__(self, machine, image, options):
        self.m, self.options = machine, options
        self.rng = random.Random(options.seed)
        self.burst_rng = random.Random(options.seed + 2)  # how long a call takes changes nothing else
        self.log, self.counts = [], {}
        self.seed, self.due, self.acknowledged = 0, [], False  # 'due' to die
        self.under_way = None
        self.emptied = set()  # snapshots of the VM whose disks are being destroyed
        machine.make_sr()
        self.vm, self.live = machine.make_vm(image, FIRST_SIZE)
        self.writer = BareWriter(machine.host.run, machine.vm_uuid)
        self.is_running = False
        self.disks = {ref: Disk("boot", None) for ref in self.refs()}
        self.disks[self.live] = Disk("live", Content.zeroes(FIRST_SIZE))
        self.burst = Burst(self.content)
        self.deaths = self._deaths()

    @property
    def api(self):
        return self.m.api

    @property
    def content(self):
        return self.disks[self.live].content

    def _deaths(self):
        rng = random.Random(self.options.seed + 1)
        n = self.options.kills + self.options.power_cuts
        who = rng.choices(list(VICTIMS), list(VICTIMS.values()), k=self.options.kills)
        if self.options.kills >= len(VICTIMS):
            who[:len(VICTIMS)] = VICTIMS
        who += ["power"] * self.options.power_cuts
        rng.shuffle(who)
        return {at: [name] for at, name in zip(sorted(rng.sample(range(self.options.operations), n)), who)}

    def note(self, *words):
        self.log.append(f"{time.strftime('%H:%M:%S')} " + " ".join(str(w) for w in words))

    # ---- the run ----

    def run(self):
        self.start()
        for i in range(self.options.operations):
            self.due += self.deaths.get(i, [])
            self._through_power_cuts(self._one, i)
            if not self.is_running and self.rng.random() < 0.25:
                self.start()
        while self.due:
            self._through_power_cuts(self._scan)
        self._end()

    def _through_power_cuts(self, operation, *arguments):
        try:
            operation(*arguments)
        except PowerIsOff:
            self._power_on()
            self._destroy_emptied()

    def _one(self, i):
        table = RUNNING if self.is_running else HALTED
        while True:
            operation = self.rng.choices([o for o, _ in table], [w for _, w in table])[0]
            if operation(self) is not False:
                break
        name = operation.__name__[1:]
        self.counts[name] = self.counts.get(name, 0) + 1
        if i % 100 == 99:
            self._check_all()
            print(f"# {i + 1} operations, {self.m.killed}", flush=True)

    # ---- calls, and deaths under them ----

    def call(self, *call, write=True):
        """Its answer, or None when it failed, which it may only when somebody died."""
        who = self.due.pop(0) if self.due else None
        answers, failures = [], []

        def run():
            try:
                answers.append(call[0](*call[1:]))
            except (Failure, HttpError, OSError, http.client.HTTPException) as failure:
                failures.append(repr(failure))
            self.acknowledged = bool(answers) and not self.m.off.is_set()

        self.burst = Burst(self.content)
        threads = [threading.Thread(target=run)]
        if who:
            self.note(who, "dies")
            threads.append(threading.Timer(self.rng.uniform(0, DEATH_WITHIN), self.m.kill, (who,)))
        for thread in threads:
            thread.start()
        self._write_during(threads, write and self.is_running)
        for thread in threads:
            thread.join(PATIENCE)
            tap.check(not thread.is_alive(), "a call does not end")
        if who == "power":
            raise PowerIsOff
        if who == "latchkeyd":
            self.m.log_in()
        tap.check(answers or who, f"a call failed though nobody died: {failures}")
        if failures:
            self.note("failed:", failures[0])
        self._settle(who)
        return answers[0] if answers else None

    def _write_during(self, threads, writes):
        try:
            while writes and any(t.is_alive() for t in threads) and len(self.burst.writes) < MAX_BURST:
                self._write(*self._range(self.burst_rng, 16 * 1024), self.burst.writes)
        except (GuestGone, GuestError) as why:  # whoever killed it looks at the disk
            tap.check(isinstance(why, GuestGone) or self.m.off.is_set(), f"the guest met an error: {why}")

    def _write(self, offset, length, kept=None):
        self.seed += 1
        data = sectors(self.seed, offset, length)
        self.content.write(offset, data)
        if kept is not None:
            kept.append((offset, data))
        self.writer.write(offset, length, self.seed)

    # ---- what is there afterwards ----

    def rows(self):
        """All VDIs of the SR, as the manager has them."""
        return {ref: row for ref, row in self.api.VDI.get_all_records().items() if row["SR"] == self.m.sr_ref}

    def refs(self):
        return set(self.rows())

    def _settle(self, who):
        """Until nothing is under way any more."""
        if who == "QEMU" and self.is_running:
            self._wait_halted()
        if who:
            self._wait_settled()
        has_ended = self.is_running and self.api.VM.get_power_state(self.vm) == "Halted"
        if has_ended:
            self.is_running = False
            self.writer.close()
        self._reconcile()
        if has_ended:
            self._after_crash()

    def _wait_halted(self):
        self.api.wait_for("the VM's end", lambda: self.api.VM.get_power_state(self.vm) == "Halted", PATIENCE)

    def _wait_settled(self):
        def is_settled():
            found, rows = self.m.scan(), self.rows()
            if {row["uuid"] for row in rows.values()} != set(found):
                return False
            return not any(row["current_operations"] for row in rows.values()) and \
                not self.api.VM.get_current_operations(self.vm) and \
                not any(row.get("snapshotting") for row in found.values())
        try:
            wait_until("rest", is_settled, PATIENCE)
        except AssertionError:
            rows, found = {r["uuid"]: r["current_operations"] for r in self.rows().values()}, self.m.scan()
            raise AssertionError(f"no rest: the manager has {rows}, lk-stored {found}, the VM "
                                 f"{self.api.VM.get_current_operations(self.vm)}") from None

    def _reconcile(self):
        """What there is beside the model is what was under way; it is done or undone."""
        kind, *what = self.under_way or (None,)
        done, self.under_way = self.acknowledged, None
        rows = self.rows()
        new, gone = set(rows) - set(self.disks), set(self.disks) - set(rows)
        tap.check(not new or kind == "new", f"came from nowhere: {[rows[ref] for ref in new]}")
        tap.check(not gone or (kind == "destroy" and gone <= set(what[0])), f"disks are gone: {gone}")
        if kind == "new":
            self._arrived(new, rows, done, *what)
        elif kind == "destroy":
            tap.check(gone == set(what[0]) or not done, "destroyed disks are there")
            for ref in gone:
                del self.disks[ref]
        elif kind == "change":
            self._changed(rows, done, *what)
        elif kind == "resize":
            self._resized(rows, done, *what)

    def _arrived(self, new, rows, done, disk_kind, source, n):
        """Copies of 'source', and of the boot disk where there are two."""
        tap.check(len(new) in ((n,) if done else (0, n)), f"{len(new)} disks of {n} are new")
        if not new:
            return
        groups = [ref for ref in self.api.VM.get_snapshots(self.vm) if ref not in
                  {d.vm_snapshot for d in self.disks.values()}]
        tap.equal(len(groups), n - 1, "new snapshots of the VM")
        group = groups[0] if groups else None
        for ref in new:
            self.note(disk_kind, rows[ref]["uuid"], "is", ref)
            if disk_kind == "snapshot":
                tap.equal(rows[ref]["is_a_snapshot"], True)
            if n == 2 and rows[ref]["snapshot_of"] != source:
                self.disks[ref] = Disk("boot", None, group)
            else:
                self.disks[ref] = Disk(disk_kind, self._moment(ref, rows[ref], source), group)

    def _moment(self, ref, row, source):
        """The content of a new copy; of the live disk it is what was there at one moment of the call."""
        data = self.m.contents(row["uuid"])
        if source != self.live:
            wrong = self.disks[source].content.difference(data)
            tap.check(not wrong, f"the copy {row['uuid']} {wrong}")
            return Content(data)
        wrong = ""
        for state, later in self.burst.states():
            if state == data:
                self._kept(data, later)
                return Content(data)
            wrong = wrong or Content(state).difference(data)
        raise AssertionError(f"the snapshot {row['uuid']} {ref} is the disk at no moment: {wrong}")

    def _kept(self, data, later):
        """A snapshot is a flush too."""
        if later:
            self.content.safe, self.content.pending = bytes(data), list(later)
        else:
            self.content.flush()

    def _changed(self, rows, done, ref, before, after):
        disk = self.disks[ref]
        if done:
            disk.content = after
            return
        is_after = not self.is_running and not after.difference(self.m.contents(rows[ref]["uuid"]))
        disk.content = after if is_after else before

    def _resized(self, rows, done, ref, size):
        is_resized = rows[ref]["virtual_size"] == size
        tap.check(is_resized or not done, "it has its old size")
        if is_resized:
            self.disks[ref].content.resize(size)

    def _after_crash(self):
        wrong = self.content.crashed(self.m.contents(self.api.VDI.get_uuid(self.live)))
        tap.check(not wrong, f"the disk after a crash {wrong}")

    def _power_on(self):
        self.note("power comes back")
        self.writer.close()
        self.is_running = False
        self.m.power_on()
        self.api.wait_for("the SR", lambda: self.api.SR.get_PBDs(self.m.sr_ref) and all(
            self.api.PBD.get_currently_attached(p) for p in self.api.SR.get_PBDs(self.m.sr_ref)), PATIENCE)
        self._wait_halted()
        self._wait_settled()
        self._reconcile()
        self._after_crash()
        self._check_all()

    def _check(self, ref):
        disk = self.disks[ref]
        if disk.content is None:
            return
        if ref == self.live and self.is_running:
            self._check_in_guest()
            return
        uuid = self.api.VDI.get_uuid(ref)
        wrong = disk.content.difference(self.m.contents(uuid))
        tap.check(not wrong, f"the {disk.kind} {uuid} {wrong}")
        self.counts["disks compared"] = self.counts.get("disks compared", 0) + 1

    def _check_in_guest(self):
        now, told = bytes(self.content.now), self.writer.sums(0, len(self.content.now), CLUSTER)
        for i, (got, wanted) in enumerate(zip(told, sums(now, CLUSTER), strict=True)):
            tap.check(got == wanted, f"the guest reads other bytes at {i * CLUSTER}")
        self.counts["disks compared"] = self.counts.get("disks compared", 0) + 1

    def _check_all(self):
        self.note("all are compared")
        for ref in list(self.disks):
            self._check(ref)

    # ---- choosing ----

    def _range(self, rng, most):
        size = len(self.content.now)
        length = rng.randrange(1, most // GRAIN + 1) * GRAIN
        offset = rng.randrange(0, (size - length) // GRAIN + 1) * GRAIN
        if rng.random() < 0.3:
            offset = offset // CLUSTER * CLUSTER
        return offset, length

    def _pick(self, *kinds):
        found = [ref for ref, disk in self.disks.items() if disk.kind in kinds]
        return self.rng.choice(found) if found else None

    def _room(self):
        return len(self.disks) < MAX_DISKS

    # ---- the VM ----

    def start(self):
        self.note("the VM starts")
        self.api.VM.start(self.vm, False, False)
        self.writer.run(self.m.qemus)
        self.is_running = True
        self.counts["boots"] = self.counts.get("boots", 0) + 1
        self._check(self.live)

    def _halt(self):
        self.note("the VM is halted")
        while self.is_running:
            self.call(self.api.VM.hard_shutdown, self.vm)

    def _revert(self):
        """To a snapshot of the VM, which is halted by it if it runs."""
        groups = {d.vm_snapshot: ref for ref, d in self.disks.items() if d.vm_snapshot and d.kind == "snapshot"}
        if not groups:
            return False
        group = self.rng.choice(list(groups))
        self.note("revert to", group)
        before, after = self.content, self.disks[groups[group]].content.copy()
        self.under_way = ("change", self.live, before, after)
        self.call(self.api.VM.revert, group, write=False)
        return True

    # ---- the guest ----

    def _guest_io(self):
        offset, length = self._range(self.rng, 128 * 1024)
        kind = self.rng.choices(("write", "read", "flush", "zero", "discard"), (55, 15, 14, 8, 8))[0]
        self.note(kind, offset, length)
        if kind == "write":
            self._write(offset, length)
        elif kind == "flush":
            self.writer.flush()
            self.content.flush()
        elif kind == "read":
            tap.equal(self.writer.sums(offset, length, length),
                      sums(bytes(self.content.now[offset:offset + length]), length), f"what is read at {offset}")
        elif kind == "zero":
            self.content.write(offset, bytes(length))
            self.writer.zero(offset, length)
        else:
            self._discard(offset // PAGE * PAGE, (length + PAGE - 1) // PAGE * PAGE)

    def _discard(self, offset, length):
        """Each page is as it was, or zeroes."""
        length = min(length, len(self.content.now) - offset)
        before = bytes(self.content.now[offset:offset + length])
        self.content.write(offset, bytes(length))
        self.writer.discard(offset, length)
        after = bytearray(length)
        zeroes, old = sums(bytes(PAGE), PAGE)[0], sums(before, PAGE)
        for i, got in enumerate(self.writer.sums(offset, length, PAGE)):
            tap.check(got in (zeroes, old[i]), f"a discard made other bytes at {offset + i * PAGE}")
            if got != zeroes:
                after[i * PAGE:(i + 1) * PAGE] = before[i * PAGE:(i + 1) * PAGE]
        self.content.write(offset, after)

    def _writes_under_death(self):
        """Nothing but the guest is at work when QEMU dies or the power goes."""
        if not self.due or self.due[0] not in ("QEMU", "power"):
            return False
        self.note("the guest writes")
        self.call(time.sleep, DEATH_WITHIN)
        return True

    # ---- disks ----

    def _snapshot(self):
        if not self._room():
            return False
        self.note("snapshot")
        self.under_way = ("new", "snapshot", self.live, 1)
        made = self.call(self.api.VDI.snapshot, self.live, {})
        tap.check(not made or made in self.disks, "a snapshot that was answered is not there")
        return True

    def _vm_snapshot(self):
        if not self._room():
            return False
        self.note("snapshot of the VM")
        self.under_way = ("new", "snapshot", self.live, 2)
        self.call(self.api.VM.snapshot, self.vm, "of the VM", [])
        return True

    def _clone(self):
        ref = self._pick("snapshot", "clone") if self.is_running else self._pick("snapshot", "clone", "live")
        if not ref or not self._room():
            return False
        self.note("clone of", ref)
        self.under_way = ("new", "clone", ref, 1)
        self.call(self.api.VDI.clone, ref, {})
        return True

    def _snapshot_of_clone(self):
        ref = self._pick("clone")
        if not ref or not self._room():
            return False
        self.note("snapshot of", ref)
        self.under_way = ("new", "snapshot", ref, 1)
        self.call(self.api.VDI.snapshot, ref, {})
        return True

    def _write_clone(self):
        ref = self._pick("clone")
        if not ref:
            return False
        content = self.disks[ref].content
        offset = self.rng.randrange(len(content.now) // CLUSTER) * CLUSTER
        pattern = self.rng.randrange(1, 256)
        self.note("write at rest to", ref, offset)
        with self.m.opened(self.api.VDI.get_uuid(ref), "rw") as chain:
            chain.io("-c", f"write -P {pattern} {offset} {CLUSTER}")
        content.write(offset, bytes([pattern]) * CLUSTER)
        content.flush()
        return True

    def _destroy(self):
        ref = self._pick("snapshot", "clone")
        if not ref:
            return False
        group = self.disks[ref].vm_snapshot
        refs = [r for r, d in self.disks.items() if d.vm_snapshot == group] if group else [ref]
        self.note("destroy", *refs)
        if group:
            self.emptied.add(group)
        for one in refs:
            self.under_way = ("destroy", [one])
            self.call(self.api.VDI.destroy, one)
            if one in self.disks:  # somebody died under it
                self.under_way = ("destroy", [one])
                self.call(self.api.VDI.destroy, one)
        self._destroy_emptied()
        return True

    def _destroy_emptied(self):
        """Those that are left when the power went with the last of their disks, too."""
        for group in self.emptied - {disk.vm_snapshot for disk in self.disks.values()}:
            self.api.VM.destroy(group)
            self.emptied.remove(group)

    def _resize(self):
        ref = self._pick("clone", "live")
        size = len(self.disks[ref].content.now) + self.rng.randrange(1, 3) * MIB
        if size > MAX_SIZE:
            return False
        self.note("resize", ref, size)
        while len(self.disks[ref].content.now) < size:  # one that was cut off is asked for again
            self.under_way = ("resize", ref, size)
            self.call(self.api.VDI.resize, ref, size)
        if ref == self.live and self.is_running:
            wait_until("the guest to see it", lambda: self.writer.size() == size)
        return True

    # ---- the rest ----

    def _rate(self):
        rate = self.rng.choice(("0", "1048576", "4194304"))
        self.note("merge-rate", rate)
        self.api.SR.remove_from_other_config(self.m.sr_ref, "merge-rate")
        self.api.SR.add_to_other_config(self.m.sr_ref, "merge-rate", rate)

    def _cancel(self):
        tasks = [ref for ref, row in self.api.task.get_all_records().items()
                 if row["name_label"] == "SR.merge" and row["status"] == "pending"]
        if not tasks:
            return False
        self.note("cancel a merge")
        try:
            self.api.task.cancel(self.rng.choice(tasks))
        except Failure as failure:  # it ended meanwhile
            tap.check(failure.code in ("HANDLE_INVALID", "OPERATION_NOT_ALLOWED"), str(failure))
        return True

    def _verify(self):
        ref = self._pick("snapshot", "clone", "live")
        self.note("verify", ref)
        self._check(ref)

    def _scan(self):
        self.note("scan")
        self.call(self.api.SR.scan, self.m.sr_ref)

    def _refused(self):
        """What must not be done to a disk in use is not."""
        name, *more = self.rng.choice((("clone", {}), ("destroy",)))
        self.note(name, "is refused")
        try:
            getattr(self.api.VDI, name)(self.live, *more)
        except Failure as failure:
            tap.equal(failure.code, "VDI_IN_USE")
            return
        raise AssertionError(f"VDI.{name} of a disk in use was done")

    def _end(self):
        """All is destroyed, and merged under the running guest; nothing is left over."""
        if not self.is_running:
            self.start()
        self.api.SR.remove_from_other_config(self.m.sr_ref, "merge-rate")
        self._check_all()
        while self._destroy():
            pass
        try:
            wait_until("the last merge", lambda: len(self.m.layers()) == 2, PATIENCE)
        except AssertionError as late:
            raise AssertionError(f"{late}: {self.m.merges()}") from None
        self._check(self.live)
        self.writer.flush()
        self.content.flush()
        self._halt()
        self._check(self.live)
        self.m.check_images()
        tap.equal(self.m.holders(), [], "who has a disk")


# pylint: disable=protected-access
RUNNING = (
    (Trial._guest_io, 70), (Trial._writes_under_death, 400), (Trial._snapshot, 9), (Trial._vm_snapshot, 4),
    (Trial._clone, 4), (Trial._snapshot_of_clone, 2), (Trial._write_clone, 4), (Trial._destroy, 12),
    (Trial._resize, 2), (Trial._rate, 1), (Trial._cancel, 2), (Trial._verify, 4), (Trial._scan, 2),
    (Trial._refused, 2), (Trial._halt, 0.2), (Trial._revert, 0.4),
)
HALTED = (
    (Trial._snapshot, 4), (Trial._clone, 3), (Trial._snapshot_of_clone, 1), (Trial._write_clone, 2),
    (Trial._destroy, 4), (Trial._resize, 2), (Trial._revert, 3), (Trial._verify, 2), (Trial._scan, 1),
)
