"""Makes the tables of this folder from recordings of a real cloud; run by hand, when there are new ones.

    python3 tests/clients/goldens/derive.py FOLDER-OF-RECORDINGS

A recording is a file of lines, each one request and its answer, in the order in which they were made. A
line of a table here keeps what was asked, and the line of answers.jsonl that says how it was answered:
status, the headers that matter, and the *shape* of the body: keys and types, no values. What one answer
named and a later request asks for is numbered: `learn` says where the answer has it (which of the ids in
the text there, and the way there), `<number>` stands for it afterwards. What the world had before has a name: `<demo>`, say.
"""

import itertools
import json
import re
import sys
from pathlib import Path

from shapes import shape

GROUPS = (
    *("discovery", "identity", "flavors", "network", "images", "placement"),
    *("compute_misc", "servers", "actions", "errors", "heat"),
)
SERVICES = {"5000": "identity", "8774": "compute", "9292": "image", "9696": "network"}
SERVICES |= {"8004": "orchestration", "8778": "placement"}
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<![0-9a-f-])[0-9a-f]{32}(?![0-9a-f])")
AGGREGATE = re.compile(r"(?<=/os-aggregates/)\d+")
NOTHING = re.compile(r"0{8}-")  # the id of nothing, which is asked for on purpose
# Servers that the world of a recording had before, in the order in which it asks for them.
SEEDS = {"actions": ("server", "second"), "errors": ("server", "foreign")}
# What is hidden in the recordings, and how it is called here.
HIDDEN = {'"id": "TOKEN"': '"id": "<token>"', '"REDACTED"': '"<secret>"', '"HOST"': '"<host>"'}
# Keys that only an administrator is shown.
FOR_ADMINS = ("OS-EXT-SRV-ATTR:host", "vpn_public_address")
# Headers whose values are compared; of the other ones in the list below, that they are there.
VALUES = ("content-type", "vary")
PRESENT = (
    *("openstack-api-version", "x-openstack-nova-api-version", "location", "www-authenticate", "allow", "x-openstack-request-id", "x-compute-request-id"),
    *("x-subject-token", "accept-patch", "content-md5", "last-modified", "cache-control"),
    *("openstack-image-import-methods", "openstack-image-store-ids"),
)


def main() -> None:
    recordings, answers = Path(sys.argv[1]), {}
    records = {group: read(recordings / f"{group}.jsonl") for group in GROUPS}
    for group in GROUPS:
        rows = rows_of(records[group], furniture(records), iter(SEEDS.get(group, ())), answers)
        write(group, [compact(row) for row in rows])
    write("answers", answers)


def read(path: Path) -> list:
    return [json.loads(line) for line in path.read_text().splitlines()]


def furniture(records: dict) -> dict:
    """The names of the ids of what every recording's world had."""
    login, image, server = records["identity"], records["images"], records["servers"][0]["request"]["body"]
    admin = next(record for record in login if record["label"] == "password, admin project")
    return {
        login[0]["response"]["body"]["token"]["project"]["id"]: "demo",
        admin["response"]["body"]["token"]["project"]["id"]: "admin",
        image[0]["response"]["body"]["images"][0]["id"]: "image",
        server["server"]["networks"][0]["uuid"]: "network",
    }


def write(name: str, lines) -> None:
    Path(__file__).with_name(f"{name}.jsonl").write_text("".join(f"{line}\n" for line in lines))


def compact(value) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def rows_of(records: list, names: dict, seeds, answers: dict) -> list:
    """The table of a recording; adds the answers that are new."""
    numbers, learnt, seen = itertools.count(1), {}, {}
    for at, record in enumerate(records):
        for found in ids(record["request"]):
            if found in names:
                continue
            names[found] = str(next(numbers)) if found in seen else next(seeds)
            if found in seen:
                learnt.setdefault(seen[found][0], {})[names[found]] = seen[found][1]
        for place, value in leaves(record["response"]):
            if value == "REDACTED":
                learnt.setdefault(at, {})["secret"] = [0, *place]
            for which, found in enumerate(ID.findall(value) if isinstance(value, str) else [str(value)]):
                seen.setdefault(found, (at, [which, *place]))
    told = [answers.setdefault(compact(answer(record["response"])), len(answers)) for record in records]
    return [row(record, names, told[at], learnt.get(at)) for at, record in enumerate(records)]


def answer(response: dict) -> dict:
    """How a request was answered."""
    has_body = response["body"] not in ("", None)
    # A type of nothing says nothing.
    has = [each for each in sorted(said(response["headers"])) if has_body or not each.startswith("content-type")]
    return {"status": response["status"], "has": has} | ({"shape": shape(response["body"])} if has_body else {})


def row(record: dict, names: dict, told: int, learn: dict | None) -> dict:
    """One line of a table."""
    request = record["request"]
    port, path = re.match(r"http://HOST:(\d+)(/.*)", request["url"]).groups()
    tokens = {"X-Auth-Token", "X-Subject-Token"} & request["headers"].keys()
    made = {"name": symbols(record["label"], names), "who": who(record)}
    made["ask"] = symbols(f"{request['method']} /{SERVICES[port]}{path}", names)
    headers = {name: value for name, value in request["headers"].items() if name not in tokens}
    made |= {"headers": headers} if headers else {}
    made |= {"subject": subject(record["label"])} if "X-Subject-Token" in tokens else {}
    made |= {"body": json.loads(symbols(json.dumps(request["body"]), names))} if request["body"] is not None else {}
    made["answer"] = told
    return made | ({"learn": learn} if learn else {})


def who(record: dict) -> str:
    """Who asked. A recording hides tokens, so what it is called, and how it ended, tell."""
    if "X-Auth-Token" not in record["request"]["headers"]:
        return "nobody"
    if record["response"]["status"] == 401:
        return "stranger"
    words, body = record["label"].lower(), json.dumps(record["response"]["body"])
    if "unscoped token" in words or "member" in words:
        return "unscoped" if "unscoped token" in words else "member"
    is_admin = re.search(r"\bas admin|\(admin\)|^admin |(?<!locked) by admin", words)
    return "admin" if is_admin or any(f'"{key}"' in body for key in FOR_ADMINS) else "member"


def subject(label: str) -> str:
    """Whose token a token was that was asked about."""
    return "stranger" if label == "validate TOKEN" else "subject"


def said(headers: dict):
    """The headers of an answer that are compared."""
    for name, value in headers.items():
        name = name.lower()
        if name in VALUES:
            value = ", ".join(value) if isinstance(value, list) else value
            yield f"{name}: {value.partition(';')[0]}"
        elif name in PRESENT:
            yield name


def ids(request: dict) -> list:
    """The ids in a request, in order."""
    text = request["url"] + " " + json.dumps(request["body"])
    return [found for found in ID.findall(text) if not NOTHING.match(found)] + AGGREGATE.findall(text)


def symbols(text: str, names: dict) -> str:
    """A text with the names of the ids in it, and of what was hidden."""
    for hidden, name in HIDDEN.items():
        text = text.replace(hidden, name)
    text = AGGREGATE.sub(lambda found: f"<{names[found[0]]}>" if found[0] in names else found[0], text)
    return ID.sub(lambda found: f"<{names[found[0]]}>" if found[0] in names else found[0], text)


def leaves(value, place=()):
    """Every leaf of an answer, with the way there."""
    if isinstance(value, (dict, list)):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*place, key))
    elif isinstance(value, str) or place[-2:] == ("aggregate", "id"):
        yield list(place), value


if __name__ == "__main__":
    main()
