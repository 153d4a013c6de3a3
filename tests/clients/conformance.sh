#!/usr/bin/env bash
# Runs upstream's own tests against the built program on the real engine: Tempest's tests of
# compute, the interop ones of identity, Heat's plug-in for it, and the functional tests of the clients of orchestration.
#
# Starts a cloud of its own (free port, folder under .cache), writes a tempest.conf for it, runs the
# lists in tests/clients/tempest, removes everything it made, and ends with a figure for each list and
# "N passed, N failed". A failure that known-failures.tsv names with its cause is no failure here; one
# that it names and that did not happen is.
#   tests/clients/conformance.sh [--list FILE]... [WORD...]     only tests whose names contain a WORD
# The program is the one that the tests built; NOVADOCK_BINARY names another. Called by
# `make conformance`, after scripts/tempest.sh and scripts/guest-image.sh.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1

exec .cache/tempest/bin/python tests/clients/conformance.py \
  --binary "${NOVADOCK_BINARY:-${CARGO_TARGET_DIR:-target}/debug/novadock}" --data-dir .cache/tempest-cloud "$@"
