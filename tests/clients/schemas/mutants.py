"""Bodies and queries a little beside good ones, by the schema that they are held to.

Pure; the same schema and value give the same mutants in the same order.
"""

import copy
import re

# What a value is replaced by, whatever its schema says.
VALUES = (
    *(None, True, False, 0, -1, 1, 1.0, 1.5, 2**31, "", " ", "x", " x ", "a" * 255, "a" * 256, "a\nb", "é", "a/b", "_x"),
    *("1", "-1", "1.5", "true", "False", "auto", "10.0.0.1", "::1", "2026-01-01T00:00:00Z", "0bc7d1a7-a8d4-4e0a-9f4b-3a9a16a1d7ad"),
    *([], ["x"], {}, {"a": "b"}),
)
TEXTS = tuple(value for value in VALUES if isinstance(value, str))
UNKNOWN = "unknown"


def of_body(schema: dict, body: dict):
    """Each place in a body, present or possible, with each other value; without it; with something beside it."""
    for path, here in _places(schema, body):
        if path:
            yield from (_put(body, path, value) for value in _values(here))
            yield _without(body, path)
        found = _at(body, path)
        if isinstance(found, dict):
            yield _put(body, (*path, UNKNOWN), "x")
        if isinstance(found, list):
            yield _put(body, path, found * 2)


def of_query(schema: dict):
    """Each parameter with each text, and twice; a parameter that is not known. As lists of texts."""
    yield {}
    for name in (*schema.get("properties", {}), UNKNOWN):
        yield from ({name: [text]} for text in TEXTS)
        yield {name: ["1", "2"]}


def _places(schema: dict, value, path: tuple = ()):
    yield path, schema
    if isinstance(value, dict):
        for name in dict.fromkeys((*value, *_properties(schema))):
            below = _below(schema, name)
            if name in value:
                yield from _places(below, value[name], (*path, name))
            else:
                yield (*path, name), below
    if isinstance(value, list):
        for index, item in enumerate(value[:2]):
            yield from _places(schema.get("items", {}), item, (*path, index))


def _properties(schema: dict) -> dict:
    """The properties of a schema, those of its alternatives too."""
    found = dict(schema.get("properties", {}))
    for branch in _branches(schema):
        found |= _properties(branch)
    return found


def _branches(schema: dict) -> list:
    return [branch for keyword in ("oneOf", "anyOf", "allOf") for branch in schema.get(keyword, ())]


def _below(schema: dict, name: str) -> dict:
    """The schema of a member."""
    properties = _properties(schema)
    if name in properties:
        return properties[name]
    fitting = (below for pattern, below in schema.get("patternProperties", {}).items() if re.search(pattern, name))
    return next(fitting, {})


def _values(schema: dict) -> list:
    """What to put into a place: all sorts, what its schema names, and its bounds and what is beyond."""
    found = [*VALUES, *schema.get("enum", ())]
    for branch in _branches(schema):
        found += branch.get("enum", ())
    for keyword, step in (("minimum", -1), ("maximum", 1)):
        if keyword in schema:
            found += (schema[keyword], schema[keyword] + step)
    if "maxLength" in schema:
        found += ("a" * length for length in (schema["maxLength"], schema["maxLength"] + 1))
    return found


def _at(body, path: tuple):
    for step in path:
        try:
            body = body[step]
        except (KeyError, IndexError):
            return None
    return body


def _put(body: dict, path: tuple, value) -> dict:
    made = copy.deepcopy(body)
    _at(made, path[:-1])[path[-1]] = value
    return made


def _without(body: dict, path: tuple) -> dict:
    made = copy.deepcopy(body)
    holder = _at(made, path[:-1])
    if isinstance(holder, list) or path[-1] in holder:
        del holder[path[-1]]
    return made
