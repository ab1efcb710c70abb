# SPDX-License-Identifier: GPL-2.0-or-later
"""latchkeyd and its agents in a private directory, for tests of the API."""
import os
import re
import signal
import subprocess
import time

import xenapi

DEADLINE = 60  # seconds; sanitizers on a busy machine are slow
USER, PASSWORD = "root", "hunter2"
# Of that password, with few rounds: logins are not what is measured here.
PASSWORD_HASH = ("$6$rounds=1000$latchkey$U1axu90IQEqFBfhGsg2cmcNbL4LOLGM29kBL1t0MwkwhS1Qj399EQfl"
                 "SahXhzylAaHIVlDcsyrf6jmu0sGiTG1")


class Program:
    """One daemon's process and log."""

    def __init__(self, name, argv, log):
        self.name, self.argv, self.log_path = name, argv, log
        self.process, self.log_start = None, 0

    def start(self, **env):
        with open(self.log_path, "ab") as log:
            self.log_start = log.tell()
            self.process = subprocess.Popen(self.argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env={**os.environ, **env})

    def log(self):
        """What it wrote since it was last started."""
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            log.seek(self.log_start)
            return log.read()

    def wait_for_log(self, pattern):
        end = time.monotonic() + DEADLINE
        while True:
            found = re.search(pattern, self.log(), re.M)
            if found:
                return found
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{self.name} (status {self.process.poll()}) does not say {pattern!r}; its log:\n{self.log()}")
            time.sleep(0.01)

    def stop(self, with_signal=signal.SIGTERM):
        """Ends it; the exit status."""
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(with_signal)
        try:
            status = self.process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise RuntimeError(f"{self.name} does not end; its log:\n{self.log()}") from None
        self.process = None
        return status

    def is_running(self):
        return self.process is not None and self.process.poll() is None


class Manager:
    """Use it in a 'with': everything it starts ends with it."""

    AGENTS = {
        "vmd": ["--backend", "sim"],
        "stored": ["--state-dir", "{state}", "--sr-root", "{directory}/images", "--sr-root", "{state}"],
        "netd": ["--backend", "sim"],
        "hostd": [],
    }

    def __init__(self, directory, programs, agents=True, users=(), agent_args=None, run_dir=None):
        """'programs' is the folder with latchkeyd and the agents; those that are not there are done without.  Beside
        root there is a user for each role in 'users', of that name.  'agent_args' has further arguments by agent."""
        self.directory, self.programs = directory, programs
        self.state, self.run = os.path.join(directory, "state"), run_dir or os.path.join(directory, "run")
        self.sr_roots = [os.path.join(self.state, "sr"), os.path.join(directory, "images")]
        for path in (self.state, self.run, os.path.join(directory, "images")):
            os.makedirs(path, mode=0o700, exist_ok=True)
        with open(os.path.join(self.state, "passwd"), "w", encoding="utf-8") as passwd:
            passwd.write(f"{USER}:{PASSWORD_HASH}\n")
            passwd.writelines(f"{role}:{PASSWORD_HASH}:{role}\n" for role in users)
        more = agent_args or {}
        self.agents = [self.make_agent(name, argv + more.get(name, [])) for name, argv in self.AGENTS.items()
                       if agents and os.path.exists(os.path.join(programs, f"lk-{name}"))]
        self.daemon = Program("latchkeyd", [
            os.path.join(programs, "latchkeyd"), "--lab", "--state-dir", self.state, "--run-dir", self.run,
            "--listen-tls", "127.0.0.1:0", "--listen-plain", "127.0.0.1:0",
            "--listen-unix", os.path.join(self.run, "api.sock"),
            "--password-file", os.path.join(self.state, "passwd")], os.path.join(directory, "log"))
        self.doors = {}
        self.clients = []

    def make_agent(self, name, argv):
        argv = [text.format(state=self.state, directory=self.directory) for text in argv]
        return Program(f"lk-{name}", [os.path.join(self.programs, f"lk-{name}"), "--run-dir", self.run, *argv],
                       os.path.join(self.directory, f"log-{name}"))

    def __enter__(self):
        try:
            self.start_agents()
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception):
        for program in [self.daemon, *self.agents]:
            if program.process is not None:
                program.process.kill()
                program.process.wait()
                program.process = None

    def has(self, agent):
        return any(program.name == f"lk-{agent}" for program in self.agents)

    def agent_log(self, agent):
        return next(program.log() for program in self.agents if program.name == f"lk-{agent}")

    def start_agents(self):
        for program in self.agents:
            program.start()
        for program in self.agents:
            path = os.path.join(self.run, program.name[3:] + ".sock")
            end = time.monotonic() + DEADLINE
            while not os.path.exists(path):
                if not program.is_running() or time.monotonic() > end:
                    raise RuntimeError(f"{program.name} does not start; its log:\n{program.log()}")
                time.sleep(0.01)

    def start(self, **env):
        self.daemon.start(**env)
        self.daemon.wait_for_log(r"base: ready$")
        log = self.daemon.log()
        self.doors = {scheme: re.search(rf"listening on ({scheme}:.*)$", log, re.M).group(1)
                      for scheme in ("https", "http", "unix")}

    def wait_restarted(self):
        """Until latchkeyd, which was asked to, has started again in its place."""
        self.daemon.wait_for_log(r"base: ready$(?s:.*)base: ready$")
        log = self.daemon.log()
        log = log[log.rindex("base: stopping"):]
        self.doors = {scheme: re.search(rf"listening on ({scheme}:.*)$", log, re.M).group(1)
                      for scheme in ("https", "http", "unix")}

    def stop(self):
        """Ends latchkeyd alone; the exit status."""
        for client in self.clients:
            client.close()
        self.clients = []
        return self.daemon.stop()

    def kill(self):
        """As a crash would."""
        for client in self.clients:
            client.close()
        self.clients = []
        self.daemon.stop(signal.SIGKILL)

    def restart(self):
        status = self.stop()
        if status != 0:
            raise RuntimeError(f"latchkeyd ended with status {status}; its log:\n{self.daemon.log()}")
        self.start()

    def is_alive(self):
        return self.daemon.is_running()

    def door(self, scheme="https", timeout=xenapi.DEADLINE):
        return xenapi.Door(self.doors[scheme], os.path.join(self.state, "cert.pem"), timeout)

    def client(self, encoding=xenapi.Json, scheme="https", login=True):
        client = xenapi.Client(self.door(scheme), encoding)
        self.clients.append(client)
        return client.login(USER, PASSWORD) if login else client


class QemuManager(Manager):
    """With real VMs."""

    AGENTS = {**Manager.AGENTS, "vmd": ["--backend", "qemu"], "netd": ["--backend", "user"]}
