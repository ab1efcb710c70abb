# SPDX-License-Identifier: GPL-2.0-or-later
"""A client of the network block device protocol over a Unix socket: enough to be a guest's disk driver in tests."""
import socket
import struct

MAGIC_OPTION = 0x49484156454F5054
MAGIC_REPLY = 0x67446698
READ, WRITE, FLUSH, TRIM, ZERO = 0, 1, 3, 4, 6
NO_HOLE = 1 << 1


class NbdError(Exception):
    """The server refused a request, or is gone."""


class Nbd:
    """One connection; requests one after the other."""

    def __init__(self, path, export="disk", timeout=60):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(timeout)
        self.socket.connect(path)
        self.cookie = 0
        magic, option_magic, _flags = struct.unpack(">QQH", self._exactly(18))
        if (magic, option_magic) != (0x4E42444D41474943, MAGIC_OPTION):
            raise NbdError("no NBD server")
        name = export.encode()
        # Fixed newstyle without zeroes, NBD_OPT_EXPORT_NAME.
        self.socket.sendall(struct.pack(">IQII", 3, MAGIC_OPTION, 1, len(name)) + name)
        self.size, self.flags = struct.unpack(">QH", self._exactly(10))

    def close(self):
        self.socket.close()

    def _exactly(self, size):
        data = bytearray()
        while len(data) < size:
            more = self.socket.recv(size - len(data))
            if not more:
                raise NbdError("the server closed the connection")
            data += more
        return bytes(data)

    def _ask(self, kind, offset, length, flags=0, payload=b""):
        self.cookie += 1
        self.socket.sendall(struct.pack(">IHHQQI", 0x25609513, flags, kind, self.cookie, offset, length) + payload)
        magic, error, cookie = struct.unpack(">IIQ", self._exactly(16))
        if (magic, cookie) != (MAGIC_REPLY, self.cookie):
            raise NbdError("the answer is to no question of ours")
        if error:
            raise NbdError(f"request {kind} at {offset}, {length} bytes: error {error}")

    def read(self, offset, length):
        self._ask(READ, offset, length)
        return self._exactly(length)

    def write(self, offset, data):
        self._ask(WRITE, offset, len(data), payload=data)

    def zero(self, offset, length, may_unmap=True):
        self._ask(ZERO, offset, length, 0 if may_unmap else NO_HOLE)

    def trim(self, offset, length):
        self._ask(TRIM, offset, length)

    def flush(self):
        self._ask(FLUSH, 0, 0)
