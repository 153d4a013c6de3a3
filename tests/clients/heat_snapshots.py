"""Snapshots, adoption and drift of stacks with the `openstack` command itself; on real containers."""

import json
import subprocess
import tempfile
from pathlib import Path

from checks import eventually
from story import Story

TEMPLATE = """
heat_template_version: 2018-08-31
resources:
  web:
    type: OS::Nova::Server
    properties:
      image: novadock/tiny
      flavor: m1.micro
      networks: [{network: shared}]
"""
# How soon a guest that ends is to be seen, without anybody asking for a check.
SOON = 2


class Snapshots(Story):
    """The checks share the stack."""

    def __init__(self, cloud, folder: Path):
        super().__init__(cloud, folder)
        self.template = folder / "template.yaml"
        self.left = folder / "left.json"
        self.template.write_text(TEMPLATE)

    def web(self, stack: str) -> dict:
        return self.json("stack", "resource", "show", stack, "web")

    def guest(self, stack: str) -> str:
        return f"nova-{self.web(stack)['physical_resource_id']}"

    def docker(self, *words: str) -> str:
        return subprocess.run(["docker", *words], check=True, capture_output=True, text=True).stdout

    def keeps(self):
        self.openstack("stack", "create", "-t", str(self.template), "--wait", "kept")
        self.docker("exec", self.guest("kept"), "sh", "-c", "echo then >/what")
        snapshot = self.json("stack", "snapshot", "create", "--name", "before", "kept")["ID"]
        eventually("the snapshot", lambda: self.kept(snapshot)["status"] == "COMPLETE")
        assert "before" in self.openstack("stack", "snapshot", "list", "kept")
        self.docker("exec", self.guest("kept"), "sh", "-c", "echo now >/what")
        self.openstack("stack", "snapshot", "restore", "kept", snapshot)
        eventually("the restored stack", lambda: self.state("kept") == "RESTORE_COMPLETE", 20)
        assert self.docker("exec", self.guest("kept"), "cat", "/what").strip() == "then"
        # The stack is made of the snapshot's image now: the template makes it what it was made of.
        guest = self.guest("kept")
        self.openstack("stack", "update", "-t", str(self.template), "--wait", "kept")
        assert self.guest("kept") == guest, "another image rebuilds the server"
        assert not self.docker("exec", guest, "sh", "-c", "cat /what 2>/dev/null || true")
        self.openstack("stack", "snapshot", "delete", "--yes", "kept", snapshot)

    def kept(self, snapshot: str) -> dict:
        return self.json("stack", "snapshot", "show", "kept", snapshot)["snapshot"]

    def state(self, stack: str) -> str:
        return self.json("stack", "show", stack)["stack_status"]

    def adopts(self):
        guest = self.guest("kept")
        started = self.docker("inspect", "-f", "{{.State.StartedAt}}", guest)
        self.openstack("stack", "abandon", "--output-file", str(self.left), "kept")
        eventually("the end of the stack", lambda: self.json("stack", "list") == [])
        self.openstack("stack", "adopt", "--adopt-file", str(self.left), "--wait", "taken")
        assert json.loads(self.left.read_text())["resources"]["web"]["resource_id"] in guest
        assert self.guest("taken") == guest
        assert self.docker("inspect", "-f", "{{.State.StartedAt}}", guest) == started

    def sees_drift(self):
        guest = self.guest("taken")
        self.docker("kill", guest)
        eventually("drift", lambda: self.web("taken")["resource_status"] == "CHECK_FAILED", SOON + 2)
        seen = self.json("stack", "event", "list", "taken")
        assert [row["resource_status"] for row in seen].count("CHECK_FAILED") == 1, seen
        self.openstack("server", "start", guest.removeprefix("nova-"))
        eventually("the end of drift", lambda: self.web("taken")["resource_status"] == "CHECK_COMPLETE", 10)

    def ends(self):
        self.openstack("stack", "delete", "--yes", "--wait", "taken")
        assert self.json("server", "list") == []


def run(cloud, checks):
    with tempfile.TemporaryDirectory() as folder:
        stack = Snapshots(cloud, Path(folder))
        checks.run("a stack becomes again what a snapshot has kept", stack.keeps)
        checks.run("an abandoned stack's server is adopted as it runs", stack.adopts)
        checks.run("a guest that is killed shows in its stack", stack.sees_drift)
        checks.run("an adopted stack takes its server away", stack.ends)
