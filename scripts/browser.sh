#!/usr/bin/env bash
# Installs a browser of the distribution and its driver (some 125 MB, once), and the pinned Selenium
# (tests/clients/requirements-browser.txt) into .cache/browser.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/packages.sh chromium chromium-driver
exec scripts/venv.sh .cache/browser tests/clients/requirements-browser.txt
