# SPDX-License-Identifier: GPL-2.0-or-later
"""The units of share/systemd, as the build made them."""
import os
import shlex

DAEMONS = ("latchkeyd", "lk-vmd", "lk-stored", "lk-netd", "lk-hostd")
SERVICES = DAEMONS + ("lk-auth@",)


class Unit:
    def __init__(self, folder, name):
        self.name, self.path = name, os.path.join(folder, name)
        with open(self.path, encoding="utf-8") as text:
            self.text = text.read()

    def get(self, key):
        """Its values, in order."""
        return [line[len(key) + 1:] for line in self.text.splitlines() if line.startswith(key + "=")]

    def one(self, key):
        values = self.get(key)
        if len(values) != 1:
            raise AssertionError(f"{self.name} has {len(values)} lines {key}=")
        return values[0]

    def argv(self):
        return shlex.split(self.one("ExecStart"))

    def without(self, *keys):
        """Its text without these settings."""
        return "".join(line + "\n" for line in self.text.splitlines() if line.partition("=")[0] not in keys)


def service(folder, name):
    return Unit(folder, name + ".service")
