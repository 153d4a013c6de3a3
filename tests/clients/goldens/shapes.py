"""The shape of a JSON value: its keys and types, without its values.

    {"id": "s", "links?": [{"rel": "s"}], "image": "n|s"}

A leaf is the first letter of its type's name, or several of them; a list holds what its members have in
common, where a key that only some of them have ends in `?`.
"""

# Objects whose keys are names: of networks, hosts, ids, whatever somebody chose.
NAMED = ("addresses", "hosts", "log", "allocations", "provider_summaries")
LETTERS = {str: "s", bool: "b", int: "i", float: "f", type(None): "n"}


def shape(value):
    """The shape of a value."""
    if isinstance(value, dict):
        return {key: of_key(key, inner) for key, inner in value.items()}
    if isinstance(value, list):
        shapes = [shape(inner) for inner in value]
        return [merged(shapes)] if shapes else []
    return LETTERS[type(value)]


def of_key(key: str, value):
    """The shape of what an object has under a key; where its own keys are names, `*` stands for them."""
    if key in NAMED and isinstance(value, dict) and value:
        return {"*": merged([shape(inner) for inner in value.values()])}
    return shape(value)


def merged(shapes: list):
    """One shape for all members of a list."""
    if all(isinstance(each, dict) for each in shapes):
        keys = dict.fromkeys(key.rstrip("?") for each in shapes for key in each)
        return {key + optional(key, shapes): merged(values(key, shapes)) for key in keys}
    if all(isinstance(each, list) for each in shapes):
        inner = [member for each in shapes for member in each]
        return [merged(inner)] if inner else []
    letters = {letter for each in shapes if isinstance(each, str) for letter in each.split("|")}
    rest = [each for each in shapes if not isinstance(each, str)]
    return merged(rest) if rest else "|".join(sorted(letters))


def optional(key: str, shapes: list) -> str:
    return "" if all(key in each for each in shapes) else "?"


def values(key: str, shapes: list) -> list:
    return [each[name] for each in shapes for name in (key, f"{key}?") if name in each]


def differences(wanted, found, place: str = ""):
    """Where a shape is not as another. Nothing (null, an empty list or object) is like everything."""
    if any(nothing in (wanted, found) for nothing in ("n", [], {})):
        return
    if isinstance(wanted, dict) and isinstance(found, dict):
        yield from of_objects(wanted, found, place)
    elif isinstance(wanted, list) and isinstance(found, list):
        yield from differences(wanted[0], found[0], f"{place}[]")
    elif isinstance(wanted, str) and isinstance(found, str):
        if not alike(wanted, found):
            yield f"{place} is {found}, not {wanted}"
    else:
        yield f"{place} is {kind(found)}, not {kind(wanted)}"


def of_objects(wanted: dict, found: dict, place: str):
    """The same of two objects."""
    theirs, ours = bare(wanted), bare(found)
    for key, inner in theirs.items():
        if key in ours:
            yield from differences(inner, ours[key], f"{place}.{key}")
        elif f"{key}?" not in wanted:
            yield f"no {place}.{key}"
    yield from (f"{place}.{key} is more" for key in ours if key not in theirs)


def bare(of: dict) -> dict:
    return {key.rstrip("?"): inner for key, inner in of.items()}


def alike(wanted: str, found: str) -> bool:
    """Whether leaves have a type in common; a whole number may be written as any number."""
    left, right = ({"f" if one == "i" else one for one in each.split("|")} - {"n"} for each in (wanted, found))
    return not left or not right or bool(left & right)


def kind(of) -> str:
    return {dict: "an object", list: "a list"}.get(type(of), of)
