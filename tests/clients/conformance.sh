#!/usr/bin/env bash
# Holds the compute API to Nova's own schemas at every microversion (tests/clients/schemas, on the simulated
# engine), then runs upstream's own tests against the built program on the real engine: Tempest's tests of
# compute, the interop ones of identity, Heat's plug-in for it, and the functional tests of the clients of orchestration.
#
# Starts a cloud of its own (free port, folder under .cache), writes a tempest.conf for it, runs the
# lists in tests/clients/tempest, removes everything it made, and ends with a figure for each list and
# "N passed, N failed". A failure that known-failures.tsv names with its cause is no failure here; one
# that it names and that did not happen is.
#   tests/clients/conformance.sh [--list FILE]... [WORD...]     only tests whose names contain a WORD
#   tests/clients/conformance.sh schemas [--seed N] [--each N] [WORD...]     the schemas alone
# The program is the one that the tests built; NOVADOCK_BINARY names another. Called by
# `make conformance`, after scripts/nova.sh, scripts/tempest.sh and scripts/guest-image.sh.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1

binary=${NOVADOCK_BINARY:-${CARGO_TARGET_DIR:-target}/debug/novadock}
schemas() { .cache/nova/bin/python tests/clients/schemas/main.py --binary "$binary" --data-dir .cache/schemas-cloud "$@"; }

if [ "${1:-}" = schemas ]; then
  shift
  schemas "$@"
  exit
fi
status=0
[ $# -gt 0 ] || schemas || status=1
.cache/tempest/bin/python tests/clients/conformance.py --binary "$binary" --data-dir .cache/tempest-cloud "$@" || status=1
exit $status
