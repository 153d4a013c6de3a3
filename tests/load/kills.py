"""kill -9 under a random mix of all actions on servers; after each, rows and engine must agree.

A round: some clients do what their servers' states allow, the program is killed among it, started
again, and left alone until no server has a task. Then every server is held against its container
and its ports. What a client chooses hangs on the seed, the round and the answers alone.
  tests/load/kills.sh [--seconds 600] [--seed 1]
"""

import argparse
import collections
import json
import random
import sys
import threading
import time
from http.client import HTTPException
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "clients"))
import engine
from checks import eventually
from cloud import Cloud
from main import nothing_is_left
from measure import Client, lift_quotas, references

CLIENTS = 4
SERVERS = 3  # of each client
ROUND_SECONDS = (2.0, 6.0)
REST_SECONDS = 120
SERVER = "/compute/v2.1/servers"
SECOND = "second"  # a network for interfaces that come and go
FLAVORS = ("42", "84")

SLEEPS = ("pause", "suspend", "os-stop")
COPIES = ("createImage", "createBackup", "shelve")
# status → what may be done to the server in it. Each may be deleted, too.
CHOICES = {
    "ACTIVE": (
        *("reboot", "hard reboot", "rebuild", "resize", "rescue", "changePassword"),
        *("lock", "attach", "detach", *SLEEPS, *COPIES),
    ),
    "SHUTOFF": ("os-start", "hard reboot", "rebuild", "resize", "rescue", "attach", "detach", *COPIES),
    "PAUSED": ("unpause", "hard reboot", "attach", "detach", *COPIES),
    "SUSPENDED": ("resume", "hard reboot", *COPIES),
    "RESCUE": ("unrescue",),
    "VERIFY_RESIZE": ("confirmResize", "revertResize"),
    "SHELVED": ("unshelve", "shelveOffload"),
    "SHELVED_OFFLOADED": ("unshelve",),
}
# status → the states of its container that are true to it; none: there is no container.
CONTAINERS = {
    "ACTIVE": {"running"},
    "SHUTOFF": {"exited", "created"},
    "PAUSED": {"paused"},
    "SUSPENDED": {"paused"},
    "RESCUE": {"exited", "created"},
    "VERIFY_RESIZE": {"running", "exited", "created"},
    "SHELVED": {"exited", "created"},
    "SHELVED_OFFLOADED": set(),
}


class Actor(threading.Thread):
    """One client: does something to one of its servers, again and again, until it is stopped."""

    def __init__(self, cloud: Cloud, choice: random.Random, owned: list, tally: collections.Counter):
        super().__init__()
        self.client = Client(cloud)
        self.references = references(self.client)
        self.second = self.client.get(f"/network/v2.0/networks?name={SECOND}")["networks"][0]["id"]
        self.choice, self.owned, self.tally = choice, owned, tally
        self.stopped = threading.Event()

    def run(self):
        try:
            while not self.stopped.is_set():
                self.act()
        except (OSError, HTTPException):
            pass  # the program was killed: that is what this is about

    def act(self):
        if len(self.owned) < SERVERS:
            return self.create()
        identity = self.choice.choice(self.owned)
        status, _, body = self.client.call("GET", f"{SERVER}/{identity}")
        if status == 404:
            return self.owned.remove(identity)
        server = json.loads(body)["server"]
        if self.choice.random() < 0.05:
            return self.note("delete", self.client.call("DELETE", f"{SERVER}/{identity}")[0])
        choices = CHOICES.get(server["status"], ())
        if server["OS-EXT-STS:task_state"] or not choices:
            return time.sleep(0.05)
        return self.do(self.choice.choice(choices), identity)

    def create(self):
        body = {"server": {"name": "kills", **self.references}}
        status, _, answer = self.client.call("POST", SERVER, body)
        self.note("create", status)
        if status == 202:
            self.owned.append(json.loads(answer)["server"]["id"])

    def do(self, action: str, identity: str):
        if action in ("attach", "detach"):
            return self.note(action, getattr(self, action)(f"{SERVER}/{identity}/os-interface"))
        if action == "lock":
            self.post(identity, {"lock": None})
            return self.note("lock, unlock", self.post(identity, {"unlock": None}))
        bodies = {
            "reboot": {"reboot": {"type": "SOFT"}},
            "hard reboot": {"reboot": {"type": "HARD"}},
            "rebuild": {"rebuild": {"imageRef": self.references["imageRef"]}},
            "resize": {"resize": {"flavorRef": self.choice.choice(FLAVORS)}},
            "changePassword": {"changePassword": {"adminPass": "secret"}},
            "createImage": {"createImage": {"name": "kills"}},
            "createBackup": {"createBackup": {"name": "kills", "backup_type": "daily", "rotation": 1}},
        }
        return self.note(action, self.post(identity, bodies.get(action, {action: None})))

    def post(self, identity: str, body: dict) -> int:
        return self.client.call("POST", f"{SERVER}/{identity}/action", body)[0]

    def attach(self, path: str) -> int:
        return self.client.call("POST", path, {"interfaceAttachment": {"net_id": self.second}})[0]

    def detach(self, path: str) -> int:
        attached = self.client.get(path)["interfaceAttachments"]
        mine = [row["port_id"] for row in attached if row["net_id"] == self.second]
        return self.client.call("DELETE", f"{path}/{mine[0]}")[0] if mine else 404

    def note(self, action: str, status: int):
        assert status < 500, (action, status)
        self.tally[action, "accepted" if status < 300 else "refused"] += 1


