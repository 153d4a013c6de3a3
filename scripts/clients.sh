#!/usr/bin/env bash
# Installs the pinned OpenStack clients (tests/clients/requirements.txt) into .cache/clients:
# .cache/clients/bin/openstack, nova, and a python with openstacksdk.
set -euo pipefail
cd "$(dirname "$0")/.."
exec scripts/venv.sh .cache/clients tests/clients/requirements.txt
