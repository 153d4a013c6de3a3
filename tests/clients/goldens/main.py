"""Makes the requests that were recorded from a real cloud again, and compares the answers' structure.

Called by conformance.sh. Status, headers and the shape of bodies (see derive.py, shapes.py) have to be the
recorded ones, except where known.tsv says why not. Each recording is a story that is told in order to a
new cloud on the simulated engine: what one answer names, a later request asks for.
"""

import argparse
import json
import re
from collections import Counter
from pathlib import Path

from derive import GROUPS, ID, said
from shapes import differences, shape
from world import Cloud, World, start

HERE = Path(__file__).parent
SYMBOL = re.compile(r"<(\w+)>")
# A story looks on while something is under way; before anything else it waits.
LOOKS_ON = re.compile(r"at once|while|in progress|just after|after delete")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", type=Path, required=True)
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("groups", nargs="*", help=f"of {', '.join(GROUPS)}")
    arguments = parser.parse_args()
    cloud = Cloud(arguments.binary, arguments.data_dir)
    cloud.arguments = ["--engine", "sim", "--config", HERE / "cloud.toml"]
    known, figures = Known(), Counter()
    try:
        for group in arguments.groups or GROUPS:
            figures += replay(group, start(cloud, group), known)
    finally:
        cloud.reset()
    mended = [] if arguments.groups else known.unused()
    for row in mended:
        print(f"so it is no known difference any more: {row}")
    print(f"goldens: {figures['same']} of {figures.total()} recorded answers have the same structure,", end=" ")
    print(f"{figures['known']} differ for a reason in known.tsv, {figures['failed']} failed")
    return 1 if figures["failed"] or mended else 0


class Known:
    """The differences that have a reason: recording, how often, patterns of a request's name and of what differs."""

    def __init__(self):
        rows = (HERE / "known.tsv").read_text().splitlines()
        self.rows = [tuple(row.split("\t")) for row in rows if not row.startswith("#")]
        self.used = set()

    def unknown(self, group: str, name: str, wrong: list) -> list:
        """What of it has no reason."""
        rows = [row for row in self.rows if row[0] == group and re.search(row[2], name)]
        return [each for each in wrong if not self.explain(rows, each)]

    def explain(self, rows: list, wrong: str) -> bool:
        fitting = {row for row in rows if re.search(row[3], wrong)}
        self.used |= fitting
        return bool(fitting)

    def unused(self) -> list:
        """Reasons for what always differs, and did not."""
        return [row for row in self.rows if row[1] == "always" and row not in self.used]


def replay(group: str, world: World, known: Known) -> Counter:
    """Tells one recording; prints what differs."""
    answers, figures = lines("answers"), Counter()
    steps = [step for step in lines("steps") if step["group"] == group]
    for row in lines(group):
        for step in steps:
            if re.search(step["before"], row["name"]):
                world.settle()
                list(tell(world, step, {}))
        if not LOOKS_ON.search(row["name"]):
            world.settle()
        wrong = list(tell(world, row, answers[row["answer"]]))
        failed = known.unknown(group, row["name"], wrong)
        figures["failed" if failed else "known" if wrong else "same"] += 1
        if failed:
            print(f"FAIL {group}: {row['name']}: {'; '.join(failed)}", flush=True)
    print(f"goldens: {group:13}{figures['same']:>5} same{figures['known']:>5} known{figures['failed']:>5} failed", flush=True)
    return figures


def lines(name: str) -> list:
    return [json.loads(line) for line in (HERE / f"{name}.jsonl").read_text().splitlines()]


def tell(world: World, row: dict, wanted: dict):
    """Makes one request; yields what is not as it was."""
    try:
        asked = json.loads(SYMBOL.sub(lambda found: world.ids[found[1]], json.dumps(row)))
    except KeyError as missing:
        yield f"asks for {missing}, which no answer named"
        return
    verb, path = asked["ask"].split(" ", 1)
    headers = asked.get("headers", {})
    headers |= {"X-Subject-Token": world.tokens[asked["subject"]]} if "subject" in asked else {}
    answer = world.ask(asked["who"], verb, path, asked.get("body"), headers)
    if answer.status_code == 403 != wanted.get("status") and asked["who"] == "member" and wanted:
        # The recording hides who asked, and nothing has happened yet.
        answer = world.ask("admin", verb, path, asked.get("body"), headers)
    yield from compare(answer, wanted) if wanted else ()
    learn(world, row.get("learn", {}), answer)


def compare(answer, wanted: dict):
    """What of an answer is not as it was."""
    if answer.status_code != wanted["status"]:
        yield f"status {answer.status_code}, not {wanted['status']}: {answer.text[:160]}"
        return
    found = set(said(answer.headers))
    yield from (f"no header {header}" for header in wanted["has"] if header not in found)
    if "shape" in wanted:
        body = content(answer)
        yield from ["no body"] if body is None else differences(wanted["shape"], shape(body))


def content(answer):
    """The body of an answer: JSON, or a text."""
    try:
        return answer.json() if answer.content else None
    except ValueError:
        return answer.text


def learn(world: World, places: dict, answer) -> None:
    """Keeps what later requests ask for."""
    for number, (which, part, *place) in places.items():
        value = answer.headers.get(place[0]) if part == "headers" else at(content(answer), place)
        if value is not None:
            found = ID.findall(str(value)) or [str(value)]
            world.ids[number] = found[min(which, len(found) - 1)]


def at(value, place: list):
    """What is at the end of a way; nothing where there is none."""
    for key in place:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return None
    return value


if __name__ == "__main__":
    raise SystemExit(main())
