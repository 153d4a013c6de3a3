"""Every operation at every version at which one of its schemas changes: does the answer fit Nova's schema?"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import calls
import upstream
from world import World

LISTED = Path(__file__).with_name("listed.tsv")
# What an answer may say where a version does not have the operation.
NOT_FOUND = 404


@dataclass(frozen=True)
class Listed:
    """An operation that is known not to succeed here, and how it is answered."""

    status: int
    until: int
    is_absent: bool


def listed() -> dict:
    """Operation → how it does not succeed; why, its row says."""
    rows = [row.split("\t") for row in LISTED.read_text().splitlines() if not row.startswith("#")]
    return {name: _listed(name, status, until) for name, status, until, _reason in rows}


def _listed(name: str, status: str, until: str) -> Listed:
    is_absent = status == "absent"
    if is_absent:  # an action that nobody knows is a bad body
        status = 400 if name.startswith("POST /servers/{id}/action ") else NOT_FOUND
    return Listed(int(status), int(until.removeprefix("2.")), is_absent)


def walk(world: World, words: list) -> Counter:
    """Calls them all; prints what does not fit, and a figure."""
    known, figures = listed(), Counter()
    for operation in upstream.operations():
        if words and not any(word in operation.name for word in words):
            continue
        for minor in operation.boundaries():
            listing = known.get(operation.name)
            listing = listing if listing and minor <= listing.until else None
            wrong = visit(world, operation, minor, listing)
            figures["failed" if wrong else "listed" if listing else "passed"] += 1
            if wrong:
                print(f"FAIL {operation.name} at 2.{minor}: {wrong}", flush=True)
    print(f"responses: {figures['passed']} of {figures.total()} operations x versions fit Nova's schemas,", end=" ")
    print(f"{figures['listed']} are refused for a reason in listed.tsv, {figures['failed']} failed", flush=True)
    return figures


def visit(world: World, operation, minor: int, known: Listed | None) -> str | None:
    """What is wrong with an operation at a version; nothing if it is as it should be."""
    try:
        for path in calls.paths(world, operation, minor):
            answer = world.ask(operation.verb, path, minor, calls.body(world, operation, minor))
            wrong = judge(operation, minor, known, answer)
            if wrong:
                return f"{wrong} ({path})"
    except AssertionError as error:
        return f"could not be tried: {error}"
    return None


def judge(operation, minor: int, known: Listed | None, answer) -> str | None:
    said = f"answered {answer.status_code} {answer.text[:200]}"
    is_listed = known and answer.status_code == known.status
    if minor not in operation.versions:
        return None if is_listed or answer.status_code == NOT_FOUND else f"{said} without the operation"
    if known:
        return None if is_listed else f"listed with {known.status}, {said}"
    if not answer.ok:
        return said
    body = answer.json() if answer.content else None
    return upstream.refusal(upstream.at(operation.responses, minor), body)
