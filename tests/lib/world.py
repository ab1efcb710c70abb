# SPDX-License-Identifier: GPL-2.0-or-later
"""Objects for tests of the API: made through it, fresh when asked for."""
import itertools
import os
import uuid

from model import MODEL
from xenapi import NULL_REF, Failure, Xml

MIB = 1 << 20
DEAD_REF = "OpaqueRef:00000000-0000-4000-8000-00000000dead"
DEAD_UUID = "00000000-0000-4000-8000-00000000dead"
OTHER_INSTALL_MEDIA = "552bce37-51b2-445d-84f2-5f33fa112d7e"


NUMBERS = itertools.count(1)

# By field: values to give or set where made-up ones would be refused.
VALUES = {
    "VMSS.schedule": [{"min": "0"}, {"min": "15"}],
    "VMSS.retained_snapshots": [3, 4],
    "network.MTU": [1400, 9000],
}


class World:
    """What one client (one encoding) makes and finds.  'seeded' are rows that were put into the database."""

    def __init__(self, manager, api, seeded=None):
        self.manager, self.api, self.seeded = manager, api, seeded or {}
        self.kept = {}

    @staticmethod
    def number():
        """Another one each time."""
        return next(NUMBERS)

    def name(self, what="thing"):
        return f"{what} {self.api.encoding.name} {self.number()}"

    @staticmethod
    def uuid():
        return str(uuid.uuid4())

    def keep(self, what, make):
        """What 'make' makes, once."""
        if what not in self.kept:
            self.kept[what] = make()
        return self.kept[what]

    # ---- what every pool has ----

    @property
    def host(self):
        return self.keep("host", lambda: self.api.host.get_all()[0])

    @property
    def pool(self):
        return self.keep("pool", lambda: self.api.pool.get_all()[0])

    @property
    def template(self):
        return self.keep("template", lambda: self.api.VM.get_by_uuid(OTHER_INSTALL_MEDIA))

    @property
    def dom0(self):
        return self.keep("dom0", lambda: self.api.host.get_control_domain(self.host))

    # ---- what is made ----

    def make_sr(self, type_="file", config=None, content="user"):
        return self.api.SR.create(self.host, config or {}, 0, self.name("SR"), "", type_, content, False, {})

    @property
    def sr(self):
        """An SR of files, plugged."""
        return self.keep("sr", self.make_sr)

    @property
    def iso_sr(self):
        def make():
            path = os.path.join(self.manager.directory, "images", f"iso-{self.number()}")
            os.makedirs(path, exist_ok=True)
            with open(os.path.join(path, "disc.iso"), "wb") as iso:
                iso.write(bytes(16 * 2048) + b"\x01CD001\x01" + bytes(2041) + bytes(2048))
            return self.make_sr("iso", {"location": path}, "iso")
        return self.keep("iso_sr", make)

    @property
    def iso(self):
        return self.keep("iso", lambda: self.api.SR.get_VDIs(self.iso_sr)[0])

    def pbd(self, sr=None):
        return self.api.SR.get_PBDs(sr or self.sr)[0]

    def vdi(self, size=4 * MIB, **fields):
        return self.api.VDI.create({"name_label": self.name("VDI"), "name_description": "", "SR": self.sr,
                                    "virtual_size": size, "type": "user", "sharable": False, "read_only": False,
                                    "other_config": {}, **fields})

    def vm_template(self):
        return self.api.VM.clone(self.template, self.name("template"))

    def vm(self):
        """A halted VM without devices."""
        vm = self.vm_template()
        self.api.VM.provision(vm)
        return vm

    def started(self, vm=None, paused=False):
        vm = vm or self.vm()
        self.api.VM.start(vm, paused, False)
        return vm

    def stop_all(self):
        """No VM is on after it."""
        for vm, record in self.api.VM.get_all_records().items():
            if not record["is_control_domain"] and record["power_state"] in ("Running", "Paused"):
                self.api.VM.hard_shutdown(vm)

    def vbd(self, vm=None, vdi=None, **fields):
        vm = vm or self.vm()
        return self.api.VBD.create({"VM": vm, "VDI": self.vdi() if vdi is None else vdi,
                                    "userdevice": self.api.VM.get_allowed_VBD_devices(vm)[0], "bootable": False,
                                    "mode": "RW", "type": "Disk", "unpluggable": True, "empty": False,
                                    "other_config": {}, "qos_algorithm_type": "", "qos_algorithm_params": {}, **fields})

    def cd(self, vm=None):
        """An empty CD drive."""
        return self.vbd(vm, NULL_REF, type="CD", mode="RO", empty=True)

    def network(self):
        return self.api.network.create({"name_label": self.name("network"), "name_description": "", "MTU": 1500,
                                        "other_config": {}, "tags": [], "bridge": "", "managed": True})

    def vif(self, vm=None, network=None):
        vm = vm or self.vm()
        return self.api.VIF.create({"device": self.api.VM.get_allowed_VIF_devices(vm)[0],
                                    "network": network or self.network(), "VM": vm, "MAC": "", "MTU": 1500,
                                    "other_config": {}, "qos_algorithm_type": "", "qos_algorithm_params": {}})

    def snapshot(self, vm=None):
        return self.api.VM.snapshot(vm or self.vm(), self.name("snapshot"))

    def pif(self, **fields):
        """A card that was told, not found."""
        given = {"device": self.name("eth").replace(" ", ""), "network": self.network(), "host": self.host,
                 "MAC": "52:54:00:bb:00:01", "MTU": 1500, "VLAN": -1, "physical": True,
                 "ip_configuration_mode": "None", "IP": "", "netmask": "", "gateway": "", "DNS": "",
                 "bond_slave_of": NULL_REF, "VLAN_master_of": NULL_REF, "management": False, "other_config": {},
                 **fields}
        return self.api.PIF.db_introduce(*given.values())

    def message(self):
        return self.api.message.create(self.name("MESSAGE"), 3, "Pool", self.api.pool.get_uuid(self.pool), "body")

    def blob(self):
        return self.api.blob.create("text/plain", True)

    def schedule(self, **fields):
        return self.api.VMSS.create({"name_label": self.name("schedule"), "name_description": "", "type": "snapshot",
                                     "frequency": "hourly", **fields})

    def appliance(self, vms=1):
        """(the appliance, its VMs)"""
        appliance = self.api.VM_appliance.create({"name_label": self.name("appliance"), "name_description": ""})
        made = [self.vm() for _ in range(vms)]
        for vm in made:
            self.api.VM.set_appliance(vm, appliance)
        return appliance, made

    def task(self):
        return self.api.task.create(self.name("task"), "made by a test")

    def create(self, cls):
        """An object by the generated constructor, every field given."""
        return self.api.call(f"{cls}.create", self.record(cls))

    # ---- an object of any class ----

    FRESH = {"VM": vm, "VDI": vdi, "VBD": vbd, "VIF": vif, "network": network, "task": task, "SR": make_sr,
             "message": message, "blob": blob, "VMSS": schedule,
             "PIF": pif, "PBD": lambda self: self.pbd(self.make_sr())}

    def fresh(self, cls):
        """An object that nothing else uses, as far as one can be made."""
        make = self.FRESH.get(cls)
        if make:
            return make(self)
        if f"{cls}.create" in MODEL.messages and MODEL.messages[f"{cls}.create"].kind == "create":
            return self.create(cls)
        return self.some(cls)

    def some(self, cls):
        """Any object of the class, or None."""
        if cls == "session":
            return self.api.session
        if cls in self.seeded:
            return self.seeded[cls]
        if cls == "task":
            return self.keep("task", self.task)
        if cls == "user":
            return self.api.call("session.get_this_user", self.api.session)
        if f"{cls}.get_all" not in MODEL.messages or MODEL.messages[f"{cls}.get_all"].removed:
            return None
        found = self.api.call(f"{cls}.get_all")
        return found[0] if found else None

    # ---- values ----

    def value(self, kind, salt=0, ref=None):
        """A value of a type; another one for another salt.  'ref' finds an object of a class; None: some()."""
        if kind.kind == "enum":
            values = MODEL.enums[kind.name]
            return values[salt % len(values)]
        if kind.kind == "ref":
            return (ref or self.some)(kind.name) or NULL_REF
        if kind.kind == "set":
            return [self.value(kind.of, salt, ref)]
        if kind.kind == "option":
            return self.value(kind.of, salt, ref)
        if kind.kind == "map":
            return {self.value(kind.key, salt, ref): self.value(kind.of, salt, ref)}
        if kind.kind == "record":
            return self.record(kind.name, salt) if MODEL.in_database(kind.name) else {}
        return {"string": f"walk <&> ü {salt}", "int": 7 + salt, "float": 0.5 + salt, "bool": salt % 2 == 0,
                "datetime": f"2026010{1 + salt % 9}T03:04:05Z"}[kind.kind]

    def record(self, cls, salt=0):
        """What a constructor takes."""
        return {name: VALUES.get(f"{cls}.{name}", [None])[0] or self.value(field.type, salt)
                for name, field in MODEL.fields[cls].items()
                if field.public and field.qualifier in ("rw", "static") and name != "uuid"
                and field.state != "removed" and not field.link.startswith("from")}


def log_in_as(manager, encoding):
    return World(manager, manager.client(encoding))


__all__ = ["World", "Failure", "Xml", "NULL_REF", "DEAD_REF", "DEAD_UUID", "MIB", "log_in_as"]
