# SPDX-License-Identifier: GPL-2.0-or-later
"""Who may call what, by tests/data/roles-granted.txt: what the server's own tables are compared with."""
import os

from model import ROOT

LADDER = ["pool-admin", "pool-operator", "vm-power-admin", "vm-admin", "vm-operator", "read-only"]
ROLES = LADDER[:-1] + ["client-cert", "read-only"]  # in the order of the API
PATH = os.path.join(ROOT, "tests", "data", "roles-granted.txt")


def roles_from(least, cert=False):
    """The roles that hold what 'least' holds, in the order of the API."""
    if least not in LADDER:
        return []
    held = set(LADDER[:LADDER.index(least) + 1])
    if cert or least == "read-only":
        held.add("client-cert")
    return [role for role in ROLES if role in held]


class Rule:
    """One message: 'roles' may call it."""

    def __init__(self, name, least, marks):
        self.name, self.least = name, least
        self.removed, self.cert = "-" in marks, "*" in marks
        self.takes_session, self.internal = "?" not in marks, "!" in marks
        self.roles = roles_from(least, self.cert)
        self.keys = {}  # pattern -> least role

    @property
    def permission(self):
        return self.name.lower()

    def for_key(self, key):
        """(the permission asked for, the roles that have it)"""
        for pattern, least in self.keys.items():
            if key == pattern or (pattern.endswith("*") and key.startswith(pattern[:-1])):
                return f"{self.permission}/key:{pattern.lower()}", roles_from(least)
        return self.permission, self.roles


def read():
    """({message: Rule}, {permission of no message: least role})"""
    rules, permissions, cls, least = {}, {}, None, None
    with open(PATH, encoding="utf-8") as lines:
        for line in lines:
            words = line.split()
            if line.startswith("#") or not words:
                continue
            if line.startswith("    "):
                for word in words:
                    name = f"{cls}.{word.rstrip('*?!-')}"
                    rules[name] = Rule(name, least, word[len(word.rstrip("*?!-")):])
            elif line.startswith("  "):
                least = words[0]
            elif words[0] == "class":
                cls = words[1]
            elif words[0] == "key":
                rules[words[1]].keys[words[2]] = words[3]
            else:
                permissions[words[1]] = words[2]
    return rules, permissions


RULES, PERMISSIONS = read()


def permissions_of(role):
    """All that a role may do, as the API lists it: also what was removed."""
    held = {name for name, least in PERMISSIONS.items() if role in roles_from(least)}
    for rule in RULES.values():
        if role in rule.roles:
            held.add(rule.permission)
        held.update(rule.for_key(key)[0] for key, least in rule.keys.items() if role in roles_from(least))
    return held
