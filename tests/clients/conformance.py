"""Runs lists of upstream's own tests against a cloud of its own. Called by conformance.sh."""

import argparse
import collections
import itertools
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import requests
import subunit
import testtools
import yaml
from checks import eventually
from cloud import Cloud
from main import nothing_is_left

HERE = Path(__file__).parent / "tempest"
GUEST_TAR = Path(".cache/guest-image/novadock-tiny.tar")
IMAGE = "novadock/tiny"
# A second image. The clients' own tests look for one that is called like this.
UPLOADED = "cirros-novadock-uec"
NETWORK = "shared"
PRIVATE = "10.97.0.0/24"  # of a network that openstackclient's tests look for
HEAT = "10.98.0.0/24"  # of one that those of Heat's plug-in look for
OUTCOMES = {"success": "passed", "uxsuccess": "passed", "skip": "skipped"}
# The lists that run when none is named. A test that is in two of them runs once.
LISTS = (
    *("interop-compute", "interop-identity", "interop-orchestration", "interop-network"),
    *("compute", "network", "scenario"),
    *("novaclient", "openstackclient-compute", "orchestration", "heatclient", "sdk-orchestration"),
)
# A test that hangs ends after so many seconds; Tempest's own limit is 500.
TEST_SECONDS = "150"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", type=Path, required=True)
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--list", type=Path, action="append")
    parser.add_argument("--concurrency", type=int, default=2)
    parser.add_argument("words", nargs="*")
    arguments = parser.parse_args()

    paths = arguments.list or [HERE / f"{name}.txt" for name in LISTS]
    lists = {path.stem: choose(path, arguments.words) for path in paths}
    chosen = list(dict.fromkeys(test for tests in lists.values() for test in tests))
    cloud = Cloud(arguments.binary, arguments.data_dir)
    cloud.reset()
    print(f"ready after {cloud.start():.2f} s; {len(chosen)} tests", flush=True)
    results = Results()
    try:
        admin = Admin(cloud)
        workspace = prepare(cloud, admin)
        tempest = (Tempest(arguments.concurrency), Scenarios(), HeatPlugin())
        for suite in (*tempest, HeatClient(), NovaClient(), OpenStackClient(), Sdk()):
            tests = [test for test in chosen if test.startswith(suite.prefixes)]
            if tests:
                run(workspace, suite.command(workspace, tests), suite.environment(cloud, admin), results)
    finally:
        installation = cloud.installation()
        cloud.reset()
        nothing_is_left(installation)
    return report({name: results.of(tests) for name, tests in lists.items()})


def bare(test: str) -> str:
    """The name of a test without its tags, as a list or a result writes it."""
    return test.partition("[")[0]


def key(test: str) -> str:
    """Its name with its id, which tells apart those of one name; other tags come in any order."""
    tags = test.partition("[")[2].rstrip("]").split(",")
    return bare(test) + "".join(f"[{tag}]" for tag in tags if tag.startswith("id-"))


def choose(path: Path, words: list) -> list:
    """The tests of a list, or those of them that contain one of the words."""
    tests = path.read_text().split()
    return [test for test in tests if not words or any(word in test for word in words)]


