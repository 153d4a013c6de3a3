"""The figures of a server's actions for `make bench`: each against the same call of the engine itself."""

import json
import statistics
import subprocess
import time

import engine

ROUNDS = 5
SERVERS = "/compute/v2.1/servers"
# Action, its body, the state it leads to, and the engine's call for it; each pair goes there and back.
ACTIONS = (
    ("pause", None, "PAUSED", "pause"),
    ("unpause", None, "ACTIVE", "unpause"),
    ("suspend", None, "SUSPENDED", "pause"),
    ("resume", None, "ACTIVE", "unpause"),
    ("os-stop", None, "SHUTOFF", "stop"),
    ("os-start", None, "ACTIVE", "start"),
    ("reboot", {"type": "SOFT"}, "ACTIVE", "restart"),
    ("reboot", {"type": "HARD"}, "ACTIVE", "restart?t=0"),
)


def settled(client, path: str, status: str) -> None:
    """Waits until a server is as it shall be, and nothing is under way."""
    while True:
        server = client.get(path)["server"]
        if server["status"] == status and not server["OS-EXT-STS:task_state"]:
            return
        assert server["status"] != "ERROR", server
        time.sleep(0.002)


def act(client, path: str, action: str, body, status: str) -> float:
    """Seconds from the request until it has settled."""
    began = time.monotonic()
    answered, _, said = client.call("POST", f"{path}/action", {action: body})
    assert answered == 202, said
    settled(client, path, status)
    return time.monotonic() - began


def bare(call: str, container: str) -> float:
    """Seconds of a call of the engine's API."""
    began = time.monotonic()
    engine.post(f"/containers/{container}/{call}")
    return time.monotonic() - began


def run(client, references: dict, plain, row) -> None:
    """On the engine: a server, and a container that `plain` starts, which the same is done to."""
    status, _, body = client.call("POST", SERVERS, {"server": {"name": "actions", **references}})
    assert status == 202, body
    path = f"{SERVERS}/{json.loads(body)['server']['id']}"
    settled(client, path, "ACTIVE")
    container = plain()
    try:
        row("actions of a server until they have settled, and the engine's calls: median ms", "")
        ours, theirs = [[[] for _ in ACTIONS] for _ in range(2)]
        for _ in range(ROUNDS):
            for number, (action, argument, state, call) in enumerate(ACTIONS):
                ours[number].append(act(client, path, action, argument, state))
                theirs[number].append(bare(call, container))
        for number, (action, argument, _, call) in enumerate(ACTIONS):
            figures = [statistics.median(times[number]) * 1000 for times in (ours, theirs)]
            what = f"{action} {argument['type']}" if argument else action
            row(f"    {what} ({call})", "{:>7.0f} {:>7.0f}".format(*figures))
    finally:
        subprocess.run(["docker", "rm", "--force", container], check=True, capture_output=True)
        client.call("DELETE", path)
        while client.call("GET", path)[0] != 404:
            time.sleep(0.05)
