# SPDX-License-Identifier: GPL-2.0-or-later
"""What must hold whenever nothing is under way: the database, the agents and the disk tell the same story.

'place' is a Manager (manager.py) or a lab: it has run, state, and sr_roots, the folders SRs of files lie in."""
import contextlib
import os
import sqlite3
import time

import agent
from xenapi import NULL_REF

LIVE = ("Running", "Paused")


def ask(place, daemon, verb, **params):
    asked = agent.Agent(os.path.join(place.run, f"{daemon}.sock"))
    try:
        return asked.call(verb, **params)
    finally:
        asked.close()


def journal(place):
    """The steps of what is not settled, by message."""
    with contextlib.closing(sqlite3.connect(f"file:{place.state}/db.sqlite?mode=ro", uri=True)) as database:
        return [fields for (fields,) in database.execute("SELECT fields FROM object WHERE class = 'journal'")]


def under_way(place, api):
    """What goes on, as texts."""
    found = [f"journal: {entry}" for entry in journal(place)]
    for task in api.task.get_all_records().values():
        if task["status"] == "pending" and not task["name_label"].startswith("event."):
            found.append(f"task {task['name_label']} {task['current_operations']}")
    for cls in ("VM", "VDI", "SR", "VBD", "VIF"):
        for ref, record in api.call(f"{cls}.get_all_records").items():
            if record["current_operations"]:
                found.append(f"{cls} {ref} {record['current_operations']}")
    for vm in ask(place, "vmd", "vm.list")["vms"]:
        if vm["state"] not in ("running", "paused"):
            found.append(f"domain {vm['vm']} is {vm['state']}")  # it ended by itself, and is seen to
    return found


def settle(place, api, seconds=60):
    """Waits until nothing is under way."""
    end = time.monotonic() + seconds
    while True:
        left = under_way(place, api)
        if not left:
            return
        if time.monotonic() > end:
            raise AssertionError(f"still under way after {seconds} s: " + "; ".join(left))
        time.sleep(0.05)


