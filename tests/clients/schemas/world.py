"""A cloud on the simulated engine, and one of each thing that an operation asks for."""

import functools
import itertools
import sys
from pathlib import Path

import requests
import yaml

sys.path.append(str(Path(__file__).parents[1]))  # last: a file there is called like the package `nova`

from checks import eventually  # noqa: E402
from cloud import Cloud  # noqa: E402

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIF/5bnqUrVEEl2c2t1Cb9rKBd2kz5Zy7nNJgHhYn8mF4 someone"
NOBODY = "6f0cb4a5-a3f4-44d6-8a34-c8a1d1a4a111"  # the id of nothing

# State → the actions that lead there from ACTIVE, each with what the status is then.
STATES = {
    "active": [],
    "stopped": [("os-stop", None, "SHUTOFF")],
    "paused": [("pause", None, "PAUSED")],
    "suspended": [("suspend", None, "SUSPENDED")],
    "shelved": [("shelve", None, "SHELVED")],
    "offloaded": [("shelve", None, "SHELVED"), ("shelveOffload", None, "SHELVED_OFFLOADED")],
    "rescued": [("rescue", None, "RESCUE")],
    "resized": [("resize", {"flavorRef": "larger"}, "VERIFY_RESIZE")],
    "locked": [("lock", None, "ACTIVE")],
    "broken": [("os-resetState", {"state": "error"}, "ERROR")],
}


