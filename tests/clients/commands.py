"""Every line of commands.tsv through the unmodified `openstack` client, in this process.

The client starts slowly, so its own entry point is called instead of a process per command.
"""

import contextlib
import io
import json
import os
import shlex
from pathlib import Path

from checks import eventually
from openstackclient import shell

TABLE = Path(__file__).with_name("commands.tsv")
CLOUDS = {"demo": "novadock", "admin": "novadock-admin", "system": "novadock-system"}
# The commands of the groups compute, identity, image, network, volume, orchestration, common
# and cli that an installed client has.
ALL_COMMANDS = 599


def call(cloud, name: str, line: str) -> str:
    """Runs one command line; its output, or a failure with its complaint."""
    os.environ.update(cloud.environment(CLOUDS[name]))
    out, complaint = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(complaint):
        status = shell.OpenStackShell().run(shlex.split(line))
    assert status == 0, f"{status}: {complaint.getvalue().strip() or out.getvalue().strip()}"
    return out.getvalue()


def found(cloud) -> dict:
    """What lines refer to in braces: asked for when first needed."""

    def first(name: str, line: str, key: str) -> str:
        return str(json.loads(call(cloud, name, f"{line} -f json"))[0][key])

    return {
        "{endpoint}": lambda: first("admin", "endpoint list --service client-service", "ID"),
        "{hypervisor}": lambda: first("admin", "hypervisor list", "Hypervisor Hostname"),
        "{event}": lambda: first("demo", "server event list client-server", "Request ID"),
        "{token}": lambda: json.loads(call(cloud, "demo", "token issue -f json"))["id"],
        "{tar}": lambda: ".cache/guest-image/novadock-tiny.tar",
        "{scratch}": lambda: "/dev/null",
    }


def settled(cloud) -> bool:
    """Whether the server of the list is doing nothing."""
    server = json.loads(call(cloud, "demo", "server show client-server -f json"))
    return not server.get("OS-EXT-STS:task_state")


def run(cloud, checks):
    holes = found(cloud)
    lines = [line for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]

    def check(name: str, line: str):
        for hole, ask in holes.items():
            if hole in line:
                line = line.replace(hole, ask())
        call(cloud, name, line)
        if line.startswith(("server stop", "server start")):
            eventually(f"the end of {line}", lambda: settled(cloud))

    for entry in lines:
        name, line = entry.split("\t")
        checks.run(f"openstack {line}", check, name, line)
    print(f"{len(lines)} lines, of {ALL_COMMANDS} commands that the client has", flush=True)
