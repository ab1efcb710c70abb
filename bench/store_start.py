# SPDX-License-Identifier: GPL-2.0-or-later
"""How long the manager takes to be ready with N_VMS virtual machines (each with a disk drive and an interface) in its database,
beside SQLite alone reading every row of the same file."""
import os
import subprocess
import sys
import time

from api import Api, vm_record
from manager import Manager
from measure import Sample, cpu_seconds, ratio, take_turns

N_VMS = 10000
READ_ALL = """
import sqlite3, sys
db = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
for (table,) in db.execute("select name from sqlite_master where type = 'table'").fetchall():
    for row in db.execute("select * from " + table):
        pass
"""


def fill(manager):
    api = Api(manager.door("https"))
    manager.clients.append(api)
    api.login("root", "hunter2")
    network = api.network.get_all()[0]
    for number in range(N_VMS):
        vm = api.VM.create(vm_record(name_label=f"bench-{number:05}"))
        api.VBD.create({"VM": vm, "VDI": "OpaqueRef:NULL", "userdevice": "3", "bootable": False, "mode": "RO", "type": "CD",
                        "unpluggable": True, "empty": True, "other_config": {}, "qos_algorithm_type": "",
                        "qos_algorithm_params": {}})
        api.make_vif(vm, network)


def race(directory, programs, rounds):
    """Figures: seconds and processor time from the start of the process to its being ready."""
    with Manager(directory, programs, agents=False) as manager:
        fill(manager)
        path = os.path.join(manager.state, "db.sqlite")
        manager.stop()

        def ours():
            start = time.perf_counter()
            manager.start()
            figures = time.perf_counter() - start, cpu_seconds(manager.daemon.process.pid)
            manager.stop()
            return figures

        def peer():
            start, before = time.perf_counter(), os.times()
            subprocess.run([sys.executable, "-c", READ_ALL, path], check=True)
            after = os.times()
            return (time.perf_counter() - start,
                    after.children_user + after.children_system - before.children_user - before.children_system)

        runs = take_turns(rounds, ours, peer)
    result = {}
    for i, key in enumerate(("ready_ms", "ready_cpu_ms")):
        mine, theirs = (Sample(run[i] * 1000 for run in turn) for turn in runs)
        result[key] = {"ours": mine, "peer": theirs, "ratio": ratio(mine, theirs)}
    return result
