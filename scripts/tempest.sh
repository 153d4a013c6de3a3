#!/usr/bin/env bash
# Installs the pinned Tempest (tests/clients/requirements-tempest.txt) into .cache/tempest:
# .cache/tempest/bin/tempest and stestr; and ping, by which its tests look whether a guest is there.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/packages.sh iputils-ping
exec scripts/venv.sh .cache/tempest tests/clients/requirements-tempest.txt
