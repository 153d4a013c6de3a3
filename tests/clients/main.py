"""Runs the parts of the client tests against one cloud. Called by run.sh."""

import argparse
import importlib
import time
from pathlib import Path

from checks import Checks
from cloud import Cloud


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", type=Path, required=True)
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("parts", nargs="+")
    arguments = parser.parse_args()

    checks = Checks()
    cloud = Cloud(arguments.binary, arguments.data_dir)
    cloud.reset()
    print(f"ready after {cloud.start():.2f} s", flush=True)
    try:
        for part in arguments.parts:
            print(f"-- {part}", flush=True)
            began = time.monotonic()
            importlib.import_module(part).run(cloud, checks)
            print(f"-- {part}: {time.monotonic() - began:.0f} s", flush=True)
    finally:
        installation = cloud.installation()
        cloud.reset()
        checks.run("nothing is left on the engine", nothing_is_left, installation)
    for name in checks.failed:
        print(f"failed: {name}")
    print(f"{checks.passed} passed, {len(checks.failed)} failed")
    return 1 if checks.failed else 0


def nothing_is_left(installation: str) -> None:
    import engine

    left = engine.containers(installation) + engine.networks(installation) + engine.volumes(installation)
    left += engine.rules(installation)
    assert not left, left


if __name__ == "__main__":
    raise SystemExit(main())
