# SPDX-License-Identifier: GPL-2.0-or-later
"""What a disk must hold: an array of bytes, and what a crash may make of the writes since its last flush."""

GRAIN = 512  # a crash leaves each of these as it was, or as one of the writes since made it
BLOCK = 1 << 16


class Content:
    """'now' is what a reader sees; 'safe' what the last flush kept, None when that is the same."""

    def __init__(self, data):
        self.now = bytearray(data)
        self.safe = None
        self.pending = []

    @classmethod
    def zeroes(cls, size):
        return cls(bytes(size))

    def copy(self):
        """As a snapshot of it has it."""
        return Content(self.now)

    def write(self, offset, data):
        if self.safe is None:
            self.safe = bytes(self.now)
        self.now[offset:offset + len(data)] = data
        self.pending.append((offset, bytes(data)))

    def flush(self):
        self.safe = None
        self.pending.clear()

    def resize(self, size):
        more = bytes(size - len(self.now))
        self.now += more
        if self.safe is not None:
            self.safe += more

    def difference(self, actual):
        """Where it is not as it must be, or ''."""
        if len(actual) != len(self.now):
            return f"{len(actual)} bytes, wanted {len(self.now)}"
        for at in self._grains(actual):
            return f"at {at}: {bytes(actual[at:at + 16]).hex()}, wanted {bytes(self.now[at:at + 16]).hex()}"
        return ""

    def crashed(self, actual):
        """Takes what is there after a crash; says where it is neither old nor new, or ''."""
        if len(actual) != len(self.now):
            return f"{len(actual)} bytes, wanted {len(self.now)}"
        for at in self._grains(actual):
            grain = bytes(actual[at:at + GRAIN])
            if grain not in self._alternatives(at):
                return (f"at {at}: {grain[:16].hex()}, wanted one of "
                        f"{sorted({a[:16].hex() for a in self._alternatives(at)})}")
        self.now = bytearray(actual)
        self.flush()
        return ""

    def _grains(self, actual):
        """The grains that are not as 'now' has them."""
        for block in range(0, len(self.now), BLOCK):
            if actual[block:block + BLOCK] == self.now[block:block + BLOCK]:
                continue
            for at in range(block, min(block + BLOCK, len(self.now)), GRAIN):
                if actual[at:at + GRAIN] != self.now[at:at + GRAIN]:
                    yield at

    def _alternatives(self, at):
        yield bytes(self.now[at:at + GRAIN])
        if self.safe is not None:
            yield bytes(self.safe[at:at + GRAIN])
        for offset, data in self.pending:
            if offset <= at < offset + len(data):
                yield data[at - offset:at - offset + GRAIN]


class Volume:
    """A VDI as lk-stored must tell of it."""

    def __init__(self, content, name="", snapshot_of=""):
        self.content, self.name, self.snapshot_of = content, name, snapshot_of
        self.is_a_snapshot = bool(snapshot_of)
        self.is_fresh = False  # never opened for writing: an image may be filled in

    @property
    def size(self):
        return len(self.content.now)
