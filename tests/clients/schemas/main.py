"""Holds the compute API to Nova's own schemas at every microversion. Called by conformance.sh.

Starts a cloud of its own on the simulated engine, and removes it again.
"""

import argparse
from collections import Counter
from pathlib import Path

import refusals
import responses
from world import Cloud, World


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", type=Path, required=True)
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--each", type=int, default=40, help="requests to each schema of a request")
    parser.add_argument("--seed", type=int, default=1, help="another choice of requests")
    parser.add_argument("--only", choices=("responses", "requests"))
    parser.add_argument("words", nargs="*", help="only operations whose names contain one of them")
    arguments = parser.parse_args()
    cloud = Cloud(arguments.binary, arguments.data_dir)
    cloud.arguments = ["--engine", "sim", "--config", Path(__file__).with_name("cloud.toml")]
    cloud.reset()
    cloud.start()
    try:
        figures = walk(World(cloud), arguments)
    finally:
        cloud.reset()
    print(f"{figures['passed']} passed, {figures['failed']} failed")
    return 1 if figures["failed"] else 0


def walk(world: World, arguments) -> Counter:
    figures = Counter()
    if arguments.only != "requests":
        figures += responses.walk(world, arguments.words)
    if arguments.only != "responses":
        figures += refusals.walk(world, arguments.words, arguments.each, arguments.seed)
    return figures


if __name__ == "__main__":
    raise SystemExit(main())
