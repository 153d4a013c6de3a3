"""Remote consoles: the client asks for an address, and behind it is a terminal in the real guest."""

import json
import tempfile
import time
from pathlib import Path

import engine
from checks import eventually
from story import IMAGE, Story
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

PATIENCE_SECONDS = 20


class Consoles:
    """The checks share a server."""

    def __init__(self, story: Story):
        self.story = story

    def boot(self):
        self.story.openstack(
            *("server", "create", "--image", IMAGE, "--flavor", "m1.tiny", "--network", "shared"),
            *("--wait", "console"),
        )
        self.guest = f"nova-{self.story.json('server', 'show', 'console')['id']}"

    def url(self, kind: str) -> str:
        return self.story.json("console", "url", "show", kind, "console")["url"]

    def processes(self) -> int:
        return len(engine.get(f"/containers/{self.guest}/top")["Processes"])

    def terminal(self):
        before = self.processes()
        url = self.url("--serial")
        with connect(url) as console:
            console.send(json.dumps({"columns": 101, "rows": 31}))
            console.send("stty size; echo grö$((6 * 7))ßer; sleep 1000\r".encode())
            seen = shown(console, "grö42ßer")
            assert "31 101" in seen, seen
            assert self.processes() > before
        eventually("the end of the shell and its command", lambda: self.processes() == before)
        try:
            connect(url).close()
            raise AssertionError("an address was good twice")
        except InvalidStatus as refused:
            assert refused.response.status_code == 403, refused

    def novnc(self):
        assert self.url("--novnc").startswith(self.story.cloud.url)

    def delete(self):
        with connect(self.url("--serial")) as console:
            console.send("echo $((1 + 1))here\r")
            shown(console, "2here")
            self.story.openstack("server", "delete", "--wait", "console")
            assert shown(console, None) is not None


def shown(console, wanted) -> str:
    """What the console shows until `wanted` is among it; without, until its end."""
    seen = b""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            part = console.recv(timeout=deadline - time.monotonic())
        except ConnectionClosed:
            assert wanted is None, seen
            return seen.decode()
        seen += part
        if wanted is not None and wanted in seen.decode(errors="replace"):
            return seen.decode(errors="replace")


def run(cloud, checks):
    with tempfile.TemporaryDirectory() as folder:
        consoles = Consoles(Story(cloud, Path(folder)))
        checks.run("consoles: boot", consoles.boot)
        checks.run("consoles: a terminal in the guest, once", consoles.terminal)
        checks.run("consoles: the page's address", consoles.novnc)
        checks.run("consoles: it ends with its server", consoles.delete)
