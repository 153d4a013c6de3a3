"""Containers by template, with the `openstack` command itself, on real containers."""

import tempfile
import urllib.error
import urllib.request
from pathlib import Path

import engine
from checks import eventually
from story import Story

HEADER = "heat_template_version: 2018-08-31\nresources:\n"

FULL = """
  box:
    type: DockerInc::Docker::Container
    properties:
      image: novadock/tiny:latest
      name: box
      hostname: inner
      memory: 67108864
      user: nobody
      cmd: [/bin/sleep, '600']
      env: [ROLE=database]
      dns: [10.9.9.9]
      read_only: true
      cpu_shares: 512
      cap_drop: [MKNOD]
      volumes: {/data: {}}
      restart_policy: {Name: always}
      port_specs: ['80']
"""

# One that ends well after it has said whom it knows.
LINKED = FULL + """
  other:
    type: DockerInc::Docker::Container
    depends_on: box
    properties:
      image: novadock/tiny
      links: {box: store}
      volumes_from: [box]
      cmd: [/bin/cat, /etc/hosts]
outputs:
  hosts: {value: {get_attr: [other, logs]}}
  address: {value: {get_attr: [box, network_ip]}}
"""

BAD = """
  bad:
    type: OS::Heat::Docker
    properties: {Image: novadock/tiny, Cmd: [/bin/sh, -c, echo I have lost my way; exit 3]}
"""

BESIDE = """
  door:
    type: OS::Neutron::SecurityGroup
    properties: {rules: [{protocol: tcp, port_range_min: 8000, port_range_max: 8000}]}
  host:
    type: OS::Nova::Server
    properties: {image: novadock/tiny, flavor: m1.nano, security_groups: [{get_resource: door}]}
  web:
    type: DockerInc::Docker::Container
    properties:
      image: novadock/tiny
      cmd: [httpd, -f, -p, '8000', -h, /etc]
      port_bindings: {'8000': 8000}
      docker_endpoint: {list_join: ['', ['tcp://', {get_attr: [host, first_address]}, ':2375']]}
outputs:
  url: {value: {list_join: ['', ['http://', {get_attr: [host, first_address]}, ':8000/os-release']]}}
"""

PUBLISHED = """
  box:
    type: DockerInc::Docker::Container
    properties: {image: novadock/tiny, cmd: [/bin/sleep, '600'], port_bindings: {'80': ''}}
"""

PRIVILEGED = """
  box:
    type: DockerInc::Docker::Container
    properties: {image: novadock/tiny, privileged: true}
"""


class Containers(Story):
    """Each check has a stack of its own."""

    def __init__(self, cloud, folder: Path):
        super().__init__(cloud, folder)
        self.folder = folder

    def create(self, name: str, resources: str, *words: str) -> dict:
        template = self.folder / f"{name}.yaml"
        template.write_text(HEADER + resources)
        self.openstack("stack", "create", "-t", str(template), "--poll", "1", *words, name)
        ended = lambda: self.ended(name)
        return eventually("the end of the stack's making", ended)

    def ended(self, name: str):
        stack = self.json("stack", "show", name)
        return None if stack["stack_status"].endswith("IN_PROGRESS") else stack

    def output(self, stack: str, name: str) -> str:
        return self.json("stack", "output", "show", stack, name)["output_value"]

    def delete(self, name: str):
        self.openstack("stack", "delete", "--yes", "--wait", name)
        assert self.json("server", "list") == []
        left = engine.containers(self.cloud.installation())
        assert left == [], left

    def is_as_it_was_told(self):
        stack = self.create("linked", LINKED)
        assert stack["stack_status"] == "CREATE_COMPLETE", stack
        server = self.json("server", "show", "box")
        assert server["status"] == "ACTIVE", server
        container = engine.inspect(f"nova-{server['id']}")
        config, host = container["Config"], container["HostConfig"]
        assert (config["Hostname"], config["User"], config["Tty"]) == ("inner", "nobody", False), config
        assert "ROLE=database" in config["Env"] and "/data" in config["Volumes"], config
        assert (host["Memory"], host["CpuShares"], host["Dns"]) == (64 << 20, 512, ["10.9.9.9"]), host
        assert host["ReadonlyRootfs"] and host["CapDrop"] == ["MKNOD"] and not host["Privileged"], host
        assert host["RestartPolicy"]["Name"] == "unless-stopped", host
        assert not host["PortBindings"], host

    def knows_its_neighbour(self):
        address, hosts = self.output("linked", "address"), self.output("linked", "hosts")
        assert any(line.split() == [address, "store"] for line in hosts.splitlines()), hosts

    def keeps_its_ports_over_a_rebuild(self):
        stack = self.create("published", PUBLISHED)
        assert stack["stack_status"] == "CREATE_COMPLETE", stack
        guest = self.json("stack", "resource", "show", "published", "box")["physical_resource_id"]
        ports = lambda: engine.inspect(f"nova-{guest}")["HostConfig"]["PortBindings"]
        before = ports()
        assert list(before) == ["80/tcp"], before
        self.openstack("server", "rebuild", "--wait", guest)
        assert ports() == before
        self.delete("published")

    def sleeps_and_wakes(self):
        for word, status in (("suspend", "SHUTOFF"), ("resume", "ACTIVE")):
            self.openstack("stack", word, "--wait", "linked")
            assert self.status("box") == status

    def is_replaced_under_its_name(self):
        before = self.json("server", "show", "box")["id"]
        template = self.folder / "linked.yaml"
        template.write_text(HEADER + LINKED.replace("ROLE=database", "ROLE=other"))
        self.openstack("stack", "update", "--wait", "-t", str(template), "linked")
        assert self.json("server", "show", "box")["id"] != before
        self.delete("linked")

    def ends_badly(self):
        stack = self.create("bad", BAD)
        reason = stack["stack_status_reason"]
        assert stack["stack_status"] == "CREATE_FAILED", stack
        assert "exit code 3" in reason and reason.endswith("I have lost my way"), reason
        self.delete("bad")

    def lives_beside_a_server(self):
        stack = self.create("beside", BESIDE)
        assert stack["stack_status"] == "CREATE_COMPLETE", stack
        url = self.output("beside", "url")
        served = lambda: b"Novadock" in fetch(url)
        eventually("the container's page at the server's address", served, 20)
        host, web = (self.json("stack", "resource", "show", "beside", name)["physical_resource_id"] for name in ("host", "web"))
        before = engine.inspect(f"nova-{web}")
        self.openstack("server", "reboot", "--hard", "--wait", host)
        eventually("the page after a reboot of the server", served, 20)
        assert engine.inspect(f"nova-{web}")["Id"] == before["Id"]
        self.openstack("server", "rebuild", "--wait", host)
        eventually("the page beside a rebuilt server", served, 20)
        assert engine.inspect(f"nova-{web}")["Id"] != before["Id"]
        self.delete("beside")

    def is_refused_privileges(self):
        stack = self.create("privileged", PRIVILEGED)
        sentence = "A container with extended privileges is not allowed here."
        assert sentence in stack["stack_status_reason"], stack
        self.delete("privileged")


def fetch(url: str) -> bytes:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.read()
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return b""


def run(cloud, checks):
    with tempfile.TemporaryDirectory() as folder:
        containers = Containers(cloud, Path(folder))
        for name in (
            *("is_as_it_was_told", "knows_its_neighbour", "sleeps_and_wakes"),
            *("is_replaced_under_its_name", "ends_badly", "lives_beside_a_server"),
            "is_refused_privileges",
        ):
            checks.run(f"a container {name.replace('_', ' ')}", getattr(containers, name))
