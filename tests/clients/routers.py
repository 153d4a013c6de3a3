"""Routers and floating IPs, with packets: who reaches whom, and who no longer does."""

import concurrent.futures
import difflib
import os
import random
import re
import subprocess
import sys
import time

import engine
from checks import eventually

# How often a floating IP comes and goes before the host is looked at, and how often the service is
# killed while one does.
CYCLES = int(os.environ.get("NOVADOCK_CYCLES", "20"))
KILLS = 4
# What says how the host's network is; counts are no part of it.
HOST = (["iptables-save"], ["nft", "list", "ruleset"], ["ip", "-o", "link"], ["ip", "-o", "addr"], ["ip", "rule"])
COUNTS = re.compile(r"^#.*|\[\d+:\d+\]|counter packets \d+ bytes \d+|valid_lft \S+ preferred_lft \S+", re.M)
# Every guest takes logins at that port.
CONNECT = [
    *(sys.executable, "-c"),
    "import socket, sys; address, port = (sys.argv[1:] + [22])[:2]; socket.create_connection((address, port), 1)",
]


def reached_from_host(address: str, port: int = 22) -> bool:
    return subprocess.run([*CONNECT, address, str(port)], capture_output=True).returncode == 0


def host() -> str:
    """The host's rules, interfaces and addresses."""

    def said(command: list) -> str:
        try:
            return subprocess.run(command, capture_output=True, text=True).stdout
        except FileNotFoundError:
            return ""

    return COUNTS.sub("", "\n".join(said(command) for command in HOST))


def host_at_rest() -> str:
    """The same once nothing changes: what a guest loses goes from the rules a moment later, and that
    a bridge has lost its last guest the kernel says after up to a second."""

    def still():
        seen = host()
        time.sleep(1.5)
        return seen if host() == seen else None

    return eventually("a host at rest", still, 20)


def as_before(before: str):
    """Waits until the host is as it was; what is new or missing is the failure."""
    try:
        eventually("the host as it was", lambda: host() == before, 10)
    except AssertionError as late:
        differs = difflib.unified_diff(before.splitlines(), host().splitlines(), "before", "after", n=0, lineterm="")
        raise AssertionError("\n".join([str(late), *differs])) from None


