"""Security groups and port security with real packets: each check once with its cause and once without."""

import socket
import subprocess
import time

import openstack

import engine
import sdk
from checks import eventually

# Where the guest's SSH server listens.
PORT = 22
# Every change must have come through by then.
SOON = 1.0


class Groups:
    """Two servers on the shared network: `web`, which listens, in a group of its own; `other`."""

    def __init__(self, cloud):
        self.cloud = cloud
        self.connection = None
        self.group = None
        self.servers = {}

    def servers_boot(self):
        self.connection = sdk.connection(self.cloud)
        self.group = self.connection.network.create_security_group(name="web")
        image = self.connection.image.find_image("novadock/tiny")
        flavor = self.connection.compute.find_flavor("m1.tiny")
        network = self.connection.network.find_network("shared")
        for name, group in (("web", "web"), ("other", "default")):
            self.servers[name] = self.connection.compute.create_server(
                name=name,
                image_id=image.id,
                flavor_id=flavor.id,
                networks=[{"uuid": network.id}],
                security_groups=[{"name": group}],
            )
        for name, server in self.servers.items():
            self.servers[name] = self.connection.compute.wait_for_server(server, interval=0.2)

    def guest(self, server: str, command: str) -> str:
        """Runs a command in the guest; its output if it succeeds, else nothing."""
        name = f"nova-{self.servers[server].id}"
        done = subprocess.run(["docker", "exec", name, "sh", "-c", command], capture_output=True, text=True)
        return done.stdout if done.returncode == 0 else ""

    def address(self, server: str) -> str:
        return self.servers[server].addresses["shared"][0]["addr"]

    def admin(self):
        """The shared network is the administrators', and so is what its ports may send."""
        return openstack.connect(cloud="novadock-admin").network

    def port(self, server: str):
        return next(self.connection.network.ports(device_id=self.servers[server].id))

    def from_host(self) -> bool:
        """Whether the host reaches what `web` serves."""
        try:
            with socket.create_connection((self.address("web"), PORT), timeout=0.3):
                return True
        except OSError:
            return False

    def from_other(self) -> bool:
        return bool(self.guest("other", f"nc -w 1 {self.address('web')} {PORT} </dev/null >/dev/null && echo yes"))

    def ping(self) -> bool:
        return bool(self.guest("other", f"ping -c 1 -W 1 {self.address('web')}"))

    def rule(self, **what):
        what = {"direction": "ingress", "ethertype": "IPv4"} | what
        return self.connection.network.create_security_group_rule(security_group_id=self.group.id, **what)

    def without(self, rule, seen):
        """Takes the rule away; what it let through stops within a second."""
        self.connection.network.delete_security_group_rule(rule)
        soon("gone with its rule", lambda: not seen())

    def nothing_by_default(self):
        assert not self.from_host() and not self.from_other() and not self.ping()

    def tcp(self):
        rule = self.rule(protocol="tcp", port_range_min=PORT - 1, port_range_max=PORT)
        soon("TCP by its rule", self.from_host)
        assert not self.ping()
        self.without(rule, self.from_host)

    def icmp(self):
        rule = self.rule(protocol="icmp", port_range_min=8, port_range_max=0)
        soon("ICMP by its rule", self.ping)
        assert not self.from_host()
        self.without(rule, self.ping)

    def prefix(self):
        rule = self.rule(protocol="tcp", remote_ip_prefix=f"{self.address('other')}/32")
        soon("TCP from a prefix", self.from_other)
        assert not self.from_host()
        self.without(rule, self.from_other)

    def members(self):
        members = self.connection.network.create_security_group(name="members")
        rule = self.rule(protocol="tcp", remote_group_id=members.id)
        time.sleep(SOON)
        assert not self.from_other() and not self.from_host()
        port = self.port("other")
        groups = port.security_group_ids
        self.connection.network.update_port(port, security_groups=[*groups, members.id])
        soon("TCP from a member", self.from_other)
        assert not self.from_host()
        self.connection.network.update_port(port, security_groups=groups)
        soon("no member any more", lambda: not self.from_other())
        self.connection.network.delete_security_group_rule(rule)
        self.connection.network.delete_security_group(members)

    def egress(self):
        everything = self.rule(protocol="tcp")
        way_out = [
            rule
            for rule in self.connection.network.security_group_rules(security_group_id=self.group.id)
            if rule.direction == "egress"
        ]
        gateway = self.gateway("web")

        def out() -> bool:
            return bool(self.guest("web", f"ping -c 1 -W 1 {gateway}"))

        assert out(), "no way out at first"
        for rule in way_out:
            self.connection.network.delete_security_group_rule(rule)
        soon("no way out", lambda: not out())
        assert self.from_host(), "answers pass without an egress rule"
        url = "http://169.254.169.254/openstack/latest/meta_data.json"
        said = self.guest("web", f"timeout 3 wget -q -O- {url} 2>&1 || true")
        assert "name" in said, f"metadata: {said}"
        self.rule(direction="egress")
        soon("a way out", out)
        self.without(everything, self.from_host)

    def spoofed(self):
        """An address that is not the guest's is refused, until it is allowed."""
        own = self.address("other")
        forged = own.rsplit(".", 1)[0] + ".250"
        pid = engine.inspect(f"nova-{self.servers['other'].id}")["State"]["Pid"]
        inside = ["nsenter", "-t", str(pid), "-n"]
        subprocess.run([*inside, "ip", "address", "add", f"{forged}/20", "dev", "eth0"], check=True)

        def heard() -> bool:
            return bool(self.guest("other", f"ping -c 1 -W 1 -I {forged} {gateway}"))

        admin = self.admin()
        gateway = self.gateway("other")
        assert self.guest("other", f"ping -c 1 -W 1 {gateway}") and not heard()
        port = self.port("other")
        admin.update_port(port, allowed_address_pairs=[{"ip_address": forged}])
        soon("heard by its pair", heard)
        admin.update_port(port, allowed_address_pairs=[])
        soon("forged again", lambda: not heard())

    def gateway(self, server: str) -> str:
        return self.guest(server, "ip route | sed -n 's/default via \\([^ ]*\\).*/\\1/p'").strip()

    def port_security(self):
        admin, port = self.admin(), self.port("web")
        groups = port.security_group_ids
        admin.update_port(port, security_groups=[], port_security_enabled=False)
        soon("everything passes", lambda: self.from_host() and self.ping())
        admin.update_port(port, security_groups=groups, port_security_enabled=True)
        soon("nothing passes", lambda: not self.from_host() and not self.ping())

    def restart(self):
        """What changes while the service is away holds as soon as it is back; nothing opens meanwhile."""
        rule = self.rule(protocol="icmp")
        self.cloud.kill()
        self.cloud.start()
        self.connection = sdk.connection(self.cloud)
        soon("ICMP after a kill", self.ping, 5)
        assert not self.from_host()
        self.without(rule, self.ping)

    def reboot(self):
        rule = self.rule(protocol="icmp")
        soon("ICMP by its rule", self.ping)
        for by in ("the API", "hand"):
            if by == "hand":
                subprocess.run(["docker", "restart", "-t", "0", f"nova-{self.servers['web'].id}"], check=True, capture_output=True)
            else:
                self.connection.compute.reboot_server(self.servers["web"], "HARD")
                time.sleep(0.5)
                self.connection.compute.wait_for_server(self.servers["web"], interval=0.2)
            eventually("ICMP after a reboot by " + by, self.ping, 5)
            assert not self.from_host(), by
        self.without(rule, self.ping)

    def clear(self):
        for server in self.servers.values():
            self.connection.compute.delete_server(server)
        for server in self.servers.values():
            self.connection.compute.wait_for_delete(server, interval=0.2)
        self.connection.network.delete_security_group(self.group)


def soon(what: str, holds, seconds: float = SOON):
    """It holds within a second, once the packet that shows it is answered or lost."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds + 1, f"not {what} within {seconds} s"


def run(cloud, checks):
    groups = Groups(cloud)
    for name, check in [
        ("two servers boot with security groups", groups.servers_boot),
        ("nothing reaches a server by itself", groups.nothing_by_default),
        ("a rule lets TCP to a port in", groups.tcp),
        ("a rule lets ICMP of a type in", groups.icmp),
        ("a rule lets a prefix in", groups.prefix),
        ("a rule lets the members of a group in", groups.members),
        ("without an egress rule nothing goes out but answers", groups.egress),
        ("a forged source is refused, and an allowed pair is not", groups.spoofed),
        ("without port security everything passes", groups.port_security),
        ("filters hold over a kill of the service", groups.restart),
        ("filters hold over reboots", groups.reboot),
        ("servers with security groups go", groups.clear),
    ]:
        checks.run(name, check)
