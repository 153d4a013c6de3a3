#!/usr/bin/env bash
# Installs the pinned Nova (tests/clients/requirements-nova.txt) into .cache/nova, for its schemas: nothing
# of it is run but its validator.
set -euo pipefail
cd "$(dirname "$0")/.."
exec scripts/venv.sh .cache/nova tests/clients/requirements-nova.txt