class Mayhem:
    """The cloud, what the clients have in it, and what was counted."""

    def __init__(self, cloud: Cloud, seed: int):
        self.cloud, self.seed = cloud, seed
        self.owned = [[] for _ in range(CLIENTS)]
        self.tally = collections.Counter()
        self.rests = []

    def prepare(self):
        client = Client(self.cloud)
        lift_quotas(self.cloud, client)
        made = client.call("POST", "/network/v2.0/networks", {"network": {"name": SECOND}})[2]
        subnet = {"network_id": json.loads(made)["network"]["id"], "ip_version": 4}
        subnet |= {"cidr": str(engine.free_range())}
        status, _, body = client.call("POST", "/network/v2.0/subnets", {"subnet": subnet})
        assert status == 201, body

    def round(self, number: int):
        """Acts, is killed, starts, rests, agrees."""
        choice = random.Random(f"{self.seed}:{number}")
        seeds = [random.Random(choice.random()) for _ in range(CLIENTS)]
        actors = [Actor(self.cloud, *each, self.tally) for each in zip(seeds, self.owned, strict=True)]
        for actor in actors:
            actor.start()
        time.sleep(choice.uniform(*ROUND_SECONDS))
        self.cloud.kill()
        for actor in actors:
            actor.stopped.set()
            actor.join()
        self.cloud.start()
        began = time.monotonic()
        self.agree(Client(self.cloud))
        self.rests.append(time.monotonic() - began)

    def agree(self, client: Client):
        """Waits until every server rests and is what the engine has; a server in ERROR never is."""
        deadline = time.monotonic() + REST_SECONDS
        while wrong := self.disagreements(client):
            assert time.monotonic() < deadline, wrong
            time.sleep(0.2)

    def disagreements(self, client: Client) -> list:
        servers = {server["id"]: server for server in client.get(f"{SERVER}/detail")["servers"]}
        ports = collections.defaultdict(set)
        for port in client.get("/network/v2.0/ports")["ports"]:
            if port["device_owner"].startswith("compute:"):
                ports[port["device_id"]].add(f"novadock-{port['network_id']}")
        own = collections.defaultdict(dict)
        for row in engine.containers(self.cloud.installation()):
            own[row["Labels"]["novadock.id"]][row["Names"][0].removeprefix("/")] = row
        strays = [f"a port of {identity}" for identity in ports.keys() - servers.keys()]
        strays += [f"a container of {identity}" for identity in own.keys() - servers.keys()]
        wrong = [why for identity, server in servers.items() for why in misfit(server, own[identity], ports[identity])]
        return strays + wrong

    def end(self):
        """Everything is deleted by the API, and everything is gone."""
        client, installation = Client(self.cloud), self.cloud.installation()
        for server in client.get(SERVER)["servers"]:
            client.call("DELETE", f"{SERVER}/{server['id']}")
        eventually("every server gone", lambda: not client.get(SERVER)["servers"], REST_SECONDS)
        eventually("every container gone", lambda: not engine.containers(installation), REST_SECONDS)
        mine = f"/image/v2/images?owner={client.project}"
        while images := client.get(mine)["images"]:
            for image in images:
                client.call("DELETE", f"/image/v2/images/{image['id']}")
        eventually("every snapshot gone", lambda: not engine.images(installation), REST_SECONDS)

    def report(self):
        for action in sorted({action for action, _ in self.tally}):
            accepted, refused = self.tally[action, "accepted"], self.tally[action, "refused"]
            print(f"{action:<18}{accepted:>6} accepted{refused:>6} refused")
        print(f"{len(self.rests)} kills, {self.tally.total()} actions; the longest way to rest {max(self.rests):.1f} s")


def misfit(server: dict, containers: dict, networks: set) -> list:
    """What of a server's row is not so on the engine."""
    identity, status = server["id"], server["status"]
    if server["OS-EXT-STS:task_state"]:
        return [f"{identity} {status} has the task {server['OS-EXT-STS:task_state']}"]
    name = f"nova-{identity}"
    expected = {name} if CONTAINERS.get(status) else set()
    if status == "RESCUE":
        expected.add(f"{name}-rescue")
    if status not in CONTAINERS:
        return [f"{identity} is in {status}: {server.get('fault')}"]
    if containers.keys() != expected:
        return [f"{identity} {status} has the containers {sorted(containers)}"]
    wrong = []
    if name in containers and containers[name]["State"] not in CONTAINERS[status]:
        wrong.append(f"{identity} {status} has a container that is {containers[name]['State']}")
    for each in containers.values():
        attached = set(each["NetworkSettings"]["Networks"])
        if each["State"] == "running" and attached != networks:
            wrong.append(f"{identity} {status} is on {sorted(attached)}, its ports on {sorted(networks)}")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", type=Path, required=True)
    parser.add_argument("--data-dir", type=Path, default=Path(".cache/kills"))
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    cloud = Cloud(arguments.binary, arguments.data_dir)
    cloud.reset()
    cloud.start()
    mayhem, number = Mayhem(cloud, arguments.seed), 0
    try:
        mayhem.prepare()
        until = time.monotonic() + arguments.seconds
        while time.monotonic() < until:
            mayhem.round(number)
            number += 1
        mayhem.end()
        mayhem.report()
    except AssertionError as error:
        print(f"seed {arguments.seed}, round {number}: {error}", flush=True)
        return 1
    finally:
        installation = cloud.installation()
        cloud.reset()
        nothing_is_left(installation)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
