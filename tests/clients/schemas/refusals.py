"""Requests a little beside good ones: is what Nova's schemas refuse refused, with Nova's sentence, and is
what they take taken?

Each operation that takes a body or has parameters, at the first version of each of its schemas. Nothing
that is there is named, so what is taken mostly ends in 404; what counts is whose sentence a 400 has.
"""

import json
import random
import re
from collections import Counter

import calls
import mutants
import upstream
from responses import listed
from world import NOBODY, World

# The sentences of the stage that holds requests to schemas.
BY_SCHEMA = re.compile(
    r"Invalid input for (field/attribute|query parameters) |Additional properties are not allowed"
    r"|.* is a required property$|.* does not match any of the regexes|.* does not have enough properties"
    r"|.* should be non-empty|An invalid 'name' value",
    re.DOTALL,
)
# Members that would make something real.
NOWHERE = {"flavorRef": NOBODY}


def walk(world: World, words: list, each: int, seed: int) -> Counter:
    """Sends `each` requests to every schema; prints what is judged otherwise than by Nova, and a figure."""
    figures = Counter()
    absent = {name for name, row in listed().items() if row.is_absent}
    for operation in upstream.operations():
        if operation.name in absent or (words and not any(word in operation.name for word in words)):
            continue
        chosen = random.Random(f"{seed} {operation.name}")
        for minor, verdicts in trials(world, operation, chosen, each):
            for what, ours, theirs in verdicts:
                outcome = compare(ours, theirs)
                figures[outcome] += 1
                if outcome != "passed":
                    told = f"{what}\n     ours:   {ours}\n     Nova's: {theirs}"
                    print(f"FAIL {operation.name} at 2.{minor}: {outcome}: {told}", flush=True)
    failed = figures.total() - figures["passed"]
    print(f"requests: {figures['passed']} of {figures.total()} are judged as by Nova's schemas, {failed} failed", flush=True)
    return Counter(passed=figures["passed"], failed=failed)


def trials(world: World, operation, chosen: random.Random, each: int):
    """Version → what was sent there, what was said to it, and what Nova's schema says."""
    path = re.sub(r"{\w+}", NOBODY, operation.path)
    for schema, versions in operation.bodies:
        minor = max(versions.first, operation.versions.first)
        yield minor, _bodies(world, operation, path, minor, schema, chosen, each)
    for schema, versions in operation.queries:
        minor = max(versions.first, operation.versions.first)
        if minor in operation.versions:
            yield minor, _queries(world, operation, path, minor, schema, chosen, each)


def _bodies(world: World, operation, path: str, minor: int, schema: dict, chosen: random.Random, each: int):
    good = _nowhere(calls.body(world, operation, minor) or {})
    for body in _some(mutants.of_body(schema, good), chosen, each):
        if operation.action and list(body) != [operation.action]:
            continue  # it is another action, or none, before any schema
        said = _said(world.ask(operation.verb, path, minor, body))
        yield json.dumps(body)[:300], said, upstream.refusal(schema, body)


def _queries(world: World, operation, path: str, minor: int, schema: dict, chosen: random.Random, each: int):
    for query in _some(mutants.of_query(schema), chosen, each):
        answer = world.ask(operation.verb, path, minor, _nowhere(calls.body(world, operation, minor)), query)
        yield json.dumps(query)[:300], _said(answer), upstream.refusal(schema, query, is_body=False)


def _some(all_of_them, chosen: random.Random, each: int) -> list:
    made = list(all_of_them)
    return made if len(made) <= each else chosen.sample(made, each)


def _nowhere(body):
    """The body, naming nothing that is there."""
    if not isinstance(body, dict):
        return body
    return {key: NOWHERE.get(key, _nowhere(value)) for key, value in body.items()}


def _said(answer) -> str | None:
    """The sentence of a 400."""
    return answer.json()["badRequest"]["message"] if answer.status_code == 400 else None


def compare(ours: str | None, theirs: str | None) -> str:
    if theirs is None:
        return "refused" if ours and BY_SCHEMA.match(ours) else "passed"
    if ours is None:
        return "taken"
    return "passed" if theirs == upstream.ANY or _essence(ours) == _essence(theirs) else "in other words"


def _essence(sentence: str) -> str:
    """A sentence without what Nova tells differently after each start, the order of options, and without its
    spelling of patterns: classes of characters are pages long in Python."""
    sentence = re.sub(r"does not match '.*'$", "does not match", sentence)
    options = re.search(r" is not one of \[(.*)\]$", sentence, re.DOTALL)
    return sentence.replace(options[1], str(sorted(options[1].split(", ")))) if options else sentence
