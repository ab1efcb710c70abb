# SPDX-License-Identifier: GPL-2.0-or-later
"""How soon a change is known to those who wait for it in event.from: from the first byte of the change's request to the
moment when the last waiter's answer is there to be read.  Beside a process that does nothing but write as many bytes to
as many sockets when it is asked to."""
import multiprocessing
import select
import socket
import time

import xenapi
from measure import Sample, ratio, take_turns

GAP = 0.07  # seconds: a session that was just answered is not answered again for 50 ms
TURNS = 30  # changes of a round


def request(method, params):
    body = xenapi.json.dumps({"jsonrpc": "2.0", "id": 7, "method": method, "params": params}).encode()
    return b"POST /jsonrpc HTTP/1.1\r\nhost: bench\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body)


def read_answer(sock):
    data = b""
    while b"\r\n\r\n" not in data:
        data += sock.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    size = next(int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
    while len(body) < size:
        body += sock.recv(65536)
    return body


class Waiters:
    """Sockets, and how long it takes until all of them can be read after 'trigger' was sent 'message'."""

    def __init__(self, sockets):
        self.sockets, self.poll = sockets, select.epoll()
        for sock in sockets:
            self.poll.register(sock, select.EPOLLIN | select.EPOLLET)

    def time(self, trigger, message):
        while self.poll.poll(0):
            pass  # what was read already
        missing = set(sock.fileno() for sock in self.sockets)
        start = time.perf_counter()
        trigger.sendall(message)
        while missing:
            missing -= {fd for fd, _ in self.poll.poll(30)}
        return (time.perf_counter() - start) * 1000

    def close(self):
        self.poll.close()
        for sock in self.sockets:
            sock.close()


def by_hand(listener, n):
    """The peer's process: n waiters, then the one who asks; answers of 1 KiB."""
    socks = [listener.accept()[0] for _ in range(n + 1)]
    while size := int.from_bytes(socks[n].recv(4), "little"):
        for sock in socks[:n]:
            sock.sendall(b"x" * size)
        socks[n].sendall(b"done")


class ByHand:
    def __init__(self, n):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.process = multiprocessing.get_context("fork").Process(target=by_hand, args=(listener, n), daemon=True)
            self.process.start()
            socks = [connect(listener.getsockname()) for _ in range(n + 1)]
        self.waiters, self.trigger = Waiters(socks[:n]), socks[n]

    def turn(self, size=1024):
        times = []
        for _ in range(TURNS):
            times.append(self.waiters.time(self.trigger, size.to_bytes(4, "little")))
            for sock in self.waiters.sockets:
                left = size
                while left:
                    left -= len(sock.recv(left))
            self.trigger.recv(4)
        return Sample(times).median

    def close(self):
        self.trigger.sendall(bytes(4))
        self.process.join()
        self.waiters.close()
        self.trigger.close()


def connect(address):
    sock = socket.create_connection(address)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


class Ours:
    """n sessions wait for what is subscribed to; 'change' gives the request of a change."""

    def __init__(self, bench, n, subscription, change):
        host, _, port = bench.address("http").rpartition(":")
        self.subscription, self.change = [subscription], change
        self.clients = [bench.manager.client(xenapi.Json, "http") for _ in range(n)]
        self.waiters = Waiters([connect((host, int(port))) for _ in range(n)])
        self.trigger = connect((host, int(port)))
        self.tokens = [""] * n
        self.wait()
        self.collect()

    def wait(self):
        for sock, client, token in zip(self.waiters.sockets, self.clients, self.tokens):
            sock.sendall(request("event.from", [client.session, self.subscription, token, 60.0]))

    def collect(self):
        for i, sock in enumerate(self.waiters.sockets):
            self.tokens[i] = xenapi.Json.decode(read_answer(sock))["token"]

    def turn(self):
        times = []
        for _ in range(TURNS):
            self.wait()
            time.sleep(GAP)  # all of them wait now, and none was answered too lately
            times.append(self.waiters.time(self.trigger, self.change()))
            self.collect()
            xenapi.Json.decode(read_answer(self.trigger))
        return Sample(times).median

    def close(self):
        self.waiters.close()
        self.trigger.close()
        for client in self.clients:
            client.close()


def cases(bench, vm, rounds):
    """Yields (case, peer, bytes, figures) with as many VMs as there are now."""
    api = bench.client(xenapi.Json)
    task = api.task.create("bench", "")
    numbers = iter(range(1 << 62))
    changes = {  # one that the disk must have first, one that only memory has
        "durable": ("VM/" + vm, lambda: request("VM.set_name_description", [api.session, vm, f"{next(numbers)}"])),
        "volatile": ("task/" + task, lambda: request("task.set_progress", [api.session, task, next(numbers) % 100 / 100])),
    }
    for n in (1, 100):
        for name, (subscription, change) in changes.items():
            ours, peer = Ours(bench, n, subscription, change), ByHand(n)
            a, b = map(Sample, take_turns(rounds, ours.turn, peer.turn))
            ours.close()
            peer.close()
            yield (f"event-{name}-{n}-of-{bench.n_vms}", "writing by hand", 0,
                   {"last_ms": {"ours": a, "peer": b, "ratio": ratio(a, b)}})
    api.task.destroy(task)
