# SPDX-License-Identifier: GPL-2.0-or-later
"""What is wanted of the figures (docs/design/performance.md): each goal is one number of one figure."""

# case, figure, which number, the limit, whether it is the least or the most that will do
GOALS = [
    ("vm-start", "over_ms", "ours", 15, "most"),
    ("vm-start", "stop_ms", "ours", 20, "most"),
    *[goal for encoding in ("json", "xml") for goal in (
        (f"getter-{encoding}-http-16", "rate", "ratio", 0.6, "least"),
        (f"getter-{encoding}-http-16", "cpu_us", "ratio", 1.5, "most"),
        (f"getter-{encoding}-https-16", "cpu_us", "ratio", 1.5, "most"))],
    *[goal for n in (1000, 10000) for goal in (
        (f"records-json-{n}", "fetch_ms", "ratio", 1.5, "most"),
        (f"records-xml-{n}", "fetch_ms", "ratio", 4, "most"))],
    ("create-1", "p50_us", "ratio", 2, "most"),
    ("create-16", "rate", "ours", 3000, "least"),
    *[goal for n in (10, 10000) for kind in ("durable", "volatile") for goal in (
        (f"event-{kind}-1-of-{n}", "last_ms", "ours", 0.5, "most"),
        (f"event-{kind}-100-of-{n}", "last_ms", "ours", 3, "most"))],
    ("memory-10000", "rss_mb", "ours", 80, "most"),
    ("idle", "wakes_latchkeyd", "ours", 0, "most"),
    ("wire-read", "read_mb_s", "ours", 500, "least"),
    ("wire-write", "write_mb_s", "ours", 1000, "least"),
]


def print_all(results):
    """The goals of the cases that ran."""
    figures = {(case, key): figure for case, _, _, all_of_it in results for key, figure in all_of_it.items()}
    print(f"\n{'goal':34} {'figure':16} {'wanted':>16} {'is':>10}")
    for case, key, which, limit, will_do in GOALS:
        figure = figures.get((case, key))
        if figure is None:
            continue
        value = figure[which].median
        met = value <= limit if will_do == "most" else value >= limit
        print(f"{case:34} {key:16} {'at ' + will_do + ' ' + str(limit) + (' x' if which == 'ratio' else ''):>16} {value:10.3g} "
              f"{'met' if met else 'MISSED' + (f' by {abs(value / limit - 1):.0%}' if limit else '')}")
