#!/usr/bin/env bash
# Measures the built program and prints a table (make bench). Figures, never a pass or a fail:
# they depend on the machine. The engine must answer; everything made is removed again.
set -euo pipefail
cd "$(dirname "$0")/../.."
scripts/engine.sh
scripts/guest-image.sh
scripts/clients.sh
cargo build --release --locked
exec .cache/clients/bin/python tests/load/measure.py --binary "${CARGO_TARGET_DIR:-target}/release/novadock"
