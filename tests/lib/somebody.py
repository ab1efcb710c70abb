# SPDX-License-Identifier: GPL-2.0-or-later
"""Doing something as another user of the machine, who is nobody."""
import os

import tap

NOBODY = 65534


def as_nobody(function, *args):
    return as_user(NOBODY, function, *args)


def as_user(uid, function, *args):
    """The text that function(*args) gives in a process of that user's, who is in no group; the name of an OSError's number where it raises."""
    if os.geteuid() != 0:
        raise tap.Skip("wants root, to be somebody else")
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.setgroups([])
            os.setresgid(uid, uid, uid)
            os.setresuid(uid, uid, uid)
            try:
                text = function(*args)
            except OSError as failure:
                text = os.strerror(failure.errno) if failure.errno else str(failure)
            os.write(writer, text.encode())
            status = 0
        finally:
            os._exit(status)  # pylint: disable=protected-access
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        text = pipe.read().decode()
    _, status = os.waitpid(child, 0)
    tap.equal(status, 0, "status of what it did")
    return text
