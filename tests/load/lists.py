"""The figures of the other long lists for `make bench`: one page out of ever more ports, images, stacks, ..."""

import concurrent.futures
import itertools
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

COUNTS = (100, 1_000, 10_000)
CALLS = 20
MAKERS = 4
EMPTY = {"heat_template_version": "2021-04-16", "resources": {"one": {"type": "OS::Heat::None"}}}


@dataclass(frozen=True)
class List:
    """A list: who makes its things, where, out of what, and its pages."""

    cloud: str
    url: str
    body: Callable[[str, dict], dict]
    pages: dict
    counts: tuple = COUNTS


LISTS = {
    "networks": List(
        *("novadock", "/network/v2.0/networks", lambda name, _: {"network": {"name": name}}),
        {"": "?limit=100", ", by name": "?limit=100&sort_key=name&sort_dir=asc"},
    ),
    "ports": List(
        *("novadock", "/network/v2.0/ports", lambda name, made: {"port": {"name": name, "network_id": made["network"]}}),
        {"": "?limit=100", ", of one network": "?limit=100&network_id={network}"},
    ),
    "images": List(
        *("novadock", "/image/v2/images", lambda name, _: {"name": name}),
        {"": "?limit=100", ", by name": "?limit=100&sort=name:asc"},
    ),
    "flavors": List(
        *("novadock-admin", "/compute/v2.1/flavors"),
        lambda name, _: {"flavor": {"name": name, "ram": 64, "vcpus": 1, "disk": 0}},
        {", names": "?limit=100", ", details": "/detail?limit=100"},
    ),
    "stacks": List(
        *("novadock", "/orchestration/v1/{project}/stacks"),
        lambda name, _: {"stack_name": name, "template": EMPTY},
        {"": "?limit=100", ", by name": "?limit=100&sort_keys=name&sort_dir=asc"},
        counts=(100, 250, 500),  # a project may have 512
    ),
}


def make(login, of: List, names: list, made: dict) -> None:
    """Makes so many things, with a few connections at once."""
    batches = [names[maker::MAKERS] for maker in range(MAKERS)]

    def work(batch: list) -> None:
        client = login(of.cloud)
        for name in batch:
            status, _, body = client.call("POST", of.url.format(**made), of.body(name, made))
            assert status in (200, 201), body

    with concurrent.futures.ThreadPoolExecutor(MAKERS) as pool:
        list(pool.map(work, batches))


def page_ms(client, path: str) -> float:
    """The median of some calls, after one that warms up."""

    def once() -> float:
        began = time.monotonic()
        client.get(path)
        return time.monotonic() - began

    once()
    return statistics.median(once() for _ in range(CALLS)) * 1000


def world(login) -> dict:
    """What the things are made in; quotas do not matter."""
    client, admin = login("novadock"), login("novadock-admin")
    quota = {"quota": {"network": -1, "port": -1}}
    status, _, body = admin.call("PUT", f"/network/v2.0/quotas/{client.project}", quota)
    assert status == 200, body
    status, _, body = client.call("POST", "/network/v2.0/networks", {"network": {"name": "bench"}})
    assert status == 201, body
    return {"network": json.loads(body)["network"]["id"], "project": client.project}


def run(login, row) -> None:
    """On the simulated engine: one page of each list, however long it is."""
    made = world(login)
    for name, each in LISTS.items():
        row(f"100 {name} out of {', '.join(f'{count:,}' for count in each.counts)}: median ms", "")
        figures = {title: [] for title in each.pages}
        names = (f"{name}-{number}" for number in itertools.count())
        before = 0
        for count in each.counts:
            make(login, each, list(itertools.islice(names, count - before)), made)
            before = count
            for title, query in each.pages.items():
                # On a connection of its own: one that rests is closed.
                figures[title].append(page_ms(login(each.cloud), (each.url + query).format(**made)))
        for title, medians in figures.items():
            row(f"    {name}{title}", " ".join(f"{median:>7.1f}" for median in medians))
