"""How each operation is called: where, in which state, and with what.

A row of a table is a function of the world and the version; an operation without a row is called
without a body, with the things that its path names.
"""

from world import KEY, NOBODY, PRIVATE, World

SERVER_PATH = "/servers/{id}/action"
OTHER_NAME = "/os-volumes_boot"  # what servers are called, too


def place(operation) -> str:
    """Its path, by which the tables know it."""
    return operation.path.replace(OTHER_NAME, "/servers")


def paths(world: World, operation, minor: int) -> list:
    """The addresses to call; more than one where what is shown depends on what is there."""
    if minor not in operation.versions:
        return [operation.path.format(id=world.server, server_id=world.server, flavor_id=world.small, image_id=world.image)]
    if place(operation) == SERVER_PATH:
        return [operation.path.format(id=_server(world, operation.action))]
    if (operation.verb, place(operation)) == ("GET", "/servers/{id}"):
        return [operation.path.format(id=server) for server in world.shown]
    if operation.path == "/servers/{server_id}/os-instance-actions/{id}":
        return [f"/servers/{server}/os-instance-actions/{action}" for server in world.shown for action in _actions(world, server)]
    names = _names(world, operation, minor)
    for prefix, common in COMMON.items():
        if place(operation).startswith(prefix):
            names = {name: row(world, minor) for name, row in common.items() if name not in names} | names
            break
    return [operation.path.format(**names)]


def _server(world: World, action: str) -> str:
    state = SERVER_ACTIONS[action][0]
    made = {"deleted": world.deleted, "routed": world.routed, "led to": world.led_to, "addressed": world.with_more}.get(state)
    return made() if made else world.ready(state)


def _names(world: World, operation, minor: int) -> dict:
    row = PLACES.get(operation.action) or PLACES.get((operation.verb, place(operation)), {})
    return row(world, minor) if callable(row) else {name: make(world, minor) for name, make in row.items()}


def _plugged(world: World, _minor: int) -> dict:
    server = world.create()
    return {"server_id": server, "id": world.interface(server)}


def body(world: World, operation, minor: int) -> dict | None:
    """A body that the version takes."""
    if place(operation) == SERVER_PATH:
        return {operation.action: _value(SERVER_ACTIONS[operation.action][1], world, minor)}
    row = BODIES.get((operation.verb, place(operation), operation.action))
    return None if row is None else _value(row, world, minor)


def _value(row, world: World, minor: int):
    return row(world, minor) if callable(row) else row


def _actions(world: World, server: str) -> list:
    return [row["request_id"] for row in world.make("GET", f"/servers/{server}/os-instance-actions")["instanceActions"]]


def since(first: int, minor: int, members: dict) -> dict:
    """Members of a body that came with a version."""
    return members if minor >= first else {}


def until(last: int, minor: int, members: dict) -> dict:
    """Members of a body that went after a version."""
    return members if minor <= last else {}


def new_server(world: World, minor: int) -> dict:
    about = {"name": world.fresh(), "imageRef": world.image, "flavorRef": world.small, "metadata": {"colour": "green"}}
    about |= {"networks": [{"uuid": world.network}]} | since(19, minor, {"description": "one"})
    about |= since(52, minor, {"tags": ["a"]}) | since(90, minor, {"hostname": "one"})
    return {"server": about, "os:scheduler_hints": {"group": world.server_group()}}


def changed_server(world: World, minor: int) -> dict:
    about = {"name": world.fresh()} | since(19, minor, {"description": None}) | since(90, minor, {"hostname": "two"})
    return {"server": about}


def rebuilt(world: World, minor: int) -> dict:
    about = {"imageRef": world.image, "name": world.fresh(), "metadata": {"colour": "blue"}}
    about |= since(19, minor, {"description": "two"}) | since(54, minor, {"key_name": None})
    return about | since(57, minor, {"user_data": None}) | since(90, minor, {"hostname": "two"})


def new_flavor(world: World, minor: int) -> dict:
    about = {"name": world.fresh(), "ram": 64, "vcpus": 1, "disk": 0, "swap": 5}
    return {"flavor": about | since(55, minor, {"description": "one"}) | until(101, minor, {"rxtx_factor": 1.5})}


def new_keypair(world: World, minor: int) -> dict:
    about = {"name": world.fresh()} | since(2, minor, {"type": "ssh"}) | since(10, minor, {"user_id": world.user})
    return {"keypair": about | since(92, minor, {"public_key": KEY})}


def new_group(world: World, minor: int) -> dict:
    policy = {"policies": ["affinity"]} if minor < 64 else {"policy": "anti-affinity", "rules": {"max_server_per_host": 3}}
    return {"server_group": {"name": world.fresh()} | policy}


