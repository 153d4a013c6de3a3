"""A cloud on the simulated engine, furnished as the recorded one was, and who asks it."""

import os
import sys
from pathlib import Path

import requests

sys.path.append(str(Path(__file__).parents[1]))

from checks import eventually  # noqa: E402
from cloud import Cloud  # noqa: E402

PASSWORD = "secret"  # of everybody who was recorded
VERSION = {"OpenStack-API-Version": "compute 2.96"}
QUOTAS = ("instances", "cores", "ram")
FLAVOR = "1"


class World:
    """What the recorded world had, by the names that the tables give it."""

    def __init__(self, cloud: Cloud, group: str):
        self.url = cloud.url
        self.tokens = {"stranger": "nobody's token"}
        admin, demo = self.login("admin", "admin"), self.login("demo", "member")
        self.login("demo", "subject")
        self.login("demo", "unscoped", is_scoped=False)
        self.ids = {"admin": admin["project"]["id"], "demo": demo["project"]["id"]}
        self.ids["token"] = self.tokens["subject"]
        self.furnish()
        here = [{"uuid": self.ids["network"]}]
        if group in ("actions", "compute_misc"):
            self.ids |= {"server": self.server("member", here), "second": self.server("member", here)}
        if group == "errors":
            self.ids |= {"server": self.server("member", "none"), "foreign": self.server("admin", "none")}

    def login(self, name: str, token: str, is_scoped: bool = True) -> dict:
        """The token of a user in the project of his name, kept under a name of its own."""
        domain = {"id": "default"}
        user = {"name": name, "domain": domain, "password": PASSWORD}
        scope = {"project": {"name": name, "domain": domain}} if is_scoped else "unscoped"
        identity = {"methods": ["password"], "password": {"user": user}}
        answer = self.ask("nobody", "POST", "/identity/v3/auth/tokens", {"auth": {"identity": identity, "scope": scope}})
        self.tokens[token] = answer.headers["X-Subject-Token"]
        return answer.json()["token"]

    def ask(self, who: str, verb: str, path: str, body=None, headers=None) -> requests.Response:
        """A request, as somebody; a body that is a text goes as it is."""
        token = {"X-Auth-Token": self.tokens[who]} if who in self.tokens else {}
        content = {"data": body.encode()} if isinstance(body, str) else {"json": body}
        told = token | (headers or {})
        return requests.request(verb, self.url + path, headers=told, allow_redirects=False, timeout=60, **content)

    def made(self, who: str, verb: str, path: str, body=None):
        """What a request that has to succeed answers."""
        answer = self.ask(who, verb, path, body, VERSION)
        assert answer.ok, f"{verb} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else {}

    def furnish(self) -> None:
        """One network, of the member's project; no limits; one image."""
        for network in self.made("admin", "GET", "/network/v2.0/networks")["networks"]:
            self.made("admin", "DELETE", f"/network/v2.0/networks/{network['id']}")
        network = {"network": {"name": "demo-net"}}
        self.ids["network"] = self.made("member", "POST", "/network/v2.0/networks", network)["network"]["id"]
        subnet = {"network_id": self.ids["network"], "name": "demo-subnet", "ip_version": 4, "cidr": "10.10.0.0/16"}
        self.made("member", "POST", "/network/v2.0/subnets", {"subnet": subnet})
        quota = {"quota_set": dict.fromkeys(QUOTAS, -1)}
        self.made("admin", "PUT", f"/compute/v2.1/os-quota-sets/{self.ids['demo']}", quota)
        images = eventually("an image", lambda: self.made("member", "GET", "/image/v2/images")["images"])
        image = {"name": "cirros", "container_format": "docker", "disk_format": "raw", "visibility": "public"}
        image["docker_image"] = images[0]["docker_image"]
        self.ids["image"] = self.made("admin", "POST", "/image/v2/images", image)["id"]
        services = self.made("admin", "GET", "/compute/v2.1/os-services?binary=nova-compute")["services"]
        self.ids["host"] = services[0]["host"]

    def server(self, who: str, networks) -> str:
        """A server of somebody."""
        server = {"name": "act", "flavorRef": FLAVOR, "imageRef": self.ids["image"], "networks": networks}
        made = self.made(who, "POST", "/compute/v2.1/servers", {"server": server})["server"]["id"]
        self.settle()
        return made

    def settle(self) -> None:
        """Waits until nothing is under way."""
        eventually("an end of all that is under way", lambda: not self.busy(), 20)

    def busy(self) -> list:
        servers = self.made("admin", "GET", "/compute/v2.1/servers/detail?all_tenants=1")["servers"]
        tasks = [server["id"] for server in servers if server["OS-EXT-STS:task_state"]]
        stacks = self.made("member", "GET", f"/orchestration/v1/{self.ids['demo']}/stacks")["stacks"]
        return tasks + [stack["id"] for stack in stacks if stack["stack_status"].endswith("_IN_PROGRESS")]


def start(cloud: Cloud, group: str) -> World:
    """A new cloud for the story of one recording."""
    os.environ |= {"NOVADOCK_ADMIN_PASSWORD": PASSWORD, "NOVADOCK_DEMO_PASSWORD": PASSWORD}
    cloud.reset()
    cloud.start()
    return World(cloud, group)
