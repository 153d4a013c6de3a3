"""Runs lists of Tempest's tests against a cloud of its own. Called by conformance.sh."""

import argparse
import collections
import os
import shutil
import subprocess
import sys
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
NETWORK = "shared"
OUTCOMES = {"success": "passed", "uxsuccess": "passed", "skip": "skipped"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", type=Path, required=True)
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--list", type=Path, default=HERE / "interop.txt")
    parser.add_argument("--concurrency", type=int, default=2)
    parser.add_argument("words", nargs="*")
    arguments = parser.parse_args()

    chosen = choose(arguments.list, arguments.words)
    cloud = Cloud(arguments.binary, arguments.data_dir)
    cloud.reset()
    print(f"ready after {cloud.start():.2f} s; {len(chosen)} tests", flush=True)
    results = Results()
    try:
        workspace = prepare(cloud, chosen)
        run(workspace, arguments.concurrency, results)
    finally:
        installation = cloud.installation()
        cloud.reset()
        nothing_is_left(installation)
    return report(results.of([bare(test) for test in chosen]))


def bare(test: str) -> str:
    """The name of a test without its tags, as a list or a result writes it."""
    return test.partition("[")[0]


def choose(path: Path, words: list) -> list:
    """The tests of a list, or those of them that contain one of the words."""
    tests = path.read_text().split()
    return [test for test in tests if not words or any(word in test for word in words)]


class Admin:
    """The administrator, who prepares what Tempest wants to find."""

    def __init__(self, cloud: Cloud):
        entry = yaml.safe_load((cloud.data_dir / "clouds.yaml").read_text())
        self.password = entry["clouds"]["novadock-admin"]["auth"]["password"]
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
        image = {"name": "uploaded", "visibility": "public", "os_command_line": "/sbin/init"}
        image |= {"container_format": "docker", "disk_format": "raw"}
        made = self.call("POST", "/image/v2/images", json=image).json()["id"]
        with GUEST_TAR.open("rb") as data:
            kind = {"Content-Type": "application/octet-stream"}
            self.call("PUT", f"/image/v2/images/{made}/file", data=data, headers=kind)
        return made

    def flavor(self, name: str) -> str:
        flavors = self.call("GET", "/compute/v2.1/flavors").json()["flavors"]
        return next(flavor["id"] for flavor in flavors if flavor["name"] == name)

    def extensions(self) -> str:
        """The extensions of the network service."""
        rows = self.call("GET", "/network/v2.0/extensions").json()["extensions"]
        return ",".join(row["alias"] for row in rows)


def prepare(cloud: Cloud, chosen: list) -> Path:
    """Makes the folder that Tempest works in: its configuration, and the tests to run."""
    workspace = cloud.data_dir.with_name("tempest-workspace")
    shutil.rmtree(workspace, ignore_errors=True)
    workspace.mkdir()
    admin = Admin(cloud)
    values = {
        "workspace": workspace,
        "url": cloud.url,
        "password": admin.password,
        "image": admin.image(),
        "image_alt": admin.upload(),
        "flavor": admin.flavor("m1.nano"),
        "flavor_alt": admin.flavor("m1.tiny"),
        "network": NETWORK,
        "extensions": admin.extensions(),
    }
    (workspace / "tempest.conf").write_text((HERE / "tempest.conf").read_text().format(**values))
    (workspace / "tests.txt").write_text("\n".join(chosen) + "\n")
    return workspace


class Results(testtools.StreamToDict):
    """What became of each test, told as it comes."""

    def __init__(self):
        super().__init__(self.note)
        self.seen = {}

    def note(self, record: dict) -> None:
        if record["status"] == "exists":  # the runner's list of what it is about to run
            return
        name, outcome = bare(record["id"]), OUTCOMES.get(record["status"], "failed")
        began, ended = record["timestamps"]
        seconds = f" ({(ended - began).total_seconds():.1f} s)" if began and ended else ""
        self.seen[name] = outcome
        print(f"{outcome:8}{name}{seconds}", flush=True)
        if outcome != "passed":
            print(reason(record["details"], outcome), flush=True)

    def of(self, tests: list) -> dict:
        """Each test's outcome. One that was not run shares that of its class, or failed."""
        return {test: self.seen.get(test) or self.seen.get(set_up_of(test), "failed") for test in tests}


def set_up_of(test: str) -> str:
    """How the set-up of a test's class is called."""
    return f"setUpClass ({test.rpartition('.')[0]})"


def reason(details: dict, outcome: str) -> str:
    """Why a test was skipped, or what was raised; the way there is in Tempest's own log."""
    attached = details.get("reason" if outcome == "skipped" else "traceback")
    lines = attached.as_text().strip().splitlines() if attached else ["no reason given"]
    frames = [number for number, line in enumerate(lines) if line.startswith("  ")]
    said = lines[frames[-1] + 1 :] if frames else lines
    return "\n".join(f"        {line}" for line in said)


def run(workspace: Path, concurrency: int, results: Results) -> None:
    """Tempest's own runner; its stream of results is read while it runs."""
    tempest = Path(sys.executable).with_name("tempest")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OS_")}
    command = [tempest, "run", "--config-file", workspace / "tempest.conf", "--subunit"]
    command += ["--load-list", workspace / "tests.txt", "--concurrency", str(concurrency)]
    with (workspace / "runner.log").open("wb") as log:
        runner = subprocess.Popen(command, cwd=workspace, env=kept, stdout=subprocess.PIPE, stderr=log)
        results.startTestRun()
        subunit.ByteStreamToStreamResult(runner.stdout, non_subunit_name="output").run(results)
        results.stopTestRun()
        runner.wait()


def report(outcomes: dict) -> int:
    """Prints the table, each failure with its cause, and what is not as it was known."""
    known = known_failures()
    services = collections.defaultdict(collections.Counter)
    for test, outcome in outcomes.items():
        services[test.split(".")[2]][outcome] += 1
        services["all"][outcome] += 1
    print(f"\n{'':10}{'passed':>8}{'failed':>8}{'skipped':>8}")
    for service, count in sorted(services.items(), key=lambda row: row[0] == "all"):
        print(f"{service:10}{count['passed']:>8}{count['failed']:>8}{count['skipped']:>8}")

    failed = [test for test, outcome in outcomes.items() if outcome == "failed"]
    for test in failed:
        print(f"failed: {test}: {known[test].cause if test in known else 'A NEW FAILURE'}")
    always = [test for test, row in known.items() if row.often == "always"]
    mended = [test for test in always if outcomes.get(test, "failed") != "failed"]
    for test in mended:
        print(f"{outcomes[test]}, so it is no known failure any more: {test}")
    print(f"{services['all']['passed']} passed, {len(failed)} failed")
    return 1 if mended or not known.keys() >= set(failed) else 0


Known = collections.namedtuple("Known", "often cause")


def known_failures() -> dict:
    """Test → how often it fails, and why."""
    rows = (HERE / "known-failures.tsv").read_text().splitlines()
    rows = [row.split("\t") for row in rows if not row.startswith("#")]
    return {test: Known(often, cause) for test, often, cause in rows}


if __name__ == "__main__":
    raise SystemExit(main())