def changed_service(world: World, minor: int) -> dict:
    return {"status": "enabled"} if minor >= 53 else {"host": world.service["host"], "binary": "nova-compute"}


def external_events(world: World, minor: int) -> dict:
    return {"events": [{"name": "network-changed", "server_uuid": world.server}]}


def backup(world: World, minor: int) -> dict:
    return {"name": world.fresh(), "backup_type": "daily", "rotation": 1}


def live_migration(_world: World, minor: int) -> dict:
    about = {"host": None, "block_migration": False if minor < 25 else "auto"}
    return about | until(24, minor, {"disk_over_commit": False})


# Action of a server → the state that it is in, and the value of its key.
SERVER_ACTIONS = {
    "addFixedIp": ("active", lambda world, _: {"networkId": world.network}),
    "addFloatingIp": ("routed", lambda world, _: {"address": world.floating_ip()["ip"]}),
    "addSecurityGroup": ("active", lambda world, _: {"name": world.security_group()}),
    "changePassword": ("active", {"adminPass": "secret"}),
    "confirmResize": ("resized", None),
    "createBackup": ("active", backup),
    "createImage": ("active", lambda world, _: {"name": world.fresh(), "metadata": {"colour": "green"}}),
    "evacuate": ("active", lambda _, minor: until(13, minor, {"onSharedStorage": False})),
    "forceDelete": ("active", None),
    "injectNetworkInfo": ("active", None),
    "lock": ("active", lambda _, minor: since(73, minor, {"locked_reason": "kept"}) or None),
    "migrate": ("active", lambda _, minor: since(56, minor, {"host": None}) or None),
    "os-getConsoleOutput": ("active", {"length": 5}),
    "os-getSPICEConsole": ("active", {"type": "spice-html5"}),
    "os-getSerialConsole": ("active", {"type": "serial"}),
    "os-getVNCConsole": ("active", {"type": "novnc"}),
    "os-migrateLive": ("active", live_migration),
    "os-resetState": ("active", {"state": "active"}),
    "os-start": ("stopped", None),
    "os-stop": ("active", None),
    "pause": ("active", None),
    "reboot": ("active", {"type": "HARD"}),
    "rebuild": ("active", rebuilt),
    "removeFixedIp": ("addressed", lambda world, _: {"address": world.more}),
    "removeFloatingIp": ("led to", lambda world, _: {"address": world.led}),
    "removeSecurityGroup": ("active", {"name": "default"}),
    "rescue": ("active", {"adminPass": "secret"}),
    "resize": ("active", lambda world, _: {"flavorRef": world.larger}),
    "restore": ("deleted", None),
    "resume": ("suspended", None),
    "revertResize": ("resized", None),
    "shelve": ("active", None),
    "shelveOffload": ("shelved", None),
    "suspend": ("active", None),
    "trigger_crash_dump": ("active", None),
    "unlock": ("locked", None),
    "unpause": ("paused", None),
    "unrescue": ("rescued", None),
    "unshelve": ("offloaded", lambda world, minor: since(91, minor, {"host": world.service["host"]}) or None),
}

# What a path that begins so names. The first that fits counts.
COMMON = {
    "/versions": {"id": lambda _w, _m: "v2.1"},
    "/extensions": {"id": lambda _w, _m: "os-flavor-access"},
    "/flavors": {"flavor_id": lambda world, _: world.private, "id": lambda world, _: world.private},
    "/images": {"image_id": lambda world, _: world.image, "id": lambda world, _: world.image},
    "/os-aggregates": {"id": lambda world, _: world.hosting()},
    "/os-assisted-volume-snapshots": {"id": lambda _w, _m: "1?delete_info={}"},
    "/os-floating-ips": {"id": lambda world, _: world.floating_ip()["id"]},
    "/os-hosts": {"id": lambda world, _: world.service["host"]},
    "/os-hypervisors": {"id": lambda world, minor: world.hypervisor["id"] if minor >= 53 else 1},
    "/os-instance_usage_audit_log": {"id": lambda _w, _m: "2026-01-01 00:00:00"},
    "/os-keypairs": {"id": lambda world, _: world.keypair()},
    "/os-networks": {"id": lambda world, _: world.network},
    "/os-quota": {"id": lambda world, _: world.other},
    "/os-security-group-rules": {"id": lambda world, _: world.security_group_rule()},
    "/os-security-groups": {"id": lambda world, _: world.security_group()},
    "/os-server-groups": {"id": lambda world, _: world.server_group()},
    "/os-services": {"id": lambda world, minor: world.service["id"] if minor >= 53 else 1},
    "/os-simple-tenant-usage": {"id": lambda world, _: world.project},
    "/os-tenant-networks": {"id": lambda world, _: world.network},
    "/servers": {"id": lambda world, _: world.server, "server_id": lambda world, _: world.server},
    "": {"id": lambda _w, _m: "1", "server_id": lambda world, _: world.server},
}

