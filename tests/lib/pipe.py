# SPDX-License-Identifier: GPL-2.0-or-later
"""A manager without a socket (tests/api/manager-pipe.c), whose clock for what is due the test moves."""
import json
import queue
import subprocess
import threading

import xenapi
from manager import DEADLINE, Manager, Program


class PipeProgram(Program):
    def start(self):
        with open(self.log_path, "ab") as log:
            self.log_start = log.tell()
            self.process = subprocess.Popen(self.argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log)

    def stop(self, with_signal=None):
        """The end of its input ends it."""
        self.process.stdin.close()
        status = self.process.wait(DEADLINE)
        self.process = None
        return status


class PipeDoor:
    """In the place of xenapi.Door."""

    def __init__(self, manager):
        self.manager = manager

    def post(self, path, body, content_type, headers=None):
        return 200, self.manager.ask(json.loads(body))

    def close(self):
        pass


class PipeManager(Manager):
    def __init__(self, directory, programs, pipe, agent_args=None):
        super().__init__(directory, programs, agent_args=agent_args)
        self.daemon = PipeProgram("manager-pipe", [pipe, directory], self.daemon.log_path)
        self.lock = threading.Lock()
        self.waiting, self.done = {}, queue.Queue()
        self.last_id = 0

    def start(self):
        self.daemon.start()
        threading.Thread(target=self.read, args=[self.daemon.process.stdout], daemon=True).start()

    def read(self, answers):
        with answers:
            for line in answers:
                if line.startswith(b"!"):
                    self.done.put(line)
                    continue
                with self.lock:
                    where = self.waiting.pop(json.loads(line)["id"])
                where.put(line)
        with self.lock:
            for where in self.waiting.values():
                where.put(None)

    def send(self, text):
        self.daemon.process.stdin.write(text.encode() + b"\n")
        self.daemon.process.stdin.flush()

    def ask(self, question):
        """The line of the answer, with the question's own id."""
        where, own = queue.Queue(), question["id"]
        with self.lock:
            self.last_id += 1
            number = self.last_id
            self.waiting[number] = where
            self.send(json.dumps({**question, "id": number}))
        answer = where.get(timeout=DEADLINE)
        if answer is None:
            raise RuntimeError(f"the manager ended during {question['method']}; its log:\n{self.daemon.log()}")
        return json.dumps({**json.loads(answer), "id": own}).encode()

    def run_due(self, now):
        """Runs what is due by schedule at 'now' (seconds since 1970)."""
        with self.lock:
            self.send(f"!due {int(now)}")
        self.done.get(timeout=DEADLINE)

    def door(self, scheme="pipe", timeout=xenapi.DEADLINE):
        return PipeDoor(self)
