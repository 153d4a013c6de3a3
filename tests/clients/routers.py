"""Routers and floating IPs, with packets: who reaches whom, and who no longer does."""

import os
import subprocess
import sys

import engine
from checks import eventually



# Every guest takes logins at that port.
CONNECT = [sys.executable, "-c", "import socket, sys; socket.create_connection((sys.argv[1], 22), 1)"]


def reached_from_host(address: str) -> bool:
    return subprocess.run([*CONNECT, address], capture_output=True).returncode == 0


class Story:
    """Two networks of one project, a guest on each, and a router that comes and goes."""

    def __init__(self, cloud):
        os.environ.update(cloud.environment("novadock"))
        import openstack

        self.cloud = cloud
        self.sdk = openstack.connect()
        self.networks, self.subnets, self.servers = [], [], []

    def guests(self):
        flavor, image = self.sdk.compute.find_flavor("m1.tiny"), self.sdk.image.find_image("novadock/tiny")
        self.group = self.sdk.network.create_security_group(name="routed")
        self.sdk.network.create_security_group_rule(
            security_group_id=self.group.id, direction="ingress", ether_type="IPv4", protocol="tcp"
        )
        for number in range(2):
            network = self.sdk.network.create_network(name=f"routed-{number}")
            cidr = str(engine.free_range())
            self.networks.append(network)
            self.subnets.append(
                self.sdk.network.create_subnet(network_id=network.id, ip_version=4, cidr=cidr)
            )
            server = self.sdk.compute.create_server(
                name=f"routed-{number}",
                flavor_id=flavor.id,
                image_id=image.id,
                networks=[{"uuid": network.id}],
                security_groups=[{"name": "routed"}],
            )
            # The range of the next is looked for on the engine: this one must be there by then.
            self.servers.append(self.sdk.compute.wait_for_server(server, interval=0.5))

    def address(self, number: int) -> str:
        return self.port(number).fixed_ips[0]["ip_address"]

    def port(self, number: int):
        return next(self.sdk.network.ports(device_id=self.servers[number].id))

    def run(self, number: int, *command: str) -> subprocess.CompletedProcess:
        """A command in the network namespace of a guest, with the host's programs."""
        pid = engine.inspect(f"nova-{self.servers[number].id}")["State"]["Pid"]
        return subprocess.run(["nsenter", "-t", str(pid), "-n", *command], capture_output=True, text=True)

    def reaches(self, address: str) -> bool:
        return self.run(0, *CONNECT, address).returncode == 0

    def apart(self):
        eventually("a guest that listens", lambda: self.run(1, *CONNECT, self.address(1)).returncode == 0, 20)
        assert not self.reaches(self.address(1)), "another network without a router"

    def joined(self):
        self.router = self.sdk.network.create_router(name="routed")
        for subnet in self.subnets:
            self.sdk.network.add_interface_to_router(self.router, subnet_id=subnet.id)
        eventually("the neighbour behind the router", lambda: self.reaches(self.address(1)), 10)

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
    checks.run("a router joins them", story.joined)
    checks.run("after kill -9 it still does", story.restarted)
    checks.run("without the router they are apart again", story.parted)
    checks.run("out by a gateway only", story.closed)
    checks.run("a floating IP leads from the host to the guest", story.floats)
    checks.run("everything goes", story.gone)