# What an action, or a path, names otherwise: something new that is about to be removed, or something below another.
PLACES = {
    ("DELETE", "/flavors/{id}"): {"id": lambda world, _: world.flavor()},
    ("PUT", "/flavors/{id}"): {"id": lambda world, _: world.flavor()},
    ("GET", "/flavors/{flavor_id}/os-extra_specs/{id}"): {"id": lambda _w, _m: "hw:cpu_policy"},
    ("PUT", "/flavors/{flavor_id}/os-extra_specs/{id}"): {"id": lambda _w, _m: "hw:cpu_policy"},
    ("DELETE", "/flavors/{flavor_id}/os-extra_specs/{id}"): {
        "flavor_id": lambda world, _: world.flavor(),
        "id": lambda _w, _m: "hw:cpu_policy",
    },
    "add_host": {"id": lambda world, _: world.aggregate()},
    "addTenantAccess": {"id": lambda world, _: world.flavor(**PRIVATE)},
    "removeTenantAccess": {"id": lambda world, _: world.lent()},
    "force_complete": {"id": lambda _w, _m: "1"},
    ("DELETE", "/os-aggregates/{id}"): {"id": lambda world, _: world.aggregate()},
    ("PUT", "/os-aggregates/{id}"): {"id": lambda world, _: world.aggregate()},
    ("DELETE", "/images/{id}"): {"id": lambda world, _: world.new_image()},
    **{
        (verb, "/images/{image_id}/metadata/{id}"): {"image_id": lambda world, _: world.new_image(), "id": lambda _w, _m: "colour"}
        for verb in ("GET", "PUT", "DELETE")
    },
    **{(verb, f"/os-hypervisors/{{id}}/{what}"): {"id": lambda world, _: world.hypervisor["hypervisor_hostname"]}
       for verb, what in (("GET", "search"), ("GET", "servers"))},
    **{(verb, f"/servers/{{server_id}}/migrations/{{id}}"): {"id": lambda _w, _m: "1"} for verb in ("GET", "DELETE")},
    **{(verb, "/servers/{server_id}/metadata/{id}"): {"id": lambda _w, _m: "colour"} for verb in ("GET", "PUT")},
    ("DELETE", "/servers/{server_id}/metadata/{id}"): {
        "server_id": lambda world, _: world.create({"metadata": {"colour": "green"}}),
        "id": lambda _w, _m: "colour",
    },
    **{(verb, "/servers/{server_id}/tags/{id}"): {"id": lambda _w, _m: "b"} for verb in ("GET", "PUT")},
    ("DELETE", "/servers/{server_id}/tags"): {"server_id": lambda world, _: world.create({"tags": ["b"]})},
    ("DELETE", "/servers/{server_id}/tags/{id}"): {
        "server_id": lambda world, _: world.create({"tags": ["b"]}),
        "id": lambda _w, _m: "b",
    },
    ("DELETE", "/servers/{id}"): {"id": lambda world, _: world.create()},
    ("PUT", "/servers/{id}"): {"id": lambda world, _: world.create()},
    ("GET", "/os-console-auth-tokens/{id}"): {"id": lambda world, _: world.console_token()},
    ("GET", "/servers/{server_id}/ips/{id}"): {"id": lambda _w, _m: "shared"},
    ("GET", "/servers/{server_id}/os-interface/{id}"): {"id": lambda world, _: world.interface(world.server)},
    ("POST", "/servers/{server_id}/os-interface"): {
        "server_id": lambda world, _: world.create({"networks": "none"}),
    },
    ("DELETE", "/servers/{server_id}/os-interface/{id}"): _plugged,
    ("DELETE", "/os-services/{id}"): {"id": lambda world, minor: world.conductor(minor)},
    ("GET", "/servers/{server_id}/migrations"): {"server_id": lambda world, _: world.migrated},
    ("PUT", "/os-services/{id}"): {"id": lambda world, minor: world.service["id"] if minor >= 53 else "enable"},
}

