#!/usr/bin/env bash
# Installs the pinned Tempest (tests/clients/requirements-tempest.txt) into .cache/tempest:
# .cache/tempest/bin/tempest and stestr.
set -euo pipefail
cd "$(dirname "$0")/.."
exec scripts/venv.sh .cache/tempest tests/clients/requirements-tempest.txt
