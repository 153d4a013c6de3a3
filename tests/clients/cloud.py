"""A cloud for the client tests: the built program over the real engine, on a free port."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

READY_SECONDS = 60
# Docker 20.10 loses count of a network's endpoints now and then, and counts anew when it starts.
MISCOUNTED = "Docker counts endpoints"


class Cloud:
    """The program in a process of its own; `reset` removes whatever it made on the engine."""

    def __init__(self, binary: Path, data_dir: Path):
        self.binary = binary.resolve()
        self.data_dir = data_dir.resolve()
        self.log = self.data_dir.with_suffix(".log")
        self.log.unlink(missing_ok=True)
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = None
        self.arguments = []
        # Settings that are not at their defaults, as variables of the environment.
        self.settings = {}

    def start(self) -> float:
        """Starts it; returns the seconds until it was ready."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        log = open(self.log, "ab")  # a cloud that is started again goes on in it
        began = time.monotonic()
        self.process = subprocess.Popen(
            [
                *(self.binary, "serve", "--listen", f"127.0.0.1:{self.port}"),
                *("--data-dir", self.data_dir, *self.arguments),
            ],
            env=os.environ | self.settings,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        while not self._ready():
            if self.process.poll() is not None:
                raise SystemExit(f"the program ended with {self.process.returncode}: see {self.log}")
            if time.monotonic() - began > READY_SECONDS:
                raise SystemExit(f"not ready after {READY_SECONDS} s: see {self.log}")
            time.sleep(0.02)
        return time.monotonic() - began

    def kill(self) -> None:
        """kill -9."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """As Ctrl-C does."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.kill()

    def reset(self) -> None:
        """Removes what it made: guests, networks, images, rows."""
        self.stop()
        if not self.data_dir.exists():
            return
        said = self._reset()
        if MISCOUNTED in said:
            print(f"{MISCOUNTED} ...: the engine is started again", flush=True)
            for command in ("stop", "start"):
                subprocess.run(["scripts/engine.sh", command], check=True)
            said = self._reset()
        if said:
            raise SystemExit(f"`novadock reset` failed: {said}")
        shutil.rmtree(self.data_dir)

    def _reset(self) -> str:
        """Why it failed; nothing if it did not."""
        command = [self.binary, "reset", "--yes", "--data-dir", self.data_dir, *self.arguments]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        return done.stderr.strip() or f"exit status {done.returncode}" if done.returncode else ""

    def environment(self, cloud: str = "novadock") -> dict:
        """The environment of a client."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("OS_")}
        credentials = str(self.data_dir / "clouds.yaml")
        return kept | {"OS_CLIENT_CONFIG_FILE": credentials, "OS_CLOUD": cloud}

    def installation(self) -> str:
        """What labels everything it makes."""
        return (self.data_dir / "installation").read_text().strip()

    def database(self) -> Path:
        """All rows, for whoever writes while it is stopped."""
        return self.data_dir / "novadock.db"

    def _ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                return json.load(answer)["ready"]
        except (urllib.error.URLError, OSError):
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
