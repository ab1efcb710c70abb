# SPDX-License-Identifier: GPL-2.0-or-later
"""How fast XML-RPC is read and written in one process: bench/wire_speed.c."""
import json
import os
import subprocess

import xenapi
from http_race import Question
from measure import Sample, ratio

METHOD = "VM.get_all_records"


def cases(bench, build, rounds):
    subprocess.run(["ninja", "-C", build, "--quiet", "bench/wire-speed"], check=True, stdout=subprocess.DEVNULL)
    paths = []
    for encoding in (xenapi.Xml, xenapi.Json):
        question = Question(bench, f"wire-{encoding.name}", encoding, METHOD)
        paths.append(os.path.join(bench.directory, f"answer.{encoding.name}"))
        with open(paths[-1], "wb") as file:
            file.write(question.answer)
    done = subprocess.run([os.path.join(build, "bench", "wire-speed"), METHOD, *paths, str(3 * rounds)], check=True,
                          stdout=subprocess.PIPE)
    turns = [json.loads(line) for line in done.stdout.splitlines()]
    size = os.path.getsize(paths[0])
    for case, peer, ours, theirs, key in (("wire-read", "expat, empty handlers", "read", "expat", "read_mb_s"),
                                          ("wire-write", "memcpy", "written", "copied", "write_mb_s")):
        a, b = Sample(t[ours] for t in turns), Sample(t[theirs] for t in turns)
        yield case, peer, size, {key: {"ours": a, "peer": b, "ratio": ratio(a, b)}}
