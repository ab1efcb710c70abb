# SPDX-License-Identifier: GPL-2.0-or-later
"""Tests that speak TAP: functions under @claim("what holds") run in order, each with what
'setup' yields; Skip("reason") in one skips it."""
import os
import shutil
import sys
import tempfile
import traceback

CLAIMS = []


class Skip(Exception):
    pass


def claim(text):
    def add(function):
        CLAIMS.append((text, function))
        return function
    return add


def skip_all(reason):
    """For the whole program: what it needs is not here."""
    print(f"1..0 # SKIP {reason}")
    sys.exit(0)


def run(setup):
    """Runs every claim with a fresh context manager 'setup(directory)'."""
    failed = 0
    print(f"1..{len(CLAIMS)}", flush=True)
    for number, (text, function) in enumerate(CLAIMS, 1):
        directory = tempfile.mkdtemp(prefix="latchkey-test-")
        try:
            with setup(directory) as context:
                function(context)
            print(f"ok {number} - {text}", flush=True)
        except Skip as reason:
            print(f"ok {number} - {text} # SKIP {reason}", flush=True)
        except Exception:  # the next claim runs whatever this one met
            failed += 1
            print(f"not ok {number} - {text}", flush=True)
            for line in traceback.format_exc().splitlines():
                print(f"# {line}", flush=True)
            log = os.path.join(directory, "log")
            if os.path.exists(log):
                with open(log, encoding="utf-8", errors="replace") as lines:
                    for line in lines.readlines()[-40:]:
                        print(f"# log: {line.rstrip()}", flush=True)
        finally:
            shutil.rmtree(directory, ignore_errors=True)
    return 1 if failed else 0


def equal(got, wanted, what=""):
    if got != wanted:
        raise AssertionError(f"{what or 'value'}: {got!r}, wanted {wanted!r}")


def check(condition, what):
    if not condition:
        raise AssertionError(what)
