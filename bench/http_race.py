# SPDX-License-Identifier: GPL-2.0-or-later
"""What a call costs, beside nginx answering the same request with the same bytes: kept connections, plain or over TLS."""
import json
import os
import shutil
import socket
import subprocess
import threading
import time

import xenapi
from manager import Manager
from measure import Sample, cpu_seconds, ratio, take_turns

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
N_FILLING = 8  # connections

NGINX = """
daemon off;
master_process off;
worker_processes 1;
pid {dir}/nginx.pid;
error_log {dir}/nginx.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    tcp_nodelay on;
    keepalive_timeout 300;
    keepalive_requests 1000000000;
    client_body_temp_path {dir}/nginx-body;
    proxy_temp_path {dir}/nginx-proxy;
    fastcgi_temp_path {dir}/nginx-fastcgi;
    uwsgi_temp_path {dir}/nginx-uwsgi;
    scgi_temp_path {dir}/nginx-scgi;
    open_file_cache max=100;
    types {{ }}
    server {{
        listen 127.0.0.1:{ports[https]} ssl;
        listen 127.0.0.1:{ports[http]};
        ssl_protocols TLSv1.3;
        ssl_certificate {cert};
        ssl_certificate_key {key};
        root {dir}/served;
        {locations}
        location / {{ error_page 405 =200 $uri; }}
    }}
}}
"""

# A POST with the body and type of the environment; one line of JSON at the end.
WRK_SCRIPT = """
local file = io.open(os.getenv("BENCH_BODY"), "rb")
wrk.method = "POST"
wrk.body = file:read("*a")
wrk.headers["Content-Type"] = os.getenv("BENCH_TYPE")
done = function(summary, latency, requests)
    local e = summary.errors
    io.write(string.format(
        '\\n{"requests":%d,"us":%d,"errors":%d,"p50_us":%d,"p99_us":%d}\\n', summary.requests, summary.duration,
        e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(50), latency:percentile(99)))
end
"""


class Nginx:
    """Serves the files of DIR/served; bodies that are short from its configuration."""

    def __init__(self, program, directory, state):
        self.program, self.directory, self.state = program, directory, state
        self.process, self.ports = None, {}
        self.locations = []
        os.mkdir(os.path.join(directory, "served"))

    def serve(self, name, content_type, body):
        if len(body) < 1024:
            text = body.decode().replace("\\", "\\\\").replace("'", "\\'").replace("$", "")
            if len(text) == len(body):  # nothing that its configuration would read otherwise
                self.locations.append(f"location = /{name} {{ default_type {content_type}; return 200 '{text}'; }}")
                return
        with open(os.path.join(self.directory, "served", name), "wb") as file:
            file.write(body)

    def start(self):
        for _ in range(20):  # somebody else may take the ports that were free
            with socket.socket() as one, socket.socket() as other:
                for scheme, free in (("https", one), ("http", other)):
                    free.bind(("127.0.0.1", 0))
                    self.ports[scheme] = free.getsockname()[1]
            path = os.path.join(self.directory, "nginx.conf")
            with open(path, "w", encoding="utf-8") as config:
                config.write(NGINX.format(dir=self.directory, ports=self.ports, locations="\n        ".join(self.locations),
                                          cert=os.path.join(self.state, "cert.pem"),
                                          key=os.path.join(self.state, "key.pem")))
            self.process = subprocess.Popen([self.program, "-c", path, "-e", os.path.join(self.directory, "nginx.log")])
            if self.listens():
                return
            self.stop()
        raise RuntimeError(f"nginx does not listen; see {self.directory}/nginx.log")

    def listens(self):
        end = time.monotonic() + 10
        while self.process.poll() is None and time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", self.ports["http"])).close()
                return True
            except ConnectionRefusedError:
                time.sleep(0.01)
        return False

    def stop(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def address(self, scheme):
        return f"127.0.0.1:{self.ports[scheme]}"

    def post(self, name, body, content_type):
        door = xenapi.Door("http://" + self.address("http"))
        try:
            return door.post("/" + name, body, content_type)
        finally:
            door.close()


class Question:
    """One request, as a file for the programs that ask it many times, and its answer."""

    def __init__(self, bench, name, encoding, method, *args):
        self.bench, self.name, self.encoding = bench, name, encoding
        client = bench.client(encoding)
        self.body = encoding.encode(method, client.typed(xenapi.MODEL.messages[method], args))
        status, self.answer = client.door.post(encoding.path, self.body, encoding.content_type)
        if status != 200:
            raise RuntimeError(f"{method} answers {status}")
        encoding.decode(self.answer)  # no failure in it
        self.path = os.path.join(bench.directory, f"request-{name}")
        with open(self.path, "wb") as file:
            file.write(self.body)

    def wrk(self, url, pid, connections, seconds):
        before = cpu_seconds(pid)
        done = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "60s", "-s", self.bench.script, url],
            check=True, stdout=subprocess.PIPE,
            env={**os.environ, "BENCH_BODY": self.path, "BENCH_TYPE": self.encoding.content_type})
        result = json.loads(done.stdout.decode().splitlines()[-1])
        if result["errors"] or not result["requests"]:
            raise RuntimeError(f"{self.name}: {result}")
        result["cpu_us"] = (cpu_seconds(pid) - before) * 1e6 / result["requests"]
        result["rate"] = result["requests"] * 1e6 / result["us"]
        return result

    def curl(self, url, pid):
        before = cpu_seconds(pid)
        done = subprocess.run(
            ["curl", "--silent", "--show-error", "--fail", "-o", os.devnull, "-w", "%{time_total}", "--data-binary",
             "@" + self.path, "-H", "Content-Type: " + self.encoding.content_type, url],
            check=True, stdout=subprocess.PIPE)
        return {"fetch_ms": float(done.stdout) * 1000, "fetch_cpu_ms": (cpu_seconds(pid) - before) * 1000}