class Story:
    """Two networks of one project, a guest on each, and a router that comes and goes."""

    def __init__(self, cloud):
        os.environ.update(cloud.environment("novadock"))
        import openstack

        self.cloud = cloud
        self.sdk = openstack.connect()
        self.networks, self.subnets, self.servers = [], [], []

    def guests(self):
        self.group = self.open_group(self.sdk)
        for number in range(2):
            for made, one in zip((self.networks, self.subnets, self.servers), self.guest(self.sdk, number)):
                made.append(one)

    def open_group(self, sdk):
        group = sdk.network.create_security_group(name="routed")
        sdk.network.create_security_group_rule(
            security_group_id=group.id, direction="ingress", ether_type="IPv4", protocol="tcp"
        )
        return group

    def guest(self, sdk, number: int) -> tuple:
        """A network, its subnet, a guest on it, in the project of whoever asks."""
        flavor, image = sdk.compute.find_flavor("m1.tiny"), sdk.image.find_image("novadock/tiny")
        network = sdk.network.create_network(name=f"routed-{number}")
        cidr = str(engine.free_range())
        subnet = sdk.network.create_subnet(network_id=network.id, ip_version=4, cidr=cidr)
        server = sdk.compute.create_server(
            name=f"routed-{number}",
            flavor_id=flavor.id,
            image_id=image.id,
            networks=[{"uuid": network.id}],
            security_groups=[{"name": "routed"}],
        )
        # The range of the next is looked for on the engine: this one must be there by then.
        return network, subnet, sdk.compute.wait_for_server(server, interval=0.5)

    def address(self, number: int) -> str:
        return self.port(number).fixed_ips[0]["ip_address"]

    def port(self, number: int):
        return next(self.sdk.network.ports(device_id=self.servers[number].id))

    def run(self, number: int, *command: str) -> subprocess.CompletedProcess:
        """A command in the network namespace of a guest, with the host's programs."""
        pid = engine.inspect(f"nova-{self.servers[number].id}")["State"]["Pid"]
        return subprocess.run(["nsenter", "-t", str(pid), "-n", *command], capture_output=True, text=True)

    def reaches(self, address: str, port: int = 22) -> bool:
        return self.run(0, *CONNECT, address, str(port)).returncode == 0

    def apart(self):
        eventually("a guest that listens", lambda: self.run(1, *CONNECT, self.address(1)).returncode == 0, 20)
        assert not self.reaches(self.address(1)), "another network without a router"

    def addressed(self):
        """An address more of a guest answers, also after a restart by another hand, until it goes."""
        server, network = self.servers[1].id, self.networks[1].id

        def act(action: dict):
            answer = self.sdk.compute.post(f"/servers/{server}/action", json=action, microversion="2.43")
            assert answer.status_code == 202, answer.text

        act({"addFixedIp": {"networkId": network}})
        more = self.port(1).fixed_ips[1]["ip_address"]
        eventually("an answer at the address", lambda: reached_from_host(more), 10)

        self.restart_by_hand(server)
        eventually("an answer after a restart", lambda: reached_from_host(more), 20)
        act({"removeFixedIp": {"address": more}})
        eventually("no answer", lambda: not reached_from_host(more), 10)

    def restart_by_hand(self, server: str):
        engine.post(f"/containers/nova-{server}/restart?t=0")

        def runs():
            # Who looks between the end and the start finds the server stopped, and stops its guest as Nova does.
            if self.sdk.compute.get_server(server).status == "SHUTOFF":
                self.sdk.compute.start_server(server)
            return self.listens()

        eventually("a guest that listens after a restart", runs, 20)

    def listens(self) -> bool:
        """Whether the second guest takes logins of its own."""
        return self.run(1, *CONNECT, "127.0.0.1").returncode == 0

    def taken_down(self):
        """A port that is down carries nothing, also after restarts by us and by another hand, until it is up."""
        port, server = self.port(1), self.servers[1].id
        address = self.address(1)
        assert reached_from_host(address), "before"
        shown = self.sdk.network.update_port(port, admin_state_up=False)
        assert shown.status == "DOWN", shown.status
        eventually("nobody behind a port that is down", lambda: not reached_from_host(address), 10)
        self.restart_by_hand(server)
        eventually("nobody after a restart by hand", lambda: not reached_from_host(address), 10)
        self.sdk.compute.reboot_server(server, "HARD")
        self.sdk.compute.wait_for_server(self.sdk.compute.get_server(server), interval=0.5)
        eventually("a guest that listens", self.listens, 20)
        eventually("nobody after a reboot", lambda: not reached_from_host(address), 10)
        shown = self.sdk.network.update_port(port, admin_state_up=True)
        assert shown.status == "ACTIVE", shown.status
        eventually("somebody behind a port that is up", lambda: reached_from_host(address), 10)

    def joined(self):
        self.router = self.sdk.network.create_router(name="routed")
        for subnet in self.subnets:
            self.sdk.network.add_interface_to_router(self.router, subnet_id=subnet.id)
        eventually("the neighbour behind the router", lambda: self.reaches(self.address(1)), 10)

    def led_by_a_guest(self):
        """What is behind a guest is reached by an extra route of the router, and not without."""
        behind = "198.18.7.1"
        route = {"destination": "198.18.7.0/24", "nexthop": self.address(1)}
        # The guest may answer under another address than its own, and has one.
        self.sdk.network.update_port(self.port(1), security_groups=[], port_security_enabled=False)
        before = host()
        assert self.run(1, "ip", "addr", "add", f"{behind}/32", "dev", "lo").returncode == 0
        assert not self.reaches(behind), "behind a guest without a route"
        self.sdk.network.add_extra_routes_to_router(self.router, {"router": {"routes": [route]}})
        eventually("what is behind the guest", lambda: self.reaches(behind), 10)
        self.cloud.kill()
        self.cloud.start()
        eventually("what is behind the guest, after kill -9", lambda: self.reaches(behind), 5)
        self.sdk.network.remove_extra_routes_from_router(self.router, {"router": {"routes": [route]}})
        eventually("nothing behind the guest", lambda: not self.reaches(behind), 10)
        as_before(before)
        self.run(1, "ip", "addr", "del", f"{behind}/32", "dev", "lo")
        group = [self.group.id]
        self.sdk.network.update_port(self.port(1), security_groups=group, port_security_enabled=True)

    def restarted(self):
        self.cloud.kill()
        self.cloud.start()
        assert self.reaches(self.address(1)), "across the router after a restart"

    def parted(self):
        self.sdk.network.remove_interface_from_router(self.router, subnet_id=self.subnets[1].id)
        eventually("no way across", lambda: not self.reaches(self.address(1)), 10)

    def closed(self):
        """What is beyond the bridge is not reached without a gateway, and is with one."""
        beyond = self.beyond()
        assert not self.reaches(beyond), "out without a gateway"
        public = self.sdk.network.find_network("public")
        self.sdk.network.update_router(self.router, external_gateway_info={"network_id": public.id})
        eventually("the way out", lambda: self.reaches(beyond), 10)

    def beyond(self) -> str:
        """The address of a guest on the external network: the second's, by a router of its own."""
        public = self.sdk.network.find_network("public")
        self.second = self.sdk.network.create_router(external_gateway_info={"network_id": public.id})
        self.sdk.network.add_interface_to_router(self.second, subnet_id=self.subnets[1].id)
        return self.lead(1)

    def lead(self, number: int) -> str:
        public = self.sdk.network.find_network("public")
        made = self.sdk.network.create_ip(floating_network_id=public.id, port_id=self.port(number).id)
        self.floating = made
        eventually("an active floating IP", lambda: self.sdk.network.get_ip(made.id).status == "ACTIVE", 10)
        return made.floating_ip_address

    def floats(self):
        address = self.floating.floating_ip_address
        assert reached_from_host(address), "the floating IP from the host"
        self.sdk.network.update_ip(self.floating, port_id=None)
        eventually("nobody there", lambda: not reached_from_host(address), 10)
        self.sdk.network.update_ip(self.floating, port_id=self.port(1).id)
        eventually("somebody there again", lambda: reached_from_host(address), 10)
        self.sdk.network.update_port(self.port(1), admin_state_up=False)
        eventually("nobody behind a port that is down", lambda: not reached_from_host(address), 10)
        self.sdk.network.update_port(self.port(1), admin_state_up=True)
        eventually("somebody behind a port that is up", lambda: reached_from_host(address), 10)
        self.sdk.network.update_router(self.second, admin_state_up=False)
        eventually("nobody behind a router that is down", lambda: not reached_from_host(address), 10)
        self.sdk.network.update_router(self.second, admin_state_up=True)
        eventually("somebody behind a router that is up", lambda: reached_from_host(address), 10)

    def killed(self):
        """Whatever the row says after kill -9 in the middle of an association, packets say, too."""
        address, port = self.floating.floating_ip_address, self.port(1).id

        def turn(number: int):
            try:
                self.sdk.network.update_ip(self.floating, port_id=port if number % 2 else None)
            except Exception:  # the service was just killed: that is what this is about
                pass

        for number in range(KILLS):
            with concurrent.futures.ThreadPoolExecutor(1) as background:
                background.submit(turn, number)
                time.sleep(random.random() / 5)
                self.cloud.kill()
            self.cloud.start()
            leads = self.sdk.network.get_ip(self.floating.id).port_id is not None
            eventually(f"a floating IP that leads: {leads}", lambda: reached_from_host(address) == leads, 10)

    def cycles(self):
        """A floating IP that came and went leaves the host as it was."""
        name = f"nova-{self.servers[1].id}"
        port, address = self.port(1).id, self.floating.floating_ip_address

        def has_it() -> bool:
            there = engine.inspect(name)["NetworkSettings"]["Networks"].values()
            return any(address == one["IPAddress"] for one in there)

        def lead(to):
            self.sdk.network.put(f"/floatingips/{self.floating.id}", json={"floatingip": {"port_id": to}})
            eventually("what was asked for", lambda: has_it() == bool(to), 10)

        # With the first goes what a kill has left at the gate of guests.
        lead(port)
        lead(None)
        before, began = host_at_rest(), time.monotonic()
        for _ in range(CYCLES):
            lead(port)
            lead(None)
        seconds = time.monotonic() - began
        as_before(before)
        print(f"     {CYCLES} associations and dissociations in {seconds:.1f} s, the host as before", flush=True)
        lead(port)
        eventually("somebody there again", lambda: reached_from_host(address), 10)

    def forwards(self):
        """A port of an address that nobody has leads to the guest, and nothing else of the address."""
        public = self.sdk.network.find_network("public")
        floating = self.sdk.network.create_ip(floating_network_id=public.id)
        address = floating.floating_ip_address
        # The guest that another floating IP leads to is on the external network: what it sees is seen there.
        outside = self.run(1, *CONNECT, address, "2222")
        assert outside.returncode != 0 and not reached_from_host(address, 2222), "nobody yet"
        made = self.sdk.network.create_floating_ip_port_forwarding(
            floating,
            internal_port_id=self.port(0).id,
            internal_ip_address=self.address(0),
            internal_port=22,
            external_port=2222,
            protocol="tcp",
        )
        eventually("an active floating IP", lambda: self.sdk.network.get_ip(floating.id).status == "ACTIVE", 10)
        self.forwarded(address, 2222)
        assert not reached_from_host(address), "a port that is not forwarded"
        self.cloud.kill()
        self.cloud.start()
        self.forwarded(address, 2222)
        self.sdk.network.update_floating_ip_port_forwarding(floating, made, external_port=2223)
        eventually("the other port", lambda: reached_from_host(address, 2223), 10)
        assert not reached_from_host(address, 2222), "the port of before"
        self.sdk.network.delete_floating_ip_port_forwarding(floating, made)
        eventually("nobody there", lambda: not reached_from_host(address, 2223), 10)
        eventually("a host that knows nothing of the address", lambda: f" {address}/" not in host(), 10)
        self.sdk.network.delete_ip(floating)

    def forwarded(self, address: str, port: int):
        assert reached_from_host(address, port), "a forwarded port from the host"
        # A guest that asked in vain who has the address asks again after a second only.
        from_outside = [*CONNECT, address, str(port)]
        eventually("a forwarded port from outside", lambda: self.run(1, *from_outside).returncode == 0, 5)

    def between_projects(self):
        """Two projects meet where one shares its network, and the other's router joins it."""
        import openstack

        operator, mine = openstack.connect(cloud="novadock-admin"), self.sdk.current_project_id
        group = self.open_group(operator)
        network, _, server = self.guest(operator, 2)
        theirs = next(operator.network.ports(device_id=server.id)).fixed_ips[0]["ip_address"]
        pid = engine.inspect(f"nova-{server.id}")["State"]["Pid"]
        own = ["nsenter", "-t", str(pid), "-n", *CONNECT, theirs]
        eventually("a guest that listens", lambda: subprocess.run(own, capture_output=True).returncode == 0, 20)
        assert not self.reaches(theirs), "the guest of another project"
        assert not self.sdk.network.find_network(network.id), "the network of another project"
        policy = operator.network.create_rbac_policy(
            object_type="network", object_id=network.id, action="access_as_shared", target_project_id=mine
        )
        assert not self.reaches(theirs), "the guest of another project, on a shared network"
        port = self.sdk.network.create_port(network_id=network.id)
        self.sdk.network.add_interface_to_router(self.router, port_id=port.id)
        eventually("the neighbour by a shared network", lambda: self.reaches(theirs), 10)
        self.sdk.network.remove_interface_from_router(self.router, port_id=port.id)
        eventually("no way across", lambda: not self.reaches(theirs), 10)
        operator.network.delete_rbac_policy(policy)
        assert not self.sdk.network.find_network(network.id), "a network that is shared no more"
        operator.compute.delete_server(server)
        operator.compute.wait_for_delete(server, interval=0.5)
        operator.network.delete_network(network)
        operator.network.delete_security_group(group)

    def gone(self):
        self.sdk.network.delete_ip(self.floating)
        for router, subnet in [(self.router, self.subnets[0]), (self.second, self.subnets[1])]:
            self.sdk.network.remove_interface_from_router(router, subnet_id=subnet.id)
            self.sdk.network.delete_router(router)
        for server in self.servers:
            self.sdk.compute.delete_server(server)
            self.sdk.compute.wait_for_delete(server, interval=0.5)
        for network in self.networks:
            self.sdk.network.delete_network(network)
        self.sdk.network.delete_security_group(self.group)


def run(cloud, checks):
    story = Story(cloud)
    checks.run("two guests on two networks", story.guests)
    checks.run("networks are apart", story.apart)
    checks.run("an address more on an interface", story.addressed)
    checks.run("a port is taken down and up", story.taken_down)
    checks.run("a router joins them", story.joined)
    checks.run("an extra route leads by a guest", story.led_by_a_guest)
    checks.run("after kill -9 it still does", story.restarted)
    checks.run("without the router they are apart again", story.parted)
    checks.run("out by a gateway only", story.closed)
    checks.run("a floating IP leads from the host to the guest", story.floats)
    checks.run(f"kill -9 in the middle of {KILLS} associations", story.killed)
    checks.run(f"{CYCLES} associations leave the host as it was", story.cycles)
    checks.run("a port of a floating IP leads to a guest", story.forwards)
    checks.run("two projects meet by a shared network only", story.between_projects)
    checks.run("everything goes", story.gone)