class Admin:
    """The administrator, who prepares what Tempest wants to find."""

    def __init__(self, cloud: Cloud):
        clouds = yaml.safe_load((cloud.data_dir / "clouds.yaml").read_text())["clouds"]
        self.password = clouds["novadock-admin"]["auth"]["password"]
        self.member_password = clouds["novadock"]["auth"]["password"]
        self.url = cloud.url
        self.session = requests.Session()
        domain = {"id": "default"}
        user = {"name": "admin", "domain": domain, "password": self.password}
        scope = {"project": {"name": "admin", "domain": domain}}
        identity = {"methods": ["password"], "password": {"user": user}}
        body = {"auth": {"identity": identity, "scope": scope}}
        answer = self.call("POST", "/identity/v3/auth/tokens", json=body)
        self.session.headers["X-Auth-Token"] = answer.headers["X-Subject-Token"]

    def call(self, method: str, path: str, **arguments) -> requests.Response:
        answer = self.session.request(method, self.url + path, timeout=60, **arguments)
        answer.raise_for_status()
        return answer

    def image(self) -> str:
        """The guest image that the engine has."""

        def found():
            return self.call("GET", f"/image/v2/images?name={IMAGE}").json()["images"]

        return eventually(f"the image {IMAGE}", found)[0]["id"]

    def upload(self) -> str:
        """The same guest as an uploaded file: a second image."""
        image = {"name": UPLOADED, "visibility": "public", "os_command_line": "/sbin/init"}
        image |= {"container_format": "docker", "disk_format": "raw"}
        made = self.call("POST", "/image/v2/images", json=image).json()["id"]
        with GUEST_TAR.open("rb") as data:
            kind = {"Content-Type": "application/octet-stream"}
            self.call("PUT", f"/image/v2/images/{made}/file", data=data, headers=kind)
        return made

    def flavor(self, name: str) -> str:
        flavors = self.call("GET", "/compute/v2.1/flavors").json()["flavors"]
        return next(flavor["id"] for flavor in flavors if flavor["name"] == name)

    def project(self, name: str) -> str:
        """The id of a project."""
        return self.call("GET", f"/identity/v3/projects?name={name}").json()["projects"][0]["id"]

    def routed(self, project: str, cidr: str, network: str, subnet: str) -> None:
        """A network of a project that a router joins to the external one, under the names that DevStack gives it."""
        owner = {"project_id": self.project(project)}
        made = self.make("networks", {"name": network, **owner})
        within = {"name": subnet, "network_id": made, "ip_version": 4, "cidr": cidr, **owner}
        subnet_id = self.make("subnets", within)
        gateway = {"network_id": self.public()}
        router = self.make("routers", {"name": network, "external_gateway_info": gateway, **owner})
        self.call("PUT", f"/network/v2.0/routers/{router}/add_router_interface", json={"subnet_id": subnet_id})

    def public(self) -> str:
        """The network that leads outside, which the cloud makes at its first start."""
        return self.call("GET", "/network/v2.0/networks?router:external=true").json()["networks"][0]["id"]

    def make(self, kind: str, body: dict) -> str:
        """The id of a new thing of the network service."""
        made = self.call("POST", f"/network/v2.0/{kind}", json={kind.removesuffix("s"): body}).json()
        return made[kind.removesuffix("s")]["id"]

    def extensions(self) -> str:
        """The extensions of the network service."""
        rows = self.call("GET", "/network/v2.0/extensions").json()["extensions"]
        return ",".join(row["alias"] for row in rows)


def prepare(cloud: Cloud, admin: Admin) -> Path:
    """Makes the folder that the suites work in, and Tempest's configuration."""
    workspace = cloud.data_dir.with_name("tempest-workspace")
    shutil.rmtree(workspace, ignore_errors=True)
    workspace.mkdir()
    values = {
        "workspace": workspace,
        "url": cloud.url,
        "password": admin.password,
        "member_password": admin.member_password,
        "image_name": IMAGE,
        "image": admin.image(),
        "image_alt": admin.upload(),
        "flavor": admin.flavor("m1.nano"),
        "flavor_alt": admin.flavor("m1.tiny"),
        "network": NETWORK,
        "public": admin.public(),
        "extensions": admin.extensions(),
    }
    shutil.copy(cloud.data_dir / "clouds.yaml", workspace)
    template = (HERE / "tempest.conf").read_text()
    for suite in (Tempest, Scenarios):
        (workspace / suite.settings).write_text(template.format(**values, **suite.differing))
    return workspace


def program(name: str) -> Path:
    """A command of this Python environment."""
    return Path(sys.executable).with_name(name)


