# SPDX-License-Identifier: GPL-2.0-or-later
"""Many requests one behind the other over one plain connection: for tests that ask a hundred thousand things."""
import socket

DEADLINE = 60
AT_ONCE = 200


class Pipeline:
    def __init__(self, address):
        """'address' is http://HOST:PORT"""
        host, _, port = address.partition(":")[2].strip("/").rpartition(":")
        self.socket = socket.create_connection((host, int(port)), DEADLINE)
        self.input = self.socket.makefile("rb", 1 << 20)
        self.asked = 0

    def close(self):
        self.input.close()
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def ask(self, requests):
        """The bodies of the answers to (path, body) in turn; each answered with 200."""
        answers = []
        for at in range(0, len(requests), AT_ONCE):
            some = requests[at:at + AT_ONCE]
            self.socket.sendall(b"".join(
                b"POST %b HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b" % (path, len(body), body)
                for path, body in some))
            answers += [self.read() for _ in some]
        self.asked += len(requests)
        return answers

    def read(self):
        status = self.input.readline()
        if not status.startswith(b"HTTP/1.1 200 "):
            raise RuntimeError(f"answered {status!r}")
        size = None
        while True:
            line = self.input.readline()
            if line in (b"\r\n", b""):
                break
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                size = int(value)
        if size is not None:
            return self.input.read(size)
        body = b""
        while True:
            size = int(self.input.readline(), 16)
            body += self.input.read(size)
            self.input.readline()
            if size == 0:
                return body
