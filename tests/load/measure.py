"""The figures of `make bench`: start, memory, boot and actions against plain Docker, stacks, tokens, long lists."""

import argparse
import functools
import http.client
import json
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "clients"))
import actions
import lists
import pages
import stacks
import yaml
from cloud import Cloud

IMAGE = "novadock/tiny"
# The container that a server of the smallest flavor is; a network and an image follow.
RUN = ["docker", "run", "-dti", "--memory", "192m", "--memory-swap", "192m", "--cpus", "1", "--network"]
BOOTS = 20
ROWS = 1000
SECONDS = 8


class Client:
    """One kept connection with a token."""

    def __init__(self, cloud: Cloud, entry: str = "novadock"):
        self.connection = http.client.HTTPConnection(urllib.parse.urlparse(cloud.url).netloc, timeout=60)
        clouds = yaml.safe_load((cloud.data_dir / "clouds.yaml").read_text())["clouds"]
        self.auth = clouds[entry]["auth"]
        self.token = ""
        self.login()

    def login(self):
        auth = self.auth
        user = {"name": auth["username"], "password": auth["password"], "domain": {"id": "default"}}
        scope = {"project": {"name": auth["project_name"], "domain": {"id": "default"}}}
        identity = {"methods": ["password"], "password": {"user": user}}
        status, headers, body = self.call(
            "POST", "/identity/v3/auth/tokens", {"auth": {"identity": identity, "scope": scope}}
        )
        assert status == 201, body
        self.token = headers["X-Subject-Token"]
        self.project = json.loads(body)["token"]["project"]["id"]

    def call(self, method: str, path: str, body=None):
        headers = {"X-Auth-Token": self.token, "OpenStack-API-Version": "compute 2.96"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        self.connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = self.connection.getresponse()
        return answer.status, answer.headers, answer.read()

    def get(self, path: str):
        status, _, body = self.call("GET", path)
        assert status == 200, (path, status, body)
        return json.loads(body)


def row(what: str, figure: str):
    print(f"{what:<66} {figure}", flush=True)


def memory_mb(process: int) -> float:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def rate(cloud: Cloud, threads: int, call) -> float:
    """Calls per second of `threads` clients for some seconds."""
    done, stop = [0] * threads, time.monotonic() + SECONDS
    clients = [Client(cloud) for _ in range(threads)]

    def work(number: int):
        while time.monotonic() < stop:
            call(clients[number])
            done[number] += 1

    running = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
    began = time.monotonic()
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return sum(done) / (time.monotonic() - began)


def boot(client: Client, refs: dict) -> float:
    """Seconds from POST to ACTIVE; the server is deleted again."""
    server = {"name": "bench", **refs}
    began = time.monotonic()
    status, _, body = client.call("POST", "/compute/v2.1/servers", {"server": server})
    assert status == 202, body
    path = f"/compute/v2.1/servers/{json.loads(body)['server']['id']}"
    while client.get(path)["server"]["status"] == "BUILD":
        time.sleep(0.01)
    seconds = time.monotonic() - began
    assert client.get(path)["server"]["status"] == "ACTIVE"
    client.call("DELETE", path)
    while client.call("GET", path)[0] != 404:
        time.sleep(0.05)
    return seconds


def docker_run(network: str, count: int = 1) -> float:
    """Seconds until so many of the same container run that are begun together by `docker run`."""
    command = [*RUN, network, IMAGE]
    began = time.monotonic()
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(count)]
    made = [process.communicate()[0].strip() for process in running]
    seconds = time.monotonic() - began
    subprocess.run(["docker", "rm", "-f", *made], capture_output=True, check=True)
    return seconds


def docker_container(network: str) -> str:
    """The id of such a container, which runs."""
    return subprocess.run([*RUN, network, IMAGE], check=True, capture_output=True, text=True).stdout.strip()


def lift_quotas(cloud: Cloud, client: Client):
    quota = {"quota_set": {"instances": -1, "cores": -1, "ram": -1}}
    admin = Client(cloud, "novadock-admin")
    status, _, body = admin.call("PUT", f"/compute/v2.1/os-quota-sets/{client.project}", quota)
    assert status == 200, body


