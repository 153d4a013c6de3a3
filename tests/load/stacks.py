"""The figures of stacks for `make bench`: resources that cost nothing, servers, looking at a stack."""

import http.client
import json
import statistics
import subprocess
import time

RESOURCES = 100
SHOWS = 200
SERVERS = (1, 5, 20)
# As many, because a stack of twenty and the bare engine differ by less than two of either do.
ROUNDS = 9


def template(resources: dict) -> dict:
    return {"heat_template_version": "2021-04-16", "resources": resources}


def strings(count: int = RESOURCES) -> dict:
    one = {"type": "OS::Heat::RandomString"}
    return template({f"string{number}": one for number in range(count)})


def servers(count: int) -> dict:
    properties = {"image": "novadock/tiny", "flavor": "m1.nano", "networks": [{"network": "shared"}]}
    one = {"type": "OS::Nova::Server", "properties": properties}
    return template({f"server{number}": one for number in range(count)})


class Stack:
    """A stack through one kept connection."""

    def __init__(self, client, name: str):
        self.client = client
        self.root = f"/orchestration/v1/{client.project}/stacks"
        self.name = name
        self.path = ""

    def create(self, body: dict) -> float:
        """Seconds from POST to CREATE_COMPLETE."""
        began = time.monotonic()
        status, _, answer = self.client.call("POST", self.root, {"stack_name": self.name, "template": body})
        assert status == 201, answer
        self.path = f"{self.root}/{self.name}/{json.loads(answer)['stack']['id']}"
        self._listen("Stack CREATE completed successfully")
        return self._wait(began, "CREATE_COMPLETE")

    def update(self, body: dict) -> float:
        """Seconds from PUT to UPDATE_COMPLETE."""
        began = time.monotonic()
        status, _, answer = self.client.call("PUT", self.path, {"template": body})
        assert status == 202, answer
        return self._wait(began, "UPDATE_COMPLETE")

    def delete(self) -> float:
        """Seconds from DELETE to DELETE_COMPLETE."""
        began = time.monotonic()
        status, _, answer = self.client.call("DELETE", self.path)
        assert status == 204, answer
        return self._wait(began, "DELETE_COMPLETE")

    def show(self) -> float:
        """Seconds of one look."""
        began = time.monotonic()
        self.client.get(self.path)
        return time.monotonic() - began

    def drift(self) -> float:
        """Seconds from the end of a guest by Docker's own hand until its resource says so."""
        path = f"{self.path}/resources/server0"
        guest = self.client.get(path)["resource"]["physical_resource_id"]
        began = time.monotonic()
        subprocess.run(["docker", "kill", f"nova-{guest}"], capture_output=True, check=True)
        while self.client.get(path)["resource"]["resource_status"] != "CHECK_FAILED":
            time.sleep(0.005)
        return time.monotonic() - began

    def _listen(self, reason: str) -> None:
        """Waits for an event by the stream of them: looking would take of the CPUs that boot servers."""
        connection = http.client.HTTPConnection(self.client.connection.host, self.client.connection.port, timeout=120)
        headers = {"X-Auth-Token": self.client.token, "Accept": "text/event-stream"}
        connection.request("GET", f"{self.path}/events", headers=headers)
        for line in connection.getresponse():
            if reason.encode() in line or b"Stack CREATE failed" in line:
                break
        connection.close()

    def _wait(self, began: float, wanted: str) -> float:
        while (state := self._state()).endswith("IN_PROGRESS"):
            time.sleep(0.005)
        assert state == wanted, state
        return time.monotonic() - began

    def _state(self) -> str:
        return self.client.get(f"{self.path}?resolve_outputs=false")["stack"]["stack_status"]


def without_guests(client, row) -> None:
    """On the simulated engine: what the engine of stacks costs by itself."""
    creates, updates, deletes = [], [], []
    for number in range(3):
        stack = Stack(client, f"strings{number}")
        creates.append(stack.create(strings()))
        if not number:
            shows = [stack.show() for _ in range(SHOWS)]
        updates.append(stack.update(strings(RESOURCES + 1)))
        deletes.append(stack.delete())
    row(f"stack of {RESOURCES} RandomStrings, create, median s", f"{statistics.median(creates):.3f}")
    row("the same, updated by one more, median s", f"{statistics.median(updates):.3f}")
    row("the same, deleted, median s", f"{statistics.median(deletes):.3f}")
    row("the same, show, p50 ms", f"{statistics.median(shows) * 1000:.2f}")


def with_guests(client, row, on_the_bare_engine) -> None:
    """On Docker: stacks of servers against the same containers on the same network, made at once."""
    drifts = []
    for count in SERVERS:
        ours, theirs = [], []
        for number in range(ROUNDS):
            stack = Stack(client, f"servers{count}-{number}")
            ours.append(stack.create(servers(count)))
            drifts.append(stack.drift())
            stack.delete()
            theirs.append(on_the_bare_engine(count))
        row(f"stack of {count} servers, create, median s", f"{statistics.median(ours):.3f}")
        row("the same containers by docker run, at once, median s", f"{statistics.median(theirs):.3f}")
        apart = statistics.median(one - other for one, other in zip(ours, theirs))
        row("the stack's more than these, round by round, median ms", f"{apart * 1000:.0f}")
    row("from `docker kill` of a stack's guest to CHECK_FAILED, the longest, s", f"{max(drifts):.3f}")
