# SPDX-License-Identifier: GPL-2.0-or-later
"""Figures: medians with their spread, processor time of processes, ratios of runs that took turns."""
import statistics
import time


def cpu_seconds(pid):
    """Processor time of a process so far, all of its threads, in the kernel's nanoseconds."""
    return time.clock_gettime((~pid << 3) | 2)


class Sample:
    """One figure measured several times."""

    def __init__(self, values):
        self.values = list(values)

    @property
    def median(self):
        return statistics.median(self.values)

    def to_json(self):
        return {"median": rounded(self.median), "min": rounded(min(self.values)), "max": rounded(max(self.values)),
                "n": len(self.values)}

    def __str__(self):
        return f"{short(self.median)} ({short(min(self.values))} to {short(max(self.values))})"


def ratio(ours, peers):
    """Of runs that took turns: pair by pair, so that a machine that slows down meanwhile does not matter."""
    return Sample(a / b for a, b in zip(ours.values, peers.values))


def rounded(value):
    return float(f"{value:.4g}")


def short(value):
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def take_turns(rounds, *runs):
    """Runs each function in turn, 'rounds' times after one round that does not count: a list of results for each."""
    results = [[] for _ in runs]
    for number in range(rounds + 1):
        for run, into in zip(runs, results):
            result = run()
            if number > 0:
                into.append(result)
    return results
