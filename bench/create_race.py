# SPDX-License-Identifier: GPL-2.0-or-later
"""What a change that survives a power cut costs: VM.create beside one append of 4 KiB and fdatasync on the same disk."""
import os
import time

import xenapi
from http_race import HttpBench, Question, bench_record, pairs
from measure import Sample, take_turns

BLOCK = b"\7" * 4096


class Appender:
    """Appends to a file in 'directory' for some seconds, as often as the disk lets it."""

    def __init__(self, directory):
        self.path = os.path.join(directory, "appended")

    def run(self, seconds):
        times, cpu = [], time.process_time()
        fd = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            end = time.perf_counter() + seconds
            while not times or time.perf_counter() < end:
                start = time.perf_counter()
                os.write(fd, BLOCK)
                os.fdatasync(fd)
                times.append((time.perf_counter() - start) * 1e6)
        finally:
            os.close(fd)
        times.sort()
        return {"rate": len(times) / seconds, "p50_us": times[len(times) // 2], "p99_us": times[len(times) * 99 // 100],
                "cpu_us": (time.process_time() - cpu) * 1e6 / len(times)}


def cases(directory, build, rounds, seconds):
    """Yields (case, peer, bytes, figures)."""
    os.mkdir(directory)
    with HttpBench(directory, build) as bench:
        question = Question(bench, "create", xenapi.Json, "VM.create", bench_record(0))
        url = f"http://{bench.address('http')}{xenapi.Json.path}"
        appender = Appender(bench.manager.state)
        for connections in (1, 16):
            yield (f"create-{connections}", "append + fdatasync", len(question.body), pairs(*take_turns(
                rounds, lambda n=connections: question.wrk(url, bench.pid, n, seconds), lambda: appender.run(seconds))))
        yield "destroy-1", "append + fdatasync", 0, destroy(bench, appender, rounds)


def destroy(bench, appender, rounds):
    """VM.destroy, one after the other."""
    client = bench.client(xenapi.Json)
    vms = client.VM.get_all()

    def ours():
        times = []
        for _ in range(200):
            vm = vms.pop()
            start = time.perf_counter()
            client.VM.destroy(vm)
            times.append((time.perf_counter() - start) * 1e6)
        return {"p50_us": Sample(times).median}

    return pairs(*take_turns(rounds, ours, lambda: appender.run(0.2)))