class Race(Question):
    """A question that nginx answers with the same bytes."""

    def __init__(self, bench, name, encoding, method, *args):
        super().__init__(bench, name, encoding, method, *args)
        bench.nginx.serve(name, encoding.content_type, self.answer)

    def check_peer(self):
        status, answer = self.bench.nginx.post(self.name, self.body, self.encoding.content_type)
        if status != 200 or answer != self.answer:
            raise RuntimeError(f"nginx answers {self.name} with {status} and {len(answer)} bytes of {len(self.answer)}")

    def run(self, scheme, ask, rounds):
        """ask(url, pid) is one turn."""
        bench = self.bench
        return pairs(*take_turns(
            rounds,
            lambda: ask(f"{scheme}://{bench.address(scheme)}{self.encoding.path}", bench.pid),
            lambda: ask(f"{scheme}://{bench.nginx.address(scheme)}/{self.name}", bench.nginx.process.pid)))


def pairs(ours, peers):
    """Figures of turns: lists of dicts with the same keys."""
    figures = {}
    for key in ("rate", "p50_us", "p99_us", "cpu_us", "fetch_ms", "fetch_cpu_ms"):
        if key in ours[0]:
            a, b = Sample(r[key] for r in ours), Sample(r[key] for r in peers)
            figures[key] = {"ours": a, "peer": b, "ratio": ratio(a, b)}
    return figures


class HttpBench:
    """latchkeyd, and nginx."""

    def __init__(self, directory, build):
        self.directory = directory
        programs = os.path.join(build, "src", "daemons")
        self.manager = Manager(directory, programs, agents=False)
        self.nginx = Nginx(find_nginx(build), directory, self.manager.state)
        self.script = os.path.join(directory, "post.lua")
        self.clients, self.n_vms = {}, 0
        with open(self.script, "w", encoding="utf-8") as script:
            script.write(WRK_SCRIPT)

    def __enter__(self):
        self.manager.__enter__()
        self.pid = self.manager.daemon.process.pid
        return self

    def __exit__(self, *exception):
        self.nginx.stop()
        self.manager.__exit__(*exception)

    def address(self, scheme):
        return self.manager.doors[scheme].rpartition("/")[2]

    def client(self, encoding):
        if encoding not in self.clients:
            self.clients[encoding] = self.manager.client(encoding)
        return self.clients[encoding]

    def fill(self, n):
        """Until there are n VMs; one of them."""
        client, vms = self.client(xenapi.Json), []

        def make(numbers):
            mine = self.manager.door("http")
            for number in numbers:
                record = bench_record(number)
                body = xenapi.Json.encode("VM.create", client.typed(xenapi.MODEL.messages["VM.create"], [record]))
                vms.append(xenapi.Json.decode(mine.post(xenapi.Json.path, body, xenapi.Json.content_type)[1]))
            mine.close()

        threads = [threading.Thread(target=make, args=[range(self.n_vms + i, n, N_FILLING)]) for i in range(N_FILLING)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if len(vms) != n - self.n_vms:
            raise RuntimeError(f"{len(vms)} of {n - self.n_vms} VMs were made")
        self.n_vms = n
        return vms[0]

    def memory_mb(self, line):
        """VmRSS or VmHWM of latchkeyd."""
        with open(f"/proc/{self.pid}/status", encoding="ascii") as status:
            return next(int(row.split()[1]) for row in status if row.startswith(line)) / 1000


def bench_record(number):
    """Of a VM as other tools make them."""
    record = empty_record("VM")
    record.update(name_label=f"bench-{number:05}", name_description="bench vm", memory_static_max=1 << 30,
                  memory_dynamic_max=1 << 30, memory_dynamic_min=1 << 30, memory_static_min=1 << 29, VCPUs_max=2,
                  VCPUs_at_startup=2, HVM_boot_policy="BIOS order", HVM_boot_params={"order": "cd"},
                  actions_after_shutdown="destroy", actions_after_reboot="restart", actions_after_crash="restart",
                  other_config={"bench": "1"}, tags=["bench"],
                  platform={"acpi": "1", "apic": "true", "pae": "true", "viridian": "true"})
    return record


def empty_record(cls):
    """Every field of a record with its type's empty value; an enum's is the server's default."""
    empty = {"string": "", "ref": xenapi.NULL_REF, "int": 0, "bool": False, "float": 0.0, "set": [], "map": {},
             "datetime": "19700101T00:00:00Z"}
    return {name: empty[field.type.kind] for name, field in xenapi.MODEL.fields[cls].items()
            if field.public and field.type.kind in empty and field.state != "removed"}


def find_nginx(build):
    """The machine's, or one unpacked below 'build': installing the package would start a server."""
    installed = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
    if installed:
        return installed
    folder = os.path.join(build, "bench-peers")
    program = os.path.join(folder, "nginx", "usr", "sbin", "nginx")
    if not os.path.exists(program):
        subprocess.run([os.path.join(ROOT, "tools", "fetch-packages"), folder, "nginx"], check=True)
        subprocess.run(["dpkg-deb", "--extract", os.path.join(folder, "nginx.deb"), os.path.join(folder, "nginx")],
                       check=True)
    return program