class Tempest:
    """Tempest's tests of the API, by its own runner."""

    prefixes = ("tempest.api.",)
    settings = "tempest.conf"
    # What the settings of suites differ in.
    differing = {"isolated": "false", "connect": "fixed"}

    def __init__(self, concurrency: int):
        self.concurrency = concurrency

    def command(self, workspace: Path, tests: list) -> list:
        chosen = workspace / "tests.txt"
        chosen.write_text("\n".join(tests) + "\n")
        words = ("--config-file", workspace / self.settings, "--load-list", chosen)
        return [program("tempest"), "run", "--subunit", *words, "--concurrency", str(self.concurrency)]

    def environment(self, _cloud: Cloud, _admin: Admin) -> dict:
        return {}


class InTurn(Tempest):
    """Suites whose classes make networks of one range, so they take turns."""

    def __init__(self):
        super().__init__(concurrency=1)


class Scenarios(InTurn):
    """Tempest's scenarios, which log in to guests of networks of their own."""

    prefixes = ("tempest.scenario.",)
    settings = "scenario.conf"
    differing = {"isolated": "true", "connect": "floating"}


class HeatPlugin(InTurn):
    """Tempest's plug-in for Heat, which looks for a network of the user's own."""

    prefixes = ("heat_tempest_plugin.",)

    def environment(self, _cloud: Cloud, admin: Admin) -> dict:
        admin.routed("demo", HEAT, "heat-net", "heat-subnet")
        return {}


class Packaged:
    """Tests in the package of a client, which call its command."""

    def command(self, _workspace: Path, tests: list) -> list:
        return [sys.executable, "-m", "subunit.run", *tests]


def variables(cloud: Cloud, name: str, password: str) -> dict:
    """Who asks, and where, as variables of the environment: a user in the project of the same name."""
    user = {"OS_USERNAME": name, "OS_PASSWORD": password, "OS_USER_DOMAIN_ID": "default"}
    project = {"OS_PROJECT_NAME": name, "OS_TENANT_NAME": name, "OS_PROJECT_DOMAIN_ID": "default"}
    return user | project | {"OS_AUTH_URL": f"{cloud.url}/identity/v3", "OS_IDENTITY_API_VERSION": "3"}


class HeatClient(Packaged):
    """python-heatclient, whose tests call `heat` and `openstack`."""

    prefixes = ("heatclient.",)

    def environment(self, cloud: Cloud, admin: Admin) -> dict:
        who = variables(cloud, "demo", admin.member_password)
        return who | {"OS_HEATCLIENT_EXEC_DIR": str(program("openstack").parent)}


class NovaClient(Packaged):
    """python-novaclient, whose tests call its Python, and `nova`."""

    prefixes = ("novaclient.",)

    def environment(self, cloud: Cloud, admin: Admin) -> dict:
        commands = str(program("nova").parent)
        # The second is read whether or not it is needed.
        where = {"OS_NOVACLIENT_EXEC_DIR": commands, "TOX_ENV_DIR": commands, "OS_NOVACLIENT_NETWORK": NETWORK}
        return variables(cloud, "admin", admin.password) | where


class OpenStackClient(Packaged):
    """python-openstackclient, whose tests call `openstack` without any of our variables: its
    credentials are a file in the folder they run in."""

    prefixes = ("openstackclient.",)

    def environment(self, _cloud: Cloud, admin: Admin) -> dict:
        admin.routed("admin", PRIVATE, "private", "private-subnet")
        path = f"{program('openstack').parent}:{os.environ['PATH']}"
        return {"PATH": path, "OS_ADMIN_CLOUD": "novadock-admin"}


class Sdk:
    """The tests in the package of openstacksdk."""

    prefixes = ("openstack.",)

    def command(self, _workspace: Path, tests: list) -> list:
        # They open their templates by a path from where the package is.
        packages = sysconfig.get_path("purelib")
        return ["env", "--chdir", packages, sys.executable, "-m", "subunit.run", *tests]

    def environment(self, cloud: Cloud, _admin: Admin) -> dict:
        of = {"DEMO_CLOUD": "novadock", "DEMO_CLOUD_ALT": "novadock", "OPERATOR_CLOUD": "novadock-admin"}
        of |= {"SYSTEM_ADMIN_CLOUD": "novadock-system", "IMAGE": IMAGE, "FLAVOR": "m1.nano"}
        of |= {"FUNC_TEST_TIMEOUT": "60"}
        return cloud.environment("novadock-admin") | {f"OPENSTACKSDK_{name}": value for name, value in of.items()}


