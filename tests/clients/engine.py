"""What Docker itself says, without Docker's client: HTTP on its socket."""

import http.client
import ipaddress
import json
import os
import socket
import subprocess
import urllib.parse


class _Socket(http.client.HTTPConnection):
    def __init__(self, path: str):
        super().__init__("localhost")
        self._path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(60)
        self.sock.connect(self._path)


def get(path: str):
    """The answer of the engine to GET, as JSON."""
    return json.loads(_ask("GET", path, 200))


def post(path: str) -> None:
    """Has the engine do something that it answers without words."""
    _ask("POST", path, 204)


def _ask(method: str, path: str, expected: int) -> bytes:
    host = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
    connection = _Socket(host.removeprefix("unix://"))
    connection.request(method, path)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != expected:
        raise LookupError(f"{path}: {answer.status} {body!r}")
    return body


def containers(installation: str) -> list:
    """Every container of an installation, running or not."""
    return get(f"/containers/json?all=1&filters={_label(installation)}")


def networks(installation: str) -> list:
    """Every network of an installation."""
    return get(f"/networks?filters={_label(installation)}")


def volumes(installation: str) -> list:
    """Every volume of an installation."""
    return get(f"/volumes?filters={_label(installation)}")["Volumes"] or []


def images(installation: str) -> list:
    """Every image that an installation made."""
    return get(f"/images/json?filters={_label(installation)}")


def rules(installation: str) -> list:
    """The host's rules and addresses of an installation; none where they can't be read."""
    plain = installation.replace("-", "")
    ours = ("NOVADOCK-" + plain[:12], "novadock_" + plain, "lo:" + plain[:12])
    commands = (["iptables-save"], ["nft", "list", "tables"], ["ip", "-o", "address"])
    said = [line for command in commands for line in _lines(command)]
    return [line for line in said if any(name in line for name in ours)]


def _lines(command: list) -> list:
    """What a program of the host says; nothing where it is not there."""
    try:
        return subprocess.run(command, capture_output=True, text=True).stdout.splitlines()
    except FileNotFoundError:
        return []


def free_range() -> ipaddress.IPv4Network:
    """256 addresses that no network of the engine has: pools must not overlap, and others, even
    a run of the tests that was killed, may have networks here."""
    pools = [pool["Subnet"] for network in get("/networks") for pool in network["IPAM"]["Config"] or []]
    taken = [ipaddress.ip_network(pool) for pool in pools if ":" not in pool]
    ranges = ipaddress.ip_network("10.200.0.0/13").subnets(new_prefix=24)
    return next(found for found in ranges if not any(found.overlaps(pool) for pool in taken))


def inspect(name: str) -> dict:
    """One container."""
    return get(f"/containers/{urllib.parse.quote(name)}/json")


def _label(installation: str) -> str:
    filters = {"label": [f"novadock.installation={installation}"]}
    return urllib.parse.quote(json.dumps(filters))
