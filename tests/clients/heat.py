"""Stacks with the `openstack` command itself: created, looked at, failed, deleted; on real containers."""

import ipaddress
import tempfile
from pathlib import Path

import engine
from story import Story

TEMPLATE = Path("examples/two-servers.yaml").read_text()

FAILING = """
heat_template_version: rocky
resources:
  kept: {type: OS::Heat::Value, properties: {value: 1}}
  bad: {type: OS::Heat::TestResource, depends_on: kept, properties: {fail: true}}
"""


class Stacks(Story):
    """The checks share the stack."""

    def __init__(self, cloud, folder: Path):
        super().__init__(cloud, folder)
        self.template = folder / "template.yaml"
        self.failing = folder / "failing.yaml"
        self.addresses = engine.free_range()
        self.template.write_text(TEMPLATE)
        self.failing.write_text(FAILING)

    def openstack(self, *words: str, cloud: str = "novadock") -> str:
        """A stack that failed also says of what."""
        try:
            return super().openstack(*words, cloud=cloud)
        except AssertionError as failed:
            name, waited = words[-1], words[0] == "stack" and "--wait" in words
            why = super().openstack("stack", "failures", "list", name, cloud=cloud) if waited else ""
            raise AssertionError(f"{failed}\n{why}".strip()) from None

    def create(self):
        parameters = ("--parameter", "flavor=m1.micro", "--parameter", f"addresses={self.addresses}")
        words = (*parameters, "--tags", "blue", "--wait", "pair")
        self.openstack("stack", "create", "-t", str(self.template), *words)
        stack = self.json("stack", "show", "pair")
        assert stack["stack_status"] == "CREATE_COMPLETE", stack

    def guests(self):
        servers = {row["Name"]: row["ID"] for row in self.json("server", "list")}
        assert len(servers) == 2, servers
        web = next(id for name, id in servers.items() if "-web-" in name)
        environment = engine.inspect(f"nova-{web}")["Config"]["Env"]
        address = self.json("stack", "output", "show", "pair", "address")["output_value"]
        assert ipaddress.ip_address(address) in self.addresses, (address, self.addresses)
        assert f"database={address}" in environment, environment

    def looks(self):
        listed = self.json("stack", "list")
        assert [row["Stack Name"] for row in listed] == ["pair"], listed
        rows = {row["resource_name"]: row["resource_status"] for row in self.json("stack", "resource", "list", "pair")}
        assert set(rows.values()) == {"CREATE_COMPLETE"} and len(rows) == 6, rows
        shown = self.json("stack", "resource", "show", "pair", "secret", "--with-attr", "value")
        assert len(shown["attributes"]["value"]) == 12, shown
        self.openstack("stack", "resource", "metadata", "pair", "secret")
        events = self.openstack("stack", "event", "list", "pair")
        assert "Stack CREATE completed successfully" in events, events
        assert "heat_template_version" in self.openstack("stack", "template", "show", "pair")
        assert "m1.micro" in self.openstack("stack", "environment", "show", "pair")
        self.openstack("stack", "output", "list", "pair")
        self.openstack("stack", "file", "list", "pair")
        types = self.openstack("orchestration", "resource", "type", "list")
        assert "OS::Nova::Server" in types, types
        self.openstack("orchestration", "resource", "type", "show", "OS::Nova::Server")
        self.openstack("orchestration", "build", "info")

    def update(self):
        changed = self.template.with_name("changed.yaml")
        changed.write_text(TEMPLATE.replace("length: 12", "length: 20").replace("\n  subnet:\n", "\n  extra: {type: OS::Heat::None}\n  subnet:\n"))
        kept = {row["resource_name"]: row["physical_resource_id"] for row in self.json("stack", "resource", "list", "pair")}
        words = ("--existing", "--wait", "-t", str(changed), "pair")
        self.openstack("stack", "update", *words)
        rows = {row["resource_name"]: row["physical_resource_id"] for row in self.json("stack", "resource", "list", "pair")}
        assert rows["database"] == kept["database"] and rows["net"] == kept["net"], (kept, rows)
        assert rows["secret"] != kept["secret"] and "extra" in rows, rows

    def sleeps(self):
        for word in ("suspend", "resume", "check"):
            self.openstack("stack", word, "--wait", "pair")
        servers = [row["Status"] for row in self.json("server", "list")]
        assert servers == ["ACTIVE", "ACTIVE"], servers

    def fails(self):
        words = ("-t", str(self.failing), "--enable-rollback", "bad")
        self.openstack("stack", "create", *words)
        self.openstack("stack", "event", "list", "bad")
        self.openstack("stack", "delete", "--yes", "--wait", "bad")

    def delete(self):
        self.openstack("stack", "delete", "--yes", "--wait", "pair")
        assert self.json("server", "list") == []
        assert self.json("stack", "list") == []


def run(cloud, checks):
    with tempfile.TemporaryDirectory() as folder:
        stacks = Stacks(cloud, Path(folder))
        checks.run("stack create boots two servers", stacks.create)
        checks.run("a server knows the other's address", stacks.guests)
        checks.run("what is there is listed and shown", stacks.looks)
        checks.run("an update keeps what it can", stacks.update)
        checks.run("a stack sleeps and wakes", stacks.sleeps)
        checks.run("a stack that fails rolls back", stacks.fails)
        checks.run("stack delete takes all away", stacks.delete)
