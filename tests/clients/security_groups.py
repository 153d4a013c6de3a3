"""Security groups and port security with real packets: each check once with its cause and once without."""

import socket
import subprocess
import time
from pathlib import Path

import engine
import sdk
from checks import eventually

# Where the guest's SSH server listens.
PORT = 22
# Every change must have come through by then.
SOON = 1.0


# A range of IPv6 of the network, where the host has it.
RANGE_6 = "fd0d:0c6e:5ec9::/64"
HAS_6 = Path("/proc/net/if_inet6").exists()


class Groups:
    """Two servers on a network behind a router: `web`, which listens, in a group of its own; `other`."""

    def __init__(self, cloud):
        self.cloud = cloud
        self.connection = None
        self.group = self.network = self.router = self.floating = None
        self.servers = {}

    def servers_boot(self):
        self.connection = sdk.connection(self.cloud)
        self.group = self.connection.network.create_security_group(name="web")
        image = self.connection.image.find_image("novadock/tiny")
        flavor = self.connection.compute.find_flavor("m1.tiny")
        network = self.network = self.behind_a_router()
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

    def behind_a_router(self):
        sdk = self.connection.network
        network = sdk.create_network(name="guarded")
        subnet = sdk.create_subnet(network_id=network.id, ip_version=4, cidr=str(engine.free_range()))
        if HAS_6:
            sdk.create_subnet(network_id=network.id, ip_version=6, cidr=RANGE_6)
        public = sdk.find_network("public")
        self.router = sdk.create_router(external_gateway_info={"network_id": public.id})
        sdk.add_interface_to_router(self.router, subnet_id=subnet.id)
        return network

    def guest(self, server: str, command: str) -> str:
        """Runs a command in the guest; its output if it succeeds, else nothing."""
        name = f"nova-{self.servers[server].id}"
        done = subprocess.run(["docker", "exec", name, "sh", "-c", command], capture_output=True, text=True)
        return done.stdout if done.returncode == 0 else ""

    def address(self, server: str, version: int = 4) -> str:
        rows = self.servers[server].addresses["guarded"]
        return next(row["addr"] for row in rows if row["version"] == version)

    def port(self, server: str):
        return next(self.connection.network.ports(device_id=self.servers[server].id))

    def from_host(self) -> bool:
        """Whether the host reaches what `web` serves."""
        return reached(self.address("web"))

    def from_outside(self) -> bool:
        """Whether it does so at the floating IP."""
        return reached(self.floating.floating_ip_address)

    def from_other(self) -> bool:
        return bool(self.guest("other", f"nc -w 1 {self.address('web')} {PORT} </dev/null >/dev/null && echo yes"))

    def ping(self, version: int = 4) -> bool:
        return bool(self.guest("other", f"ping -c 1 -W 1 {self.address('web', version)}"))

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

    def ipv6(self):
        if not HAS_6:
            return
        ping = lambda: self.ping(6)
        assert not ping(), "neighbours are found, and no more"
        rule = self.rule(ethertype="IPv6", protocol="ipv6-icmp")
        soon("ICMPv6 by its rule", ping)
        assert not self.ping(), "the rule is of IPv6"
        self.without(rule, ping)

    def at_floating_ip(self):
        sdk = self.connection.network
        public = sdk.find_network("public")
        self.floating = sdk.create_ip(floating_network_id=public.id, port_id=self.port("web").id)
        eventually("an active floating IP", lambda: sdk.get_ip(self.floating.id).status == "ACTIVE", 10)
        assert not self.from_outside(), "an address opens nothing"
        rule = self.rule(protocol="tcp", port_range_min=PORT, port_range_max=PORT)
        soon("TCP at the floating IP", self.from_outside)
        self.without(rule, self.from_outside)
        rule = self.rule(protocol="tcp", remote_ip_prefix="198.51.100.0/24")
        time.sleep(SOON)
        assert not self.from_outside(), "another prefix"
        sdk.delete_security_group_rule(rule)
        sdk.delete_ip(self.floating)

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
        subprocess.run([*inside, "ip", "address", "add", f"{forged}/24", "dev", "eth0"], check=True)

        def heard() -> bool:
            return bool(self.guest("other", f"ping -c 1 -W 1 -I {forged} {gateway}"))

        gateway = self.gateway("other")
        assert self.guest("other", f"ping -c 1 -W 1 {gateway}") and not heard()
        port = self.port("other")
        self.connection.network.update_port(port, allowed_address_pairs=[{"ip_address": forged}])
        soon("heard by its pair", heard)
        self.connection.network.update_port(port, allowed_address_pairs=[])
        soon("forged again", lambda: not heard())

    def gateway(self, server: str) -> str:
        return self.guest(server, "ip route | sed -n 's/default via \\([^ ]*\\).*/\\1/p'").strip()

    def port_security(self):
        port = self.port("web")
        groups = port.security_group_ids
        self.connection.network.update_port(port, security_groups=[], port_security_enabled=False)
        soon("everything passes", lambda: self.from_host() and self.ping())
        self.connection.network.update_port(port, security_groups=groups, port_security_enabled=True)
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
            eventually("ICMP after a reboot by " + by, self.up_again, 10)
            assert not self.from_host(), by
        self.without(rule, self.ping)

    def up_again(self) -> bool:
        """A guest that was seen between its end and its start counts as stopped by its user, and stays so."""
        web = self.connection.compute.get_server(self.servers["web"].id)
        if web.status == "SHUTOFF" and not web.task_state:
            self.connection.compute.start_server(web)
        return self.ping()

    def clear(self):
        for server in self.servers.values():
            self.connection.compute.delete_server(server)
        for server in self.servers.values():
            self.connection.compute.wait_for_delete(server, interval=0.2)
        self.connection.network.delete_security_group(self.group)
        for subnet in self.connection.network.subnets(network_id=self.network.id, ip_version=4):
            self.connection.network.remove_interface_from_router(self.router, subnet_id=subnet.id)
        self.connection.network.delete_router(self.router)
        self.connection.network.delete_network(self.network)


def reached(address: str) -> bool:
    try:
        with socket.create_connection((address, PORT), timeout=0.3):
            return True
    except OSError:
        return False


def soon(what: str, holds, seconds: float = SOON):
    """It holds within a second, once the packet that shows it is answered or lost."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds + 1, f"not {what} within {seconds} s"


def set_enforcement(cloud, mode: str):
    cloud.stop()
    cloud.settings["NOVADOCK_NETWORK_ENFORCE_SECURITY_GROUPS"] = mode
    cloud.start()


def run(cloud, checks):
    set_enforcement(cloud, "auto")
    groups = Groups(cloud)
    for name, check in [
        ("two servers boot with security groups", groups.servers_boot),
        ("nothing reaches a server by itself", groups.nothing_by_default),
        ("a rule lets TCP to a port in", groups.tcp),
        ("a rule lets ICMP of a type in", groups.icmp),
        ("a rule lets IPv6 in", groups.ipv6),
        ("a rule lets a prefix in", groups.prefix),
        ("a rule opens and closes a floating IP", groups.at_floating_ip),
        ("a rule lets the members of a group in", groups.members),
        ("without an egress rule nothing goes out but answers", groups.egress),
        ("a forged source is refused, and an allowed pair is not", groups.spoofed),
        ("without port security everything passes", groups.port_security),
        ("filters hold over a kill of the service", groups.restart),
        ("filters hold over reboots", groups.reboot),
        ("servers with security groups go", groups.clear),
    ]:
        checks.run(name, check)
    set_enforcement(cloud, "off")
