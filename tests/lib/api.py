# SPDX-License-Identifier: GPL-2.0-or-later
"""What tests of the API's behaviour share: a manager for each claim, a client that waits and makes things."""
import contextlib
import os
import sys
import time

import tap
import xenapi
from manager import Manager
from pipe import PipeManager
from xenapi import Failure, NULL_REF  # pylint: disable=unused-import

MIB = 1 << 20
NULL = NULL_REF


class Api(xenapi.Client):
    """A session: api.VM.get_all() and so on; api.manager is the manager it talks to."""

    manager = None

    def run_async(self, name, *args):
        """The record of the task of an asynchronous call, once it ended."""
        return self.wait_task(self.start_async(name, *args))

    # waiting

    def wait_for(self, what, condition, seconds=60):
        """What 'condition' gives once it is true; looked at again after each change."""
        deadline, token = time.monotonic() + seconds, ""
        while time.monotonic() < deadline:
            found = condition()
            if found:
                return found
            token = self.call("event.from", ["*"], token, 1.0)["token"]
        raise AssertionError(f"no {what} within {seconds} s")

    def wait_task(self, task):
        """The task's record once it ended."""
        self.wait_for(f"end of task {task}", lambda: self.task.get_status(task) != "pending")
        return self.task.get_record(task)

    # the usual objects

    def this_host(self):
        return self.host.get_all()[0]

    def this_pool(self):
        return self.pool.get_all()[0]

    def make_vm(self, **fields):
        return self.VM.create(vm_record(**fields))

    def make_sr(self, **config):
        """A plugged SR of files."""
        self.wait_for("storage types", lambda: "file" in [r["type"] for r in self.SM.get_all_records().values()])
        return self.SR.create(self.this_host(), config, 0, "files", "", "file", "user", False, {})

    def make_vdi(self, sr, size=16 * MIB, **fields):
        return self.VDI.create({"name_label": "disk", "name_description": "", "SR": sr, "virtual_size": size,
                                "type": "user", "sharable": False, "read_only": False, "other_config": {},
                                **fields})

    def make_vbd(self, vm, vdi, device="autodetect", **fields):
        return self.VBD.create({"VM": vm, "VDI": vdi, "userdevice": device, "bootable": False, "mode": "RW",
                                "type": "Disk", "unpluggable": True, "empty": False, "other_config": {},
                                "qos_algorithm_type": "", "qos_algorithm_params": {}, **fields})

    def make_network(self, **fields):
        return self.network.create({"name_label": "net", "name_description": "", "other_config": {}, **fields})

    def make_vif(self, vm, network=None, device="0", **fields):
        return self.VIF.create({"device": device, "network": network or self.network.get_all()[0], "VM": vm,
                                "MAC": "", "MTU": 1500, "other_config": {}, "qos_algorithm_type": "",
                                "qos_algorithm_params": {}, **fields})


def vm_record(**fields):
    """Arguments of VM.create for a small HVM guest, changed by 'fields'."""
    return {
        "name_label": "vm", "name_description": "", "user_version": 1, "is_a_template": False,
        "affinity": NULL, "memory_static_max": 64 * MIB, "memory_dynamic_max": 64 * MIB,
        "memory_dynamic_min": 64 * MIB, "memory_static_min": 16 * MIB, "VCPUs_params": {}, "VCPUs_max": 1,
        "VCPUs_at_startup": 1, "actions_after_shutdown": "destroy", "actions_after_reboot": "restart",
        "actions_after_crash": "restart", "PV_bootloader": "", "PV_kernel": "", "PV_ramdisk": "", "PV_args": "",
        "PV_bootloader_args": "", "PV_legacy_args": "", "HVM_boot_policy": "BIOS order", "HVM_boot_params": {},
        "platform": {}, "PCI_bus": "", "other_config": {}, "last_boot_CPU_flags": {}, "last_booted_record": "",
        "recommendations": "", "ha_always_run": False, "ha_restart_priority": "", "blocked_operations": {},
        "protection_policy": NULL, "is_snapshot_from_vmpp": False, "appliance": NULL, "start_delay": 0,
        "shutdown_delay": 0, "order": 0, "suspend_SR": NULL, "version": 0, "generation_id": "",
        "hardware_platform_version": 0, "has_vendor_device": False, "reference_label": "", **fields}


def refused(code, function, *params):
    """The failure's parameters; its code must be that one."""
    try:
        result = function(*params)
    except Failure as failure:
        tap.equal(failure.code, code, str(failure))
        return failure.params
    raise AssertionError(f"the answer was {result!r} where {code} was due")


def login(manager):
    api = Api(manager.door("unix"))
    manager.clients.append(api)
    api.manager = manager
    return api.login("root", "any: who comes by the Unix socket as root is root")


def restart(api):
    """A new session after latchkeyd ended and was started again."""
    api.manager.restart()
    return login(api.manager)


def main(needs=(), stepped=False, prepare=None, agent_args=None):
    """Runs the claims, each with a manager of its own.

    'prepare' makes in its folder what the agents find; 'agent_args' tell them ("{directory}" is that folder).

    'needs' are agents without which there is nothing to claim.  'stepped': what runs by the clock runs when the
    test says so (api.manager.run_due), in a manager without sockets."""
    if len(sys.argv) != 3:
        sys.exit(f"usage: {sys.argv[0]} FOLDER-OF-DAEMONS PATH-OF-MANAGER-PIPE")
    programs, pipe = (os.path.abspath(argument) for argument in sys.argv[1:])
    for name in needs:
        if not os.path.exists(os.path.join(programs, f"lk-{name}")):
            tap.skip_all(f"lk-{name} is not built")

    @contextlib.contextmanager
    def setup(directory):
        if prepare:
            prepare(directory)
        made = (PipeManager(directory, programs, pipe, agent_args) if stepped else
                Manager(directory, programs, agent_args=agent_args))
        with made as manager:
            yield login(manager)
            tap.equal(manager.stop(), 0, "the manager's exit status")

    sys.exit(tap.run(setup))
