# SPDX-License-Identifier: GPL-2.0-or-later
"""A viewer of consoles: what a server answers at "/console", then its bytes, raw or in a WebSocket."""
import base64
import hashlib
import os
import socket
import ssl
import struct

DEADLINE = 60
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
BINARY, CLOSE, PING, PONG = 2, 8, 9, 10


def connect(address, ca_file=None):
    """A socket to https://HOST:PORT, http://HOST:PORT or unix:PATH."""
    scheme, _, rest = address.partition(":")
    if scheme == "unix":
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        sock.settimeout(DEADLINE)
        sock.connect(rest)
        return sock
    host, _, port = rest.strip("/").rpartition(":")
    sock = socket.create_connection((host, int(port)), DEADLINE)
    if scheme == "http":
        return sock
    context = ssl.create_default_context(cafile=ca_file)
    context.check_hostname = False
    return context.wrap_socket(sock)


class Console:
    """One connection; 'status' and 'fields' are those of the answer."""

    def __init__(self, sock, method, path, ahead=b"", version="1.1", **headers):
        self.sock, self.got = sock, b""
        fields = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        sock.sendall(f"{method} {path} HTTP/{version}\r\nHost: server\r\n{fields}\r\n".encode() + ahead)
        lines = self.until(b"\r\n\r\n").decode().split("\r\n")
        self.status = int(lines[0].split()[1])
        self.fields = dict(line.lower().split(": ", 1) for line in lines[1:] if line)
        self.raw_fields = dict(line.split(": ", 1) for line in lines[1:] if line)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.sock.close()

    def more(self):
        """False at the end of the stream."""
        piece = self.sock.recv(65536)
        self.got += piece
        return bool(piece)

    def until(self, mark):
        """All up to and with 'mark'."""
        while mark not in self.got:
            if not self.more():
                raise EOFError(f"the stream ended before {mark!r}: {self.got!r}")
        end = self.got.index(mark) + len(mark)
        taken, self.got = self.got[:end], self.got[end:]
        return taken

    def exactly(self, size):
        while len(self.got) < size:
            if not self.more():
                raise EOFError(f"the stream ended before {size} bytes: {self.got!r}")
        taken, self.got = self.got[:size], self.got[size:]
        return taken

    def rest(self):
        while self.more():
            pass
        return self.got

    def write(self, data):
        self.sock.sendall(data)


class WebConsole(Console):
    """The same bytes in frames, by a client as strict as the standard."""

    def __init__(self, sock, path, protocol="binary", **headers):
        key = base64.b64encode(os.urandom(16))
        if protocol:
            headers["Sec_WebSocket_Protocol"] = protocol
        headers = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec_WebSocket_Version": "13",
                   "Sec_WebSocket_Key": key.decode(), **headers}
        self.frames = False
        super().__init__(sock, "GET", path, **headers)
        if self.status != 101:
            return
        wanted = base64.b64encode(hashlib.sha1(key + GUID).digest()).decode()
        if self.raw_fields.get("Sec-WebSocket-Accept") != wanted or self.fields["upgrade"] != "websocket" or \
                self.fields.get("sec-websocket-protocol") != (protocol and "binary"):
            raise ValueError(f"no WebSocket: {self.raw_fields}")
        self.frames, self.raw, self.got = True, self.got, b""
        self.closed = None

    def raw_exactly(self, size):
        while len(self.raw) < size:
            piece = self.sock.recv(65536)
            if not piece:
                raise EOFError(f"the stream ended within a frame: {self.raw!r}")
            self.raw += piece
        taken, self.raw = self.raw[:size], self.raw[size:]
        return taken

    def frame(self):
        """(opcode, payload) of the next frame."""
        first, second = self.raw_exactly(2)
        if not first & 0x80 or second & 0x80:
            raise ValueError("a part of a message, or a masked frame, from a server")
        size = second
        if second == 126:
            size, = struct.unpack(">H", self.raw_exactly(2))
        elif second == 127:
            size, = struct.unpack(">Q", self.raw_exactly(8))
        return first & 15, self.raw_exactly(size)

    def more(self):
        if not self.frames:
            return super().more()
        while self.closed is None:
            opcode, payload = self.frame()
            if opcode == PING:
                self.send(PONG, payload)
            elif opcode == CLOSE:
                self.closed = struct.unpack(">H", payload[:2])[0] if payload else 0
            elif opcode == BINARY:
                self.got += payload
                return True
            else:
                raise ValueError(f"an unexpected frame: {opcode}")
        return False

    def send(self, opcode, payload):
        mask, size = os.urandom(4), len(payload)
        head = bytes([0x80 | opcode, 0x80 | (size if size < 126 else 126)])
        if size >= 126:
            head += struct.pack(">H", size)
        self.sock.sendall(head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload)))

    def write(self, data):
        for at in range(0, len(data), 60000):
            self.send(BINARY, data[at:at + 60000])