class World:
    """The administrator, and what he has made so far."""

    def __init__(self, cloud: Cloud):
        self.url = cloud.url
        self.session = requests.Session()
        self.names = (f"thing-{number}" for number in itertools.count())
        entry = yaml.safe_load((cloud.data_dir / "clouds.yaml").read_text())["clouds"]["novadock-admin"]["auth"]
        domain = {"id": "default"}
        user = {"name": "admin", "domain": domain, "password": entry["password"]}
        identity = {"methods": ["password"], "password": {"user": user}}
        scope = {"project": {"name": "admin", "domain": domain}}
        body = {"auth": {"identity": identity, "scope": scope}}
        answer = self.session.post(self.url + "/identity/v3/auth/tokens", json=body)
        self.session.headers["X-Auth-Token"] = answer.headers["X-Subject-Token"]
        token = answer.json()["token"]
        self.project, self.user = token["project"]["id"], token["user"]["id"]
        projects = self.get("/identity/v3/projects?name=demo")["projects"]
        self.other = projects[0]["id"]
        self.network = self.get("/network/v2.0/networks?name=shared")["networks"][0]["id"]
        self.make("PUT", f"/os-quota-sets/{self.project}", {"quota_set": dict.fromkeys(QUOTAS, -1)})
        quota = {"quota": dict.fromkeys(("security_group", "security_group_rule", "port", "floatingip"), -1)}
        self.session.put(f"{self.url}/network/v2.0/quotas/{self.project}", json=quota).raise_for_status()

    def ask(self, verb: str, path: str, minor: int = 1, body=None, query=None) -> requests.Response:
        """A call of the compute API at a version."""
        headers = {"OpenStack-API-Version": f"compute 2.{minor}", "X-OpenStack-Nova-API-Version": f"2.{minor}"}
        address = f"{self.url}/compute/v2.1{path}"
        return self.session.request(verb, address, json=body, params=query, headers=headers)

    def make(self, verb: str, path: str, body=None, minor: int = 96) -> dict:
        """A call that has to succeed."""
        answer = self.ask(verb, path, minor, body)
        assert answer.ok, f"{verb} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else {}

    def get(self, path: str) -> dict:
        """What another service answers."""
        return self.session.get(self.url + path).json()

    def add(self, collection: str, name: str, about: dict) -> str:
        """A new thing of the network service."""
        answer = self.session.post(f"{self.url}/network/v2.0/{collection}", json={name: about})
        answer.raise_for_status()
        return answer.json()[name]["id"]

    def fresh(self) -> str:
        """A name that nothing has."""
        return next(self.names)

    # Kept: one for all who look.

    @functools.cached_property
    def image(self) -> str:
        """The image that the engine has."""
        return eventually("an image", lambda: self.get("/image/v2/images")["images"])[0]["id"]

    @functools.cached_property
    def small(self) -> str:
        """A flavor that everybody may use, with everything that a flavor shows."""
        return self.flavor()

    @functools.cached_property
    def larger(self) -> str:
        """Another flavor to resize to."""
        return self.flavor(ram=128)

    @functools.cached_property
    def private(self) -> str:
        """A flavor that is not for everybody."""
        return self.lent()

    @functools.cached_property
    def service(self) -> dict:
        """The compute service of the one host."""
        return self.make("GET", "/os-services?binary=nova-compute")["services"][0]

    @functools.cached_property
    def hypervisor(self) -> dict:
        """The one host as a hypervisor."""
        return self.make("GET", "/os-hypervisors")["hypervisors"][0]

    @functools.cached_property
    def server(self) -> str:
        """A server with everything that a server shows."""
        group = self.server_group()
        made = self.create(
            {"tags": ["a", "b"], "metadata": {"colour": "green"}, "description": "one", "key_name": self.keypair()}
            | {"user_data": "IyEvYmluL3NoCg=="},
            {"group": group},
        )
        self.make("POST", f"/servers/{made}/action", {"lock": {"locked_reason": "kept"}})
        self.make("POST", f"/servers/{made}/action", {"unlock": None})
        return made

    @functools.cached_property
    def migrated(self) -> str:
        """A server with a migration."""
        return self.ready("resized")

    @functools.cached_property
    def shown(self) -> list:
        """A server in each state, one that could not be built, and the ones above."""
        unbuilt = self.create({"flavorRef": self.flavor(ram=1 << 30)}, expect="ERROR")
        return [self.server, self.migrated, unbuilt, *map(self.ready, STATES)]

    @functools.cached_property
    def inside(self) -> str:
        """A network that a router joins to the external one."""
        outside = self.get("/network/v2.0/networks?name=public")["networks"][0]["id"]
        network = self.add("networks", "network", {"name": "inside"})
        subnet = self.add("subnets", "subnet", {"network_id": network, "ip_version": 4, "cidr": "192.0.2.0/24"})
        router = self.add("routers", "router", {"external_gateway_info": {"network_id": outside}})
        joined = f"{self.url}/network/v2.0/routers/{router}/add_router_interface"
        self.session.put(joined, json={"subnet_id": subnet}).raise_for_status()
        return network

    # Made anew: for who changes or removes it.

    def flavor(self, **more) -> str:
        about = {"name": self.fresh(), "ram": 64, "vcpus": 1, "disk": 0, "description": "one"}
        made = self.make("POST", "/flavors", {"flavor": about | more})["flavor"]["id"]
        self.make("POST", f"/flavors/{made}/os-extra_specs", {"extra_specs": {"hw:cpu_policy": "shared"}})
        return made

    def lent(self) -> str:
        """A flavor that another project may use."""
        made = self.flavor(**PRIVATE)
        self.make("POST", f"/flavors/{made}/action", {"addTenantAccess": {"tenant": self.other}})
        return made

    def new_image(self) -> str:
        """An image without data, with a property of its own."""
        image = {"name": self.fresh(), "colour": "green", "container_format": "docker", "disk_format": "raw"}
        return self.session.post(f"{self.url}/image/v2/images", json=image).json()["id"]

    def keypair(self) -> str:
        return self.make("POST", "/os-keypairs", {"keypair": {"name": self.fresh(), "public_key": KEY}})["keypair"]["name"]

    def server_group(self) -> str:
        group = {"name": self.fresh(), "policy": "anti-affinity", "rules": {"max_server_per_host": 9}}
        return self.make("POST", "/os-server-groups", {"server_group": group})["server_group"]["id"]

    def aggregate(self) -> str:
        made = self.make("POST", "/os-aggregates", {"aggregate": {"name": self.fresh()}})["aggregate"]["id"]
        self.make("POST", f"/os-aggregates/{made}/action", {"set_metadata": {"metadata": {"colour": "green"}}})
        return str(made)

    def hosting(self) -> str:
        """An aggregate with the host in it."""
        made = self.aggregate()
        self.make("POST", f"/os-aggregates/{made}/action", {"add_host": {"host": self.service["host"]}})
        return made

    def security_group(self) -> str:
        made = self.make("POST", "/os-security-groups", {"security_group": {"name": self.fresh(), "description": "one"}}, 1)
        return made["security_group"]["id"]

    def security_group_rule(self) -> str:
        rule = {"parent_group_id": self.security_group(), "ip_protocol": "tcp", "from_port": 1, "to_port": 2, "cidr": "0.0.0.0/0"}
        return self.make("POST", "/os-security-group-rules", {"security_group_rule": rule}, 1)["security_group_rule"]["id"]

    def floating_ip(self) -> dict:
        return self.make("POST", "/os-floating-ips", {"pool": "public"}, 1)["floating_ip"]

    def routed(self) -> str:
        """A server to which a floating IP can lead."""
        return self.create({"networks": [{"uuid": self.inside}]})

    def led_to(self) -> str:
        """A server to which one leads, by the address `led`."""
        made, self.led = self.routed(), self.floating_ip()["ip"]
        self.make("POST", f"/servers/{made}/action", {"addFloatingIp": {"address": self.led}}, 1)
        return made

    def with_more(self) -> str:
        """A server with one address more, `more`."""
        made = self.create()
        self.make("POST", f"/servers/{made}/action", {"addFixedIp": {"networkId": self.network}}, 1)
        (addresses,) = self.make("GET", f"/servers/{made}")["server"]["addresses"].values()
        self.more = addresses[-1]["addr"]
        return made

    def port(self) -> str:
        return self.add("ports", "port", {"network_id": self.network})

    def conductor(self, minor: int):
        """A service that does not run servers, by what the version calls it."""
        services = self.make("GET", "/os-services", minor=minor)["services"]
        return next(service["id"] for service in services if service["binary"] != "nova-compute")

    def console_token(self) -> str:
        """The token of a console's address."""
        asked = {"remote_console": {"protocol": "serial", "type": "serial"}}
        made = self.make("POST", f"/servers/{self.server}/remote-consoles", asked)
        return made["remote_console"]["url"].rpartition("token=")[2]

    def deleted(self) -> str:
        """A server that can be restored."""
        made = self.create()
        self.make("DELETE", f"/servers/{made}")
        self.settled(made, "SOFT_DELETED")
        return made

    def interface(self, server: str) -> str:
        """The port of a server."""
        return self.make("GET", f"/servers/{server}/os-interface")["interfaceAttachments"][0]["port_id"]

    def create(self, more: dict | None = None, hints: dict | None = None, expect: str = "ACTIVE") -> str:
        about = {"name": self.fresh(), "imageRef": self.image, "flavorRef": self.small, "networks": [{"uuid": self.network}]}
        body = {"server": about | (more or {})} | ({"os:scheduler_hints": hints} if hints else {})
        made = self.make("POST", "/servers", body)["server"]["id"]
        self.settled(made, expect)
        return made

    def settled(self, server: str, status: str) -> None:
        """Waits until a server has a status and nothing is being done to it."""

        def is_so():
            shown = self.make("GET", f"/servers/{server}")["server"]
            return shown["status"] == status and not shown["OS-EXT-STS:task_state"]

        eventually(f"{server} is {status}", is_so, 10)

    def ready(self, state: str) -> str:
        """A new server in one of `STATES`."""
        made = self.create()
        for action, body, status in STATES[state]:
            body = {"flavorRef": self.larger} if action == "resize" else body
            self.make("POST", f"/servers/{made}/action", {action: body})
            self.settled(made, status)
        return made


PRIVATE = {"os-flavor-access:is_public": False}
QUOTAS = ("instances", "cores", "ram", "key_pairs", "server_groups", "server_group_members", "metadata_items")