# (verb, path, action) → the body.
BODIES = {
    ("POST", "/flavors", None): new_flavor,
    ("PUT", "/flavors/{id}", None): {"flavor": {"description": "two"}},
    ("POST", "/flavors/{id}/action", "addTenantAccess"): lambda world, _: {"addTenantAccess": {"tenant": world.other}},
    ("POST", "/flavors/{id}/action", "removeTenantAccess"): lambda world, _: {"removeTenantAccess": {"tenant": world.other}},
    ("POST", "/flavors/{flavor_id}/os-extra_specs", None): {"extra_specs": {"hw:numa_nodes": "1"}},
    ("PUT", "/flavors/{flavor_id}/os-extra_specs/{id}", None): {"hw:cpu_policy": "shared"},
    ("POST", "/images/{image_id}/metadata", None): {"metadata": {"colour": "green"}},
    ("PUT", "/images/{image_id}/metadata", None): {"metadata": {"colour": "green"}},
    ("PUT", "/images/{image_id}/metadata/{id}", None): {"meta": {"colour": "green"}},
    ("POST", "/os-aggregates", None): lambda world, _: {"aggregate": {"name": world.fresh(), "availability_zone": "nova"}},
    ("PUT", "/os-aggregates/{id}", None): lambda world, _: {"aggregate": {"name": world.fresh()}},
    ("POST", "/os-aggregates/{id}/action", "add_host"): lambda world, _: {"add_host": {"host": world.service["host"]}},
    ("POST", "/os-aggregates/{id}/action", "remove_host"): lambda world, _: {"remove_host": {"host": world.service["host"]}},
    ("POST", "/os-aggregates/{id}/action", "set_metadata"): {"set_metadata": {"metadata": {"colour": "blue"}}},
    ("POST", "/os-aggregates/{id}/images", None): lambda world, _: {"cache": [{"id": world.image}]},
    ("POST", "/os-assisted-volume-snapshots", None): lambda world, _: {
        "snapshot": {
            "volume_id": world.network,
            "create_info": {"snapshot_id": world.network, "type": "qcow2", "new_file": "new"},
        }
    },
    ("POST", "/os-floating-ips", None): {"pool": "public"},
    ("PUT", "/os-hosts/{id}", None): {"status": "enable"},
    ("POST", "/os-baremetal-nodes/{id}/action", "add_interface"): {"add_interface": {}},
    ("POST", "/os-baremetal-nodes/{id}/action", "remove_interface"): {"remove_interface": {}},
    ("POST", "/servers/{server_id}/os-volume_attachments", None): {"volumeAttachment": {"volumeId": NOBODY}},
    ("PUT", "/servers/{server_id}/os-volume_attachments/{id}", None): {"volumeAttachment": {"volumeId": NOBODY}},
    ("POST", "/servers/{server_id}/shares", None): {"share": {"share_id": NOBODY}},
    ("POST", "/os-keypairs", None): new_keypair,
    ("PUT", "/os-quota-sets/{id}", None): {"quota_set": {"force": True, "cores": -1}},
    ("PUT", "/os-quota-class-sets/{id}", None): {"quota_class_set": {"cores": 30}},
    ("POST", "/os-security-groups", None): lambda world, _: {"security_group": {"name": world.fresh(), "description": "one"}},
    ("PUT", "/os-security-groups/{id}", None): lambda world, _: {"security_group": {"name": world.fresh(), "description": "two"}},
    ("POST", "/os-security-group-rules", None): lambda world, _: {
        "security_group_rule": {
            "parent_group_id": world.security_group(),
            **{"ip_protocol": "tcp", "from_port": 1, "to_port": 2, "cidr": "0.0.0.0/0"},
        }
    },
    ("POST", "/os-server-external-events", None): external_events,
    ("POST", "/os-server-groups", None): new_group,
    ("PUT", "/os-services/{id}", None): changed_service,
    ("POST", "/os-snapshots", None): {"snapshot": {"volume_id": NOBODY}},
    ("POST", "/os-volumes", None): {"volume": {"size": 1}},
    ("POST", "/servers", None): new_server,
    ("PUT", "/servers/{id}", None): changed_server,
    ("POST", "/servers/{server_id}/metadata", None): {"metadata": {"colour": "green"}},
    ("PUT", "/servers/{server_id}/metadata", None): {"metadata": {"colour": "green"}},
    ("PUT", "/servers/{server_id}/metadata/{id}", None): {"meta": {"colour": "green"}},
    ("PUT", "/servers/{server_id}/tags", None): {"tags": ["a", "b"]},
    ("POST", "/servers/{server_id}/remote-consoles", None): {"remote_console": {"protocol": "vnc", "type": "novnc"}},
    ("POST", "/servers/{server_id}/os-interface", None): lambda world, _: {"interfaceAttachment": {"net_id": world.network}},
    ("POST", "/servers/{server_id}/migrations/{id}/action", "force_complete"): {"force_complete": None},
}
