# SPDX-License-Identifier: GPL-2.0-or-later
"""Talks to an agent (docs/design/agent-protocol.md), and starts and ends one for a test."""
import array
import json
import os
import select
import signal
import socket
import struct
import subprocess
import time

BYTE_FDS = 250  # FRAME_BYTE_FDS
DEADLINE = 60  # seconds; sanitizers on a busy machine are slow


class AgentError(Exception):
    """An error answer: XenAPI's code, its parameters, and the sentence for the log."""

    def __init__(self, error):
        super().__init__(f"{error['message']} {error.get('data')}: {error.get('sentence')}")
        self.code = error["message"]
        self.params = error.get("data", [])
        self.sentence = error.get("sentence", "")


class AgentGone(Exception):
    """The connection ended before the answer came."""


class Agent:
    """A connection.  Descriptors that come in belong to the caller."""

    def __init__(self, path, timeout=DEADLINE):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(timeout)
        self.socket.connect(path)
        self.next_id = 1
        self.answers = {}  # by id: (message, descriptors)
        self.notices = []  # (name, params) that came meanwhile

    def close(self):
        self.socket.close()

    def send(self, method, params=None, fds=()):
        """Sends a request and returns its id."""
        request = {"jsonrpc": "2.0", "id": self.next_id, "method": method, "params": params or {}}
        self.next_id += 1
        self.send_bytes(json.dumps(request).encode(), fds)
        return request["id"]

    def send_bytes(self, data, fds=()):
        frame = struct.pack(">I", len(data)) + data
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))] if fds else []
        sent = self.socket.sendmsg([frame], rights)
        self.socket.sendall(frame[sent:])

    def receive(self):
        """One frame: (message, descriptors)."""
        fds, head = array.array("i"), b""
        while len(head) < 4:
            more, rights, _, _ = self.socket.recvmsg(4 - len(head), socket.CMSG_SPACE(BYTE_FDS * fds.itemsize),
                                                     socket.MSG_CMSG_CLOEXEC)
            for level, kind, data in rights:
                if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                    fds.frombytes(data[:len(data) - len(data) % fds.itemsize])
            if not more:
                raise AgentGone("the agent closed the connection")
            head += more
        return json.loads(self._exactly(struct.unpack(">I", head)[0])), list(fds)

    def _exactly(self, size):
        data = b""
        while len(data) < size:
            more = self.socket.recv(size - len(data))
            if not more:
                raise AgentGone("the agent closed the connection")
            data += more
        return data

    def answer(self, request_id):
        """Waits for the answer to a request: (result, descriptors), or AgentError."""
        while request_id not in self.answers:
            message, fds = self.receive()
            if "id" in message:
                self.answers[message["id"]] = message, fds
            else:
                self.notices.append((message["method"], message["params"]))
        message, fds = self.answers.pop(request_id)
        if "error" in message:
            raise AgentError(message["error"])
        return message.get("result"), fds

    def call_fds(self, method, params=None, fds=()):
        return self.answer(self.send(method, params, fds))

    def call(self, method, fds=(), **params):
        """The result of a call that answers no descriptors."""
        result, came = self.call_fds(method, params, fds)
        for fd in came:
            os.close(fd)
        return result

    def poll(self):
        """Takes in what has come already."""
        while select.select([self.socket], [], [], 0)[0]:
            message, fds = self.receive()
            if "id" in message:
                self.answers[message["id"]] = message, fds
            else:
                self.notices.append((message["method"], message["params"]))

    def notice(self, name, timeout=DEADLINE):
        """The parameters of the next notification of that name."""
        return self.any_notice(name, timeout=timeout)

    def any_notice(self, *names, timeout=DEADLINE):
        """The same of the next with one of these names."""
        end = time.monotonic() + timeout
        while True:
            for i, (got, params) in enumerate(self.notices):
                if got in names:
                    del self.notices[i]
                    return params
            self.socket.settimeout(max(0.01, end - time.monotonic()))
            message, fds = self.receive()
            if "id" in message:
                self.answers[message["id"]] = message, fds
            else:
                self.notices.append((message["method"], message["params"]))


class Daemon:
    """An agent's process in directories of its own; use it in a 'with'."""

    def __init__(self, argv, socket_path, log_path, env=None):
        self.argv, self.socket_path, self.log_path = argv, socket_path, log_path
        self.env = env or {}
        self.process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exception):
        self.stop()

    def start(self, **env):
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(self.argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env={**os.environ, **self.env, **env})
        return self

    def connect(self):
        """A new connection, as soon as the agent listens."""
        end = time.monotonic() + DEADLINE
        while True:
            try:
                return Agent(self.socket_path)
            except (FileNotFoundError, ConnectionRefusedError):
                if self.process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(f"{self.argv[0]} does not listen; its log:\n{self.log()}") from None
                time.sleep(0.01)

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            return log.read()

    def kill(self):
        """As a crash would end it."""
        self.process.send_signal(signal.SIGKILL)
        self.wait()

    def wait(self):
        """Its exit status, once it ended by itself."""
        return self.process.wait(DEADLINE)

    def stop(self):
        """Its exit status after SIGTERM."""
        if self.process.poll() is None:
            self.process.terminate()
        return self.wait()


def refused(code, function, *arguments, **parameters):
    """The error, which must have that code."""
    try:
        function(*arguments, **parameters)
    except AgentError as error:
        if error.code != code:
            raise AssertionError(f"{error}, wanted {code}") from None
        return error
    raise AssertionError(f"succeeded where {code} was due")
