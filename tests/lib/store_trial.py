# SPDX-License-Identifier: GPL-2.0-or-later
"""What tests/system/store-writer says, and whether a later life of the same database agrees with it.  What was said is
kept here, in a process whose memory no power cut of the database's disk reaches."""
import collections
import contextlib
import os
import re
import select
import sqlite3
import shutil
import subprocess
import tempfile
import threading
import time

KEPT, N_ACCOUNTS, START_AMOUNT = 12, 4, 1000  # as in store-writer.c
REF = re.compile(r"OpaqueRef:([a-z]+)-(\d+)-(\d+)$")


class Lost(Exception):
    """A confirmed commit is not there: how many, at least, or None where nothing can be read at all."""

    def __init__(self, what, n=None):
        super().__init__(what)
        self.n = n


class Life:
    """One process of store-writer: its words, in order."""

    def __init__(self, writer, database, since="-", synchronous="full", threads=6, env=None):
        self.token, self.events, self.rows, self.failed = None, {}, {}, {}
        self.n_refused = self.n_reads = 0
        self.done, self.n_done, self.newest, self.mark = {}, 0, "", None
        self.refusal, self.is_open, self.is_checked = None, False, False
        self.process = subprocess.Popen([writer, database, synchronous, str(threads), since], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, **(env or {})})
        self.rest, self.errors = b"", []
        # A pipe nobody reads would hold the writer up.
        self.drain = threading.Thread(target=lambda: self.errors.append(self.process.stderr.read()), daemon=True)
        self.drain.start()

    def hear(self, timeout):
        """Takes what was said meanwhile; False when it will say nothing more."""
        if not select.select([self.process.stdout], [], [], timeout)[0]:
            return True
        heard = os.read(self.process.stdout.fileno(), 1 << 16)
        *lines, self.rest = (self.rest + heard).split(b"\n")
        for line in lines:
            self._take(line.decode())
        return bool(heard)

    def hear_all(self):
        while self.hear(60):
            pass

    def wait(self, condition, seconds=120):
        """Until 'condition(life)' or the process' end."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if condition(self) or not self.hear(0.1):
                return
        raise AssertionError("the writer does not come to it")

    def _take(self, line):
        word, _, rest = line.partition(" ")
        if word == "done":
            thread, n, token = rest.split(" ")
            self.done[int(thread)] = int(n)
            self.n_done += 1
            self.newest = max(self.newest, token)
            if self.mark is None:
                self.mark = (token, int(thread), int(n))
        elif word == "row":
            cls, ref, value = (rest + " ").split(" ")[:3]
            if (cls, ref) in self.rows:
                raise Lost(f"two rows {ref}")
            self.rows[cls, ref] = value
        elif word == "event":
            kind, ref = rest.split(" ")
            self.events[ref] = kind
        elif word == "token":
            self.token = rest
        elif word == "go":
            self.is_open = True
        elif word == "failed":
            thread, n, code, sentence = rest.split(" ", 3)
            self.failed[int(thread)] = (int(n), code, sentence)
            self.n_refused += 1
        elif word == "read":
            self.n_reads += 1
        elif word == "refused":
            self.refusal = rest
        else:
            raise AssertionError(f"the writer says {line!r}")

    def end(self):
        """Its status, after all it said was heard."""
        if self.process.stdout.closed:
            return self.process.wait()
        if self.process.poll() is None:
            self.process.kill()
        self.hear_all()
        self.drain.join()
        self.process.stdout.close()
        self.process.stderr.close()
        return self.process.wait()

    def said_wrong(self):
        """What the program itself, or a sanitizer, complained of."""
        return b"".join(self.errors).decode(errors="replace")


class Book:
    """What was confirmed over all lives of one database."""

    def __init__(self, threads):
        self.done, self.threads = dict.fromkeys(range(threads), 0), threads
        self.newest, self.mark, self.run = "", None, 0
        self.total, self.is_made = 0, False

    def note(self, life):
        """After a life was cut off: what it confirmed counts, on top of what it found."""
        if life.is_open and not life.is_checked:
            self.check(life)
        for thread, n in life.done.items():
            if n < self.done[thread]:
                raise Lost(f"thread {thread} confirmed {n} after {self.done[thread]}", 1)
            self.done[thread] = n
        self.total += life.n_done
        self.newest = max(self.newest, life.newest)
        self.is_made |= life.is_open
        # Asked of the next life: the first token of this one, and who had come how far when it was given.
        self.mark = life.mark or self.mark

    def since(self):
        """What the next life is to be asked: a token, or "-"."""
        return self.mark[0] if self.mark else "-"

    def check(self, life):
        """A new life was opened: all that was confirmed is there, and nothing by halves."""
        life.is_checked = True
        if life.refusal or life.token is None:
            raise Lost(f"the database does not open: {life.refusal or life.said_wrong()}")
        found = collections.defaultdict(dict)
        for (cls, ref), value in life.rows.items():
            what, thread, n = REF.match(ref).groups()
            found[cls, what].setdefault(int(thread), {})[int(n)] = value
        if not self.is_made and not life.rows:
            return
        counters = {n: int(value) for n, value in found["VM_group", "counter"].get(0, {}).items()}
        self._check_counters(counters)
        self._check_pairs(counters, found)
        accounts = found["VM_group", "account"].get(0, {})
        if len(accounts) != N_ACCOUNTS or sum(map(int, accounts.values())) != N_ACCOUNTS * START_AMOUNT:
            raise Lost(f"half a transaction: the accounts hold {accounts}")
        self._check_tokens(life, counters)
        for thread, n in self.done.items():
            self.done[thread] = counters[thread]

    def _check_counters(self, counters):
        lost = {t: n - counters.get(t, 0) for t, n in self.done.items() if counters.get(t, 0) < n}
        if lost:
            raise Lost(f"confirmed and lost, by thread: {lost}", sum(lost.values()))
        more = {t: counters[t] - n for t, n in self.done.items() if counters[t] > n + 1}
        if more:
            raise Lost(f"there and never asked for, by thread: {more}")

    def _check_pairs(self, counters, found):
        for cls, what in (("VM_group", "group"), ("secret", "secret")):
            extra = set(found[cls, what]) - set(range(self.threads))
            if extra:
                raise Lost(f"what was never to be is there: {what} of {extra}")
            for thread in range(self.threads):
                there, n = found[cls, what].get(thread, {}), counters[thread]
                if set(there) != set(range(max(1, n - KEPT + 1), n + 1)) or set(there.values()) - {"right"}:
                    raise Lost(f"half a transaction: thread {thread} is at {n}, its rows {what} are {there}")

    def _check_tokens(self, life, counters):
        if not self.newest:
            return
        if not life.token > self.newest:
            raise Lost(f"the token went back from {self.newest} to {life.token}")
        run = int(life.token[21:27])
        if life.token[:6] != self.newest[:6] or not run > self.run:
            raise Lost(f"the run or epoch of {life.token} after {self.newest}, run {self.run}")
        self.run = run
        if not self.mark:
            return
        _, thread, seen = self.mark
        if "OpaqueRef:anchor-0-0" in life.events:
            raise Lost("a token of the run before ends in a resync")
        for n in range(max(1, counters[thread] - KEPT + 1), counters[thread] + 1):
            kind = life.events.get(f"OpaqueRef:group-{thread}-{n}")
            if kind != ("add" if n > seen else None):
                raise Lost(f"since {self.mark} group {n} is told as {kind}")
        if (life.events.get(f"OpaqueRef:counter-0-{thread}") == "mod") != (counters[thread] > seen):
            raise Lost(f"since {self.mark} the counter at {counters[thread]} is told as {life.events}")


def check_file(database):
    """SQLite's own look at a copy: the file below is whole."""
    with tempfile.TemporaryDirectory(prefix="latchkey-store-") as directory:
        copy = os.path.join(directory, "copy")
        for suffix in ("", "-wal"):
            with contextlib.suppress(FileNotFoundError):
                shutil.copy(database + suffix, copy + suffix)
        with contextlib.closing(sqlite3.connect(copy)) as connection:
            found = connection.execute("PRAGMA integrity_check").fetchall()
        if found != [("ok",)]:
            raise Lost(f"the file is damaged: {found[:3]}")
