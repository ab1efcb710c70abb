# SPDX-License-Identifier: GPL-2.0-or-later
"""How often each daemon wakes up when nobody wants anything."""
import os
import time

from manager import Manager
from measure import Sample

SETTLED = 5  # seconds after start


def wake_ups(pid):
    """Of all of its threads so far."""
    n = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/status", encoding="ascii") as status:
            n += sum(int(line.split()[1]) for line in status if "voluntary_ctxt_switches" in line and line[0] == "v")
    return n


def figures(directory, programs, seconds=10):
    os.mkdir(directory)
    with Manager(directory, programs) as manager:
        time.sleep(SETTLED)
        before = {p.name: wake_ups(p.process.pid) for p in [manager.daemon, *manager.agents]}
        time.sleep(seconds)
        return {f"wakes_{p.name}": {"ours": Sample([wake_ups(p.process.pid) - before[p.name]])}
                for p in [manager.daemon, *manager.agents]}