class Results(testtools.StreamToDict):
    """What became of each test, told as it comes."""

    def __init__(self):
        super().__init__(self.note)
        self.seen = {}

    def note(self, record: dict) -> None:
        if record["status"] == "exists":  # the runner's list of what it is about to run
            return
        name, outcome = key(record["id"]), OUTCOMES.get(record["status"], "failed")
        began, ended = record["timestamps"]
        seconds = f" ({(ended - began).total_seconds():.1f} s)" if began and ended else ""
        self.seen[name] = outcome
        print(f"{outcome:8}{bare(name)}{seconds}", flush=True)
        if outcome != "passed":
            print(reason(record["details"], outcome), flush=True)

    def of(self, tests: list) -> dict:
        """Each test's outcome. One that was not run shares that of its class, or failed."""
        names = [key(test) for test in tests]
        return {name: self.seen.get(name) or self.seen.get(set_up_of(name), "failed") for name in names}


def set_up_of(test: str) -> str:
    """How the set-up of a test's class is called."""
    return f"setUpClass ({bare(test).rpartition('.')[0]})"


def reason(details: dict, outcome: str) -> str:
    """Why a test was skipped, or what was raised; the way there is in Tempest's own log."""
    attached = details.get("reason" if outcome == "skipped" else "traceback")
    lines = attached.as_text().strip().splitlines() if attached else ["no reason given"]
    frames = [number for number, line in enumerate(lines) if line.startswith('  File "')]
    rest = lines[frames[-1] + 1 :] if frames else lines
    said = itertools.dropwhile(lambda line: frames and line.startswith("    "), rest)
    return "\n".join(f"        {line}" for line in said)


def run(workspace: Path, command: list, environment: dict, results: Results) -> None:
    """A suite's own runner; its stream of results is read while it runs."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OS_")}
    kept |= {"OS_TEST_TIMEOUT": TEST_SECONDS} | environment
    with (workspace / "runner.log").open("ab") as log:
        runner = subprocess.Popen(command, cwd=workspace, env=kept, stdout=subprocess.PIPE, stderr=log)
        results.startTestRun()
        subunit.ByteStreamToStreamResult(runner.stdout, non_subunit_name="output").run(results)
        results.stopTestRun()
        runner.wait()


def report(lists: dict) -> int:
    """Prints the table, each failure with its cause, and what is not as it was known."""
    outcomes = {test: outcome for tests in lists.values() for test, outcome in tests.items()}
    print(f"\n{'':22}{'passed':>8}{'failed':>8}{'skipped':>8}")
    for name, tests in (lists | {"all": outcomes}).items():
        count = collections.Counter(tests.values())
        print(f"{name:22}{count['passed']:>8}{count['failed']:>8}{count['skipped']:>8}")

    known = known_failures()
    failed = [bare(test) for test, outcome in outcomes.items() if outcome == "failed"]
    for test in failed:
        print(f"failed: {test}: {known[test].cause if test in known else 'A NEW FAILURE'}")
    of_name = {bare(test): outcome for test, outcome in outcomes.items()} | dict.fromkeys(failed, "failed")
    always = [test for test, row in known.items() if row.often == "always"]
    mended = [test for test in always if of_name.get(test, "failed") != "failed"]
    for test in mended:
        print(f"{of_name[test]}, so it is no known failure any more: {test}")
    passed = sum(outcome == "passed" for outcome in outcomes.values())
    print(f"{passed} passed, {len(failed)} failed")
    return 1 if mended or not known.keys() >= set(failed) else 0


Known = collections.namedtuple("Known", "often cause")


def known_failures() -> dict:
    """Test → how often it fails, and why."""
    rows = (HERE / "known-failures.tsv").read_text().splitlines()
    rows = [row.split("\t") for row in rows if not row.startswith("#")]
    return {test: Known(often, cause) for test, often, cause in rows}


if __name__ == "__main__":
    raise SystemExit(main())
