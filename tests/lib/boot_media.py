# SPDX-License-Identifier: GPL-2.0-or-later
"""Images of a few sectors that firmware boots: a program that says a word at the serial port, as a disk or a disc, and
a FAT file system with a script for the shell of UEFI."""
import struct

SECTOR, BLOCK = 512, 2048  # of disks, of discs
SAY = bytes.fromhex("e80000 5e 83c615 0e 1f fc baf803"  # next: pop si; si += 0x15; ds = cs; dx = 0x3f8
                    "ac 84c0 7403 ee ebf8"  # each byte up to a zero: out dx, al
                    "f4 ebfd")  # hlt, again


def program(word):
    """Says 'word' wherever it is loaded, and stops."""
    code = SAY + f"\r\n{word}\r\n".encode() + b"\0"
    assert len(code) <= 440
    return code.ljust(SECTOR - 2, b"\0") + b"\x55\xaa"


def disk(word, size=1 << 20):
    return program(word).ljust(size, b"\0")


def disc(word):
    """ISO 9660 as far as firmware looks: the descriptors, and the boot catalog of El Torito without emulation."""
    catalog, image, end = 19, 20, 32
    primary = b"\x01CD001\x01\0" + b" " * 32 + "BOOT".ljust(32).encode() + bytes(8) + struct.pack("<I", end) + struct.pack(">I", end)
    boot = b"\0CD001\x01" + b"EL TORITO SPECIFICATION".ljust(64, b"\0") + struct.pack("<I", catalog)
    validation = bytearray(b"\x01\0" + bytes(26) + b"\0\0\x55\xaa")
    struct.pack_into("<H", validation, 28, -sum(struct.unpack("<16H", validation)) & 0xffff)
    entry = struct.pack("<BBHBBHI", 0x88, 0, 0, 0, 0, 1, image)
    blocks = {16: primary, 17: boot, 18: b"\xffCD001\x01", catalog: bytes(validation) + entry.ljust(32, b"\0"),
              image: program(word)}
    return b"".join(blocks.get(i, b"").ljust(BLOCK, b"\0") for i in range(end))


def fat(name, data, size=4 << 20):
    """FAT12 without partitions, one file ('name' as a directory has it: 11 characters) in clusters of 4 KiB."""
    per_cluster, fat_sectors, root_entries, total = 8, 4, 16, size // SECTOR
    n = -(-len(data) // (per_cluster * SECTOR))
    boot = struct.pack("<3s8sHBHBHHBHHHIIBBBI11s8s", b"\xeb\xfe\x90", b"LATCHKEY", SECTOR, per_cluster, 1, 2, root_entries, total,
                       0xf8, fat_sectors, 32, 64, 0, 0, 0x80, 0, 0x29, 1, b"LATCHKEY   ", b"FAT12   ")
    links = [0xff8, 0xfff] + [cluster + 1 for cluster in range(2, n + 1)] + [0xfff]
    table = sum(link << 12 * i for i, link in enumerate(links)).to_bytes(fat_sectors * SECTOR, "little")
    entry = struct.pack("<11sB10xHHHI", name.encode(), 0x20, 0, 0x5b21, 2, len(data))
    return (boot.ljust(SECTOR - 2, b"\0") + b"\x55\xaa" + 2 * table + entry.ljust(root_entries * 32, b"\0") + data).ljust(size, b"\0")
