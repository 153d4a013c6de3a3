"""What Nova says of itself: its operations, their microversions and their schemas.

Read from Nova's table of routes and the controllers that it names; nothing of Nova runs but the
validator that Nova itself uses.
"""

import warnings
from dataclasses import dataclass
from itertools import chain

warnings.simplefilter("ignore")  # of deprecations inside Nova

from nova import exception  # noqa: E402
from nova.api.openstack import api_version_request  # noqa: E402
from nova.api.openstack.compute import routes  # noqa: E402
from nova.api.validation import validators  # noqa: E402

# A refusal in whatever words.
ANY = "*"
NEWEST = api_version_request.max_api_version().ver_minor


@dataclass(frozen=True)
class Range:
    """Minor versions, both ends included."""

    first: int
    last: int

    def __contains__(self, minor: int) -> bool:
        return self.first <= minor <= self.last


@dataclass(frozen=True)
class Operation:
    """One live operation: what a client can ask for by verb, path and the key of an action."""

    verb: str
    path: str
    action: str | None
    versions: Range
    bodies: list
    queries: list
    responses: list

    @property
    def name(self) -> str:
        return " ".join(filter(None, (self.verb, self.path, self.action)))

    def boundaries(self, *kinds: list) -> list:
        """The versions at which one of its schemas changes, the first and the newest, and those beside its ends."""
        firsts = [versions.first for _, versions in chain(*kinds or (self.bodies, self.queries, self.responses))]
        ends = (self.versions.first - 1, self.versions.first, self.versions.last, self.versions.last + 1)
        return sorted(minor for minor in {1, NEWEST, *firsts, *ends} if minor in Range(1, NEWEST))


def at(schemas: list, minor: int) -> dict | None:
    """The schema that holds at a version."""
    return next((schema for schema, versions in schemas if minor in versions), None)


def refusal(schema: dict | None, value, is_body: bool = True) -> str | None:
    """Nova's sentence about a value that breaks a schema."""
    if schema is None:
        return None
    try:
        validators._SchemaValidator(schema, False, is_body).validate(value)
    except exception.ValidationError as error:
        return error.kwargs["detail"]
    except UnicodeError:  # user data beyond ASCII: Nova's validator itself fails
        return ANY
    return None


def operations() -> list:
    """Every operation that was not removed for good."""
    methods = chain.from_iterable(map(_methods, (row for row in routes.ROUTE_LIST if isinstance(row[1], dict))))
    return [_operation(*row) for row in methods if not getattr(row[-1], "removed", False)]


def _methods(route: tuple):
    """What a row of Nova's table of routes leads to: verb, path, action, method."""
    path, verbs = route
    for verb, (factory, name) in verbs.items():
        main, others = factory.args
        if name != "action":
            yield verb, path or "/", None, getattr(main, name)
            continue
        for controller in (main, *others):
            for method in (getattr(controller, each) for each in dir(controller)):
                action = getattr(method, "wsgi_action", None)
                if action:
                    yield verb, path, action, method


def _operation(verb: str, path: str, action: str | None, method) -> Operation:
    versions = _range(getattr(method, "min_version", None), getattr(method, "max_version", None))
    kinds = (_schemas(method, kind) for kind in ("request_body_schemas", "request_query_schemas", "response_body_schemas"))
    return Operation(verb, path, action, versions, *kinds)


def _schemas(method, kind: str) -> list:
    kept = getattr(method, kind, None)
    found = [(schema, _range(*ends)) for schema, *ends in kept._schemas] if kept else []
    return [(schema, versions) for schema, versions in found if versions.last >= 1]  # 2.0 is /v2


def _range(first, last) -> Range:
    first, last = map(_minor, (first, last))
    return Range(first or 1, NEWEST if last is None else last)


def _minor(version) -> int | None:
    """The minor version of one of Nova's versions, or of its text; nothing if it is open."""
    version = version if hasattr(version, "ver_minor") else api_version_request.APIVersionRequest(version)
    return None if version.is_null() else version.ver_minor
