"""Every command of the client for orchestration: heat_commands.tsv, line by line, as commands.py does."""

import json
import tempfile
import uuid
from importlib.metadata import entry_points
from pathlib import Path

from checks import eventually
from commands import call, run_table

HERE = Path(__file__).parent
TABLE = HERE / "heat_commands.tsv"
# Commands that end before what they ask for does.
UNAWAITED = ("stack create", "stack snapshot create", "stack snapshot restore", "stack cancel", "stack hook clear")
# What it is that stops at a hook.
HOOKED = "client-hooked"


def found(cloud, folder: str) -> dict:
    """What lines refer to in braces: asked for when first needed."""
    server = str(uuid.uuid4())

    def first(line: str) -> str:
        return json.loads(call(cloud, "demo", f"{line} -f json"))[0]["id"]

    return {
        "{stacks}": lambda: str(HERE / "stacks"),
        "{folder}": lambda: folder,
        "{server}": lambda: server,
        "{event}": lambda: first("stack event list --filter resource_name=secret client-stack"),
        "{snapshot}": lambda: first("stack snapshot list client-stack"),
        "{config}": lambda: first("software config list"),
        "{deployment}": lambda: first("software deployment list"),
    }


def unsettled(cloud, line: str) -> list:
    """The stacks that are on their way, but for one that has just come to its hook."""
    rows = json.loads(call(cloud, "demo", "stack list -f json"))
    stops = HOOKED if line.startswith("stack create") else ""
    return [row for row in rows if row["Stack Status"].endswith("IN_PROGRESS") and row["Stack Name"] != stops]


def commands() -> set:
    """The words of each command that the client has."""
    return {entry.name.replace("_", " ") for entry in entry_points(group="openstack.orchestration.v1")}


def run(cloud, checks):
    def awaited(line: str):
        if line.startswith(UNAWAITED):
            eventually(f"the end of {line}", lambda: not unsettled(cloud, line))

    def complete():
        missing = {name for name in commands() if not any(line.startswith(name) for line in lines)}
        assert not missing, missing

    with tempfile.TemporaryDirectory() as folder:
        lines = run_table(cloud, checks, TABLE, found(cloud, folder), awaited)
    checks.run(f"all {len(commands())} commands of orchestration are in the table", complete)
