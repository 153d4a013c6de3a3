"""Nested stacks with the `openstack` command itself: a template as a type, a group; on real containers."""

import tempfile
from pathlib import Path

from story import Story

OUTER = """
heat_template_version: 2018-08-31
parameters:
  count: {type: number, default: 3}
resources:
  part:
    type: part.yaml
    properties: {flavor: m1.micro}
  group:
    type: OS::Heat::ResourceGroup
    properties:
      count: {get_param: count}
      resource_def:
        type: OS::Nova::Server
        properties:
          name: member-%index%
          image: novadock/tiny
          flavor: m1.micro
          networks: [{network: shared}]
outputs:
  address: {value: {get_attr: [part, address]}}
  members: {value: {get_attr: [group, first_address]}}
"""

PART = """
heat_template_version: 2018-08-31
parameters:
  flavor: {type: string, constraints: [{custom_constraint: nova.flavor}]}
resources:
  server:
    type: OS::Nova::Server
    properties:
      image: novadock/tiny
      flavor: {get_param: flavor}
      networks: [{network: shared}]
outputs:
  address: {value: {get_attr: [server, first_address]}}
"""


class Nested(Story):
    """The checks share the stack."""

    def __init__(self, cloud, folder: Path):
        super().__init__(cloud, folder)
        self.template = folder / "outer.yaml"
        self.template.write_text(OUTER)
        (folder / "part.yaml").write_text(PART)

    def server_names(self) -> list[str]:
        return sorted(row["Name"] for row in self.json("server", "list"))

    def create(self):
        self.openstack("stack", "create", "-t", str(self.template), "--wait", "nest")
        names = self.server_names()
        assert names[:3] == ["member-0", "member-1", "member-2"] and len(names) == 4, names
        outputs = {row["output_key"]: row["output_value"] for row in self.json("stack", "show", "nest")["outputs"]}
        assert outputs["address"] and len(set(outputs["members"])) == 3, outputs

    def looks(self):
        assert [row["Stack Name"] for row in self.json("stack", "list")] == ["nest"]
        assert len(self.json("stack", "list", "--nested")) == 3
        assert len(self.json("stack", "resource", "list", "nest")) == 2
        rows = self.json("stack", "resource", "list", "-n", "2", "nest")
        inner = {row["resource_name"] for row in rows if row["stack_name"] != "nest"}
        assert inner == {"server", "0", "1", "2"}, rows
        events = self.openstack("stack", "event", "list", "--nested-depth", "2", "nest")
        assert "[nest.group.0]" in events and "[nest.part.server]" in events, events

    def scale(self):
        self.openstack("stack", "update", "--existing", "--parameter", "count=2", "--wait", "nest")
        names = self.server_names()
        assert names[:2] == ["member-0", "member-1"] and len(names) == 3, names

    def delete(self):
        self.openstack("stack", "delete", "--yes", "--wait", "nest")
        assert self.server_names() == []
        assert self.json("stack", "list", "--nested") == []


def run(cloud, checks):
    with tempfile.TemporaryDirectory() as folder:
        nested = Nested(cloud, Path(folder))
        checks.run("a template and a group make servers", nested.create)
        checks.run("what is nested is listed when it is asked for", nested.looks)
        checks.run("a group becomes smaller", nested.scale)
        checks.run("with the stack goes all that is nested in it", nested.delete)