class Audit:
    """Collects what is wrong."""

    def __init__(self, place, api):
        self.place, self.api, self.wrong = place, api, []
        self.rows = {cls: api.call(f"{cls}.get_all_records")
                     for cls in ("VM", "VDI", "SR", "PBD", "VBD", "VIF", "console", "VM_metrics", "VM_guest_metrics")}

    def say(self, text):
        self.wrong.append(text)

    def same(self, what, database, there):
        """Two sets that must be one."""
        for extra in sorted(database - there):
            self.say(f"{what} {extra}: only the database knows it")
        for extra in sorted(there - database):
            self.say(f"{what} {extra}: the database does not know it")

    def live_vms(self):
        return {ref: vm for ref, vm in self.rows["VM"].items()
                if vm["power_state"] in LIVE and not vm["is_control_domain"]}

    # ---- references ----

    def references(self):
        for cls, field, of in (("VBD", "VM", "VM"), ("VBD", "VDI", "VDI"), ("VIF", "VM", "VM"), ("VDI", "SR", "SR"),
                               ("PBD", "SR", "SR"), ("console", "VM", "VM"), ("VM", "metrics", "VM_metrics"),
                               ("VM", "guest_metrics", "VM_guest_metrics")):
            for ref, record in self.rows[cls].items():
                if record[field] not in self.rows[of] and record[field] != NULL_REF:
                    self.say(f"{cls} {ref}: its {field} is gone")
        for cls, field in (("VM_metrics", "metrics"), ("VM_guest_metrics", "guest_metrics")):
            named = [vm[field] for vm in self.rows["VM"].values() if vm[field] != NULL_REF]
            self.same(cls, set(self.rows[cls]), set(named))
            if len(named) != len(set(named)):
                self.say(f"two VMs share their {field}")
        for ref, vbd in self.rows["VBD"].items():
            if vbd["VM"] == NULL_REF or (vbd["VDI"] == NULL_REF) != vbd["empty"]:
                self.say(f"VBD {ref}: VM {vbd['VM']}, VDI {vbd['VDI']}, empty {vbd['empty']}")
            on = self.rows["VM"].get(vbd["VM"], {}).get("power_state") in LIVE
            if vbd["currently_attached"] and not on:
                self.say(f"VBD {ref} is attached to a VM that is off")
        for ref, console in self.rows["console"].items():
            if console["VM"] not in self.live_vms() and not self.rows["VM"][console["VM"]]["is_control_domain"]:
                self.say(f"console {ref} of a VM that is off")

    # ---- lk-vmd, lk-netd ----

    def domains(self):
        live = self.live_vms()
        there = {vm["vm"]: vm["state"] for vm in ask(self.place, "vmd", "vm.list")["vms"]}
        self.same("domain", {vm["uuid"] for vm in live.values()}, set(there))
        for vm in live.values():
            if there.get(vm["uuid"], vm["power_state"].lower()) != vm["power_state"].lower():
                self.say(f"VM {vm['uuid']} is {vm['power_state']} in the database, {there[vm['uuid']]} at lk-vmd")
        folders = os.path.join(self.place.run, "vm")
        self.same("folder of VM", {vm["uuid"] for vm in live.values()},
                  set(os.listdir(folders)) if os.path.isdir(folders) else set())

    def networks(self):
        live = self.live_vms()
        attached = {f"{live[vif['VM']]['uuid']} {vif['device']}" for vif in self.rows["VIF"].values()
                    if vif["currently_attached"] and vif["VM"] in live}
        there = {f"{nic['vm']} {nic['device']}" for nic in ask(self.place, "netd", "net.list")["interfaces"]}
        self.same("interface", attached, there)

    # ---- lk-stored ----

    def plugged(self):
        return {self.rows["PBD"][ref]["SR"] for ref in self.rows["PBD"] if self.rows["PBD"][ref]["currently_attached"]}

    def storage(self):
        attached = os.path.join(self.place.state, "attached")
        self.same("attached SR", {self.rows["SR"][ref]["uuid"] for ref in self.plugged()},
                  {name[:36] for name in os.listdir(attached)})
        held = set()
        for ref in self.plugged():
            held |= self.one_sr(ref, self.rows["SR"][ref])
        live = self.live_vms()
        wanted = {f"{self.rows['VDI'][vbd['VDI']]['uuid']} by {live[vbd['VM']]['uuid']}"
                  for vbd in self.rows["VBD"].values()
                  if vbd["VM"] in live and vbd["currently_attached"] and vbd["VDI"] in self.rows["VDI"]}
        self.same("hold on VDI", wanted, held)

    def one_sr(self, ref, sr):
        """Its disks; gives what is held."""
        there = {vdi["uuid"]: vdi for vdi in ask(self.place, "stored", "sr.scan", sr=sr["uuid"])["vdis"]}
        ours = {vdi["uuid"]: vdi for vdi in self.rows["VDI"].values() if vdi["SR"] == ref}
        self.same(f"SR {sr['uuid']}: VDI", set(ours), set(there))
        for uuid, vdi in there.items():
            if vdi.get("damaged") or vdi.get("snapshotting") or vdi.get("resizing_to"):
                self.say(f"VDI {uuid}: {vdi}")
            if uuid in ours and ours[uuid]["virtual_size"] != vdi["virtual_size"]:
                self.say(f"VDI {uuid}: size {ours[uuid]['virtual_size']} in the database, {vdi['virtual_size']} there")
        return {f"{uuid} by {hold['holder']}" for uuid, vdi in there.items() for hold in vdi["holders"]}

    def folders(self):
        """Every SR of files has its folder, and every such folder its SR."""
        there = set()
        for root in self.place.sr_roots:
            if os.path.isdir(root):
                there |= {name for name in os.listdir(root) if len(name) == 36}
        self.same("folder of SR", {sr["uuid"] for sr in self.rows["SR"].values() if sr["type"] == "file"}, there)


def look(place, api):
    """All that is wrong now."""
    audit = Audit(place, api)
    for part in (audit.references, audit.domains, audit.networks, audit.storage, audit.folders):
        part()
    return audit.wrong


def check(place, api, seconds=10):
    """Raises with all that is wrong.  After settle(); a guest that ended by itself is followed without a task."""
    end = time.monotonic() + seconds
    while True:
        wrong = look(place, api)
        if not wrong:
            return
        if time.monotonic() > end:
            raise AssertionError("the stories differ:\n  " + "\n  ".join(wrong))
        time.sleep(0.05)


def layers(place, sr_uuid):
    """The images of an SR of files."""
    for root in place.sr_roots:
        folder = os.path.join(root, sr_uuid, "layers")
        if os.path.isdir(folder):
            return sorted(os.listdir(folder))
    return []