def references(client: Client) -> dict:
    images = client.get("/image/v2/images?name=" + urllib.parse.quote(IMAGE, safe=""))["images"]
    networks = client.get("/network/v2.0/networks?name=shared")["networks"]
    nets = [{"uuid": networks[0]["id"]}]
    return {"imageRef": images[0]["id"], "flavorRef": "42", "networks": nets}


def on_docker(binary: Path):
    cloud = Cloud(binary, Path(".cache/bench-docker"))
    cloud.reset()
    row("binary, MB", f"{binary.stat().st_size / 1e6:.1f}")
    row("first start to ready, s", f"{cloud.start():.2f}")
    cloud.stop()
    row("second start to ready, s", f"{cloud.start():.2f}")
    try:
        time.sleep(2)
        row("memory when idle, MB", f"{memory_mb(cloud.process.pid):.1f}")
        client = Client(cloud)
        refs = references(client)
        boot(client, refs)
        boots = [boot(client, refs) for _ in range(BOOTS)]
        network = f"novadock-{refs['networks'][0]['uuid']}"
        plain = [docker_run(network) for _ in range(BOOTS)]
        bridge = [docker_run("bridge") for _ in range(BOOTS)]
        ours, theirs = statistics.median(boots), statistics.median(plain)
        row("server create to ACTIVE, median s", f"{ours:.3f}")
        row("the same container by docker run on that network, median s", f"{theirs:.3f}")
        row("ratio", f"{ours / theirs:.2f}")
        row("the same container on Docker's default bridge, median s", f"{statistics.median(bridge):.3f}")
        actions.run(client, refs, functools.partial(docker_container, network), row)
        lift_quotas(cloud, client)
        stacks.with_guests(client, row, functools.partial(docker_run, network))
        row("tokens per second (bcrypt cost 12)", f"{rate(cloud, 4, Client.login):.1f}")
    finally:
        cloud.reset()


def on_sim(binary: Path):
    cloud = Cloud(binary, Path(".cache/bench-sim"))
    cloud.arguments = ["--engine", "sim"]
    cloud.reset()
    cloud.start()
    try:
        client = Client(cloud)
        stacks.without_guests(client, row)
        lift_quotas(cloud, client)
        refs = references(client) | {"networks": "none"}
        for _ in range(ROWS // 50):
            server = {"name": "row", "min_count": 50, **refs}
            status, _, body = client.call("POST", "/compute/v2.1/servers", {"server": server})
            assert status == 202, body
        while client.get("/compute/v2.1/servers?status=BUILD")["servers"]:
            time.sleep(0.2)
        assert len(client.get("/compute/v2.1/servers")["servers"]) == ROWS
        for path, threads in (
            ("/compute/v2.1/flavors/detail", 4),
            ("/compute/v2.1/servers/detail?limit=10", 4),
            (f"/compute/v2.1/servers/detail?limit={ROWS}", 2),
            (f"/compute/v2.1/servers?limit={ROWS}", 2),
        ):
            pages = rate(cloud, threads, lambda each, path=path: each.get(path))
            row(f"GET {path}, per second ({threads} clients)", f"{pages:.1f}")
        row(f"memory with {ROWS} servers, MB", f"{memory_mb(cloud.process.pid):.1f}")
    finally:
        cloud.reset()


def long_lists(binary: Path):
    cloud = Cloud(binary, Path(".cache/bench-pages"))
    cloud.arguments = ["--engine", "sim"]
    cloud.reset()
    cloud.start()
    try:
        login = functools.partial(Client, cloud)
        pages.run(cloud, login, lambda client: references(client) | {"networks": "none"}, row)
    finally:
        cloud.reset()


def other_lists(binary: Path):
    cloud = Cloud(binary, Path(".cache/bench-lists"))
    cloud.arguments = ["--engine", "sim"]
    cloud.reset()
    cloud.start()
    try:
        lists.run(functools.partial(Client, cloud), row)
    finally:
        cloud.reset()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", type=Path, required=True)
    parser.add_argument("--only", choices=("docker", "sim", "pages", "lists"))
    arguments = parser.parse_args()
    binary = arguments.binary.resolve()
    measures = {"docker": on_docker, "sim": on_sim, "pages": long_lists, "lists": other_lists}
    for name, measure in measures.items():
        if arguments.only in (None, name):
            measure(binary)


if __name__ == "__main__":
    main()
