"""Every line of commands.tsv through the unmodified `openstack` client, in this process."""

import functools
import json
import shlex
from pathlib import Path

import client
import engine
from checks import eventually

TABLE = Path(__file__).with_name("commands.tsv")
CLOUDS = {"demo": "novadock", "admin": "novadock-admin", "system": "novadock-system"}
# The commands of the groups compute, identity, image, network, volume, orchestration, common
# and cli that an installed client has.
ALL_COMMANDS = 599
# Commands that end before what they ask for does, and that leave the server to the next line.
UNAWAITED = (
    *("server stop", "server start", "server dump", "server rescue", "server unrescue"),
    *("server resize", "server migrate", "server add", "server remove"),
)


def attempt(cloud, name: str, line: str) -> tuple:
    """Runs one command line; its status, output and complaint."""
    return client.run(cloud.environment(CLOUDS[name]), shlex.split(line))


def call(cloud, name: str, line: str) -> str:
    """Runs one command line; its output, or a failure with its complaint."""
    status, out, complaint = attempt(cloud, name, line)
    assert status == 0, f"{status}: {complaint.strip() or out.strip()}"
    return out


def refusal(cloud, name: str, line: str) -> str:
    """What a command line that must fail complains of."""
    status, out, complaint = attempt(cloud, name, line)
    assert status != 0, f"not refused: {out}"
    return complaint


def found(cloud) -> dict:
    """What lines refer to in braces: asked for when first needed."""

    def shown(name: str, line: str) -> dict | list:
        return json.loads(call(cloud, name, f"{line} -f json"))

    def first(name: str, line: str, key: str) -> str:
        return str(shown(name, line)[0][key])

    # Several lines are about the one.
    @functools.cache
    def floating() -> str:
        return first("demo", "floating ip list", "ID")

    @functools.cache
    def forwarding() -> str:
        return first("demo", f"floating ip port forwarding list {floating()}", "ID")

    return {
        "{endpoint}": lambda: first("admin", "endpoint list --service client-service", "ID"),
        "{rule}": lambda: first("demo", "security group rule list --protocol tcp client-security-group", "ID"),
        "{policy}": lambda: first("admin", "network rbac list --type address_scope", "ID"),
        "{floating}": floating,
        "{forwarding}": forwarding,
        "{address}": lambda: shown("demo", "port show client-port")["fixed_ips"][0]["ip_address"],
        "{hypervisor}": lambda: first("admin", "hypervisor list", "Hypervisor Hostname"),
        "{host}": lambda: first("admin", "compute service list", "Host"),
        "{server}": lambda: first("demo", "server list --name client-server", "ID"),
        "{access}": lambda: first("demo", "ec2 credentials list", "Access"),
        "{credential}": lambda: first("admin", "credential list --type cert", "ID"),
        "{event}": lambda: first("demo", "server event list client-server", "Request ID"),
        "{token}": lambda: json.loads(call(cloud, "demo", "token issue -f json"))["id"],
        "{range}": lambda: str(engine.free_range()),
        "{tar}": lambda: ".cache/guest-image/novadock-tiny.tar",
        "{scratch}": lambda: "/dev/null",
    }


def settled(cloud) -> bool:
    """Whether the server of the list is doing nothing."""
    server = json.loads(call(cloud, "demo", "server show client-server -f json"))
    return not server.get("OS-EXT-STS:task_state")


def run_table(cloud, checks, table: Path, holes: dict, awaited=lambda line: None) -> list:
    """Runs each line of a table. It has a cloud, a command line, and maybe what its output holds; after
    a ! what the complaint of a command holds that is refused. Returns the lines."""

    def check(name: str, line: str, expected: str = ""):
        for hole, ask in holes.items():
            if hole in line:
                line = line.replace(hole, ask())
        run, expected = (refusal, expected[1:].strip()) if expected.startswith("!") else (call, expected)
        out = run(cloud, name, line)
        assert expected in out, f"no {expected!r} in: {out}"
        awaited(line)

    rows = [line.split("\t") for line in table.read_text().splitlines() if line and not line.startswith("#")]
    for row in rows:
        checks.run(f"openstack {row[1]}", check, *row)
    return [row[1] for row in rows]


def run(cloud, checks):
    def awaited(line: str):
        if line.startswith(UNAWAITED):
            eventually(f"the end of {line}", lambda: settled(cloud))

    lines = run_table(cloud, checks, TABLE, found(cloud), awaited)
    print(f"{len(lines)} lines, of {ALL_COMMANDS} commands that the client has", flush=True)
