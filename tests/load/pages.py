"""The figures of long lists for `make bench`: one page out of ever more servers.

The servers are rows that are copied from that of a server that was shelved: they have no guests, so
the engine has no part in it, and 100,000 are there in seconds. What is measured costs the same
whatever the state.
"""

import contextlib
import sqlite3
import statistics
import time

COUNTS = (100, 1_000, 10_000, 100_000)
CALLS = 40
SERVERS = "/compute/v2.1/servers"
# Title → query; MARKER stands for a server in the middle.
PAGES = {
    "names": "?limit=100",
    "details": "/detail?limit=100",
    "details, from the middle": "/detail?limit=100&marker=MARKER",
    "details, oldest first": "/detail?limit=100&sort_key=created_at&sort_dir=asc",
    "details, by name": "/detail?limit=100&sort_key=display_name",
    "details, of one status": "/detail?limit=100&status=SHELVED_OFFLOADED",
    "details, of all projects": "/detail?limit=100&all_tenants=1",
    "changes of the last minute": "/detail?limit=100&changes-since=SINCE",
}
COPY = """
    WITH RECURSIVE numbers (n) AS (SELECT :first UNION ALL SELECT n + 1 FROM numbers WHERE n < :last)
    INSERT INTO server ({columns}) SELECT {values} FROM numbers, server original WHERE original.id = :id
"""
# A second apart, or a page would have one time only.
OWN = {
    "id": "printf('%08x-0000-4000-8000-000000000000', n)",
    "name": "'row-' || (n * 7919 % 1000003)",
    "created_at": "original.created_at - n * 1000000",
    "updated_at": "original.created_at - n * 1000000",
}


def original(client, references: dict) -> str:
    """A server without a guest."""
    status, _, body = client.call("POST", SERVERS, {"server": {"name": "original", **references}})
    assert status == 202, body
    [server] = client.get(SERVERS)["servers"]
    path = f"{SERVERS}/{server['id']}"
    wait(client, path, "ACTIVE")
    assert client.call("POST", f"{path}/action", {"shelve": None})[0] == 202
    wait(client, path, "SHELVED_OFFLOADED")
    return server["id"]


def wait(client, path: str, status: str) -> None:
    while client.get(path)["server"]["status"] != status:
        time.sleep(0.05)


def copy(database, identity: str, first: int, last: int) -> None:
    """Makes the rows of so many servers out of that of one."""
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(server)")]
        columns.remove("number")
        values = [OWN.get(column, f"original.{column}") for column in columns]
        statement = COPY.format(columns=", ".join(columns), values=", ".join(values))
        connection.execute(statement, {"first": first, "last": last, "id": identity})


def page_ms(client, path: str) -> float:
    """The median of some calls, after one that warms up."""

    def once() -> float:
        began = time.monotonic()
        assert client.get(path)["servers"] or "changes" in path
        return time.monotonic() - began

    once()
    return statistics.median(once() for _ in range(CALLS)) * 1000


def run(cloud, login, references, row) -> None:
    """On the simulated engine: one page, however many there are."""
    client = login()
    identity = original(client, references(client))
    figures = {title: [] for title in PAGES}
    rows = 1
    for count in COUNTS:
        cloud.stop()
        copy(cloud.database(), identity, rows, count - 1)
        rows = count
        cloud.start()
        words = {"MARKER": f"{count // 2:08x}-0000-4000-8000-000000000000"}
        words["SINCE"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 60))
        for title, query in PAGES.items():
            for word, value in words.items():
                query = query.replace(word, value)
            # Each on a connection of its own: one that rests is closed.
            client = login("novadock-admin" if "all_tenants" in query else "novadock")
            figures[title].append(page_ms(client, SERVERS + query))
    of = ", ".join(f"{count:,}" for count in COUNTS)
    row(f"100 servers out of {of}: median ms", "")
    for title, medians in figures.items():
        row(f"    {title}", " ".join(f"{each:>7.1f}" for each in medians))
