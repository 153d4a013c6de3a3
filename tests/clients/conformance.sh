#!/usr/bin/env bash
# Holds the compute API to Nova's own schemas at every microversion (tests/clients/schemas), and the answers of
# all services to the structure of those that were recorded from a real cloud (tests/clients/goldens), both on the
# simulated engine; looks at a remote console in a browser; then runs upstream's own tests against the built program on the real engine: Tempest's
# tests of compute and networks, its scenarios with a login to the guests, the interop ones of identity, Heat's plug-in for
# it, and the clients' own functional tests.
#
# Starts a cloud of its own (free port, folder under .cache), writes a tempest.conf for it, runs the
# lists in tests/clients/tempest, removes everything it made, and ends with a figure for each list and
# "N passed, N failed". A failure that known-failures.tsv names with its cause is no failure here; one
# that it names and that did not happen is.
#   tests/clients/conformance.sh [--list FILE]... [WORD...]     only tests whose names contain a WORD
#   tests/clients/conformance.sh schemas [--seed N] [--each N] [WORD...]     the schemas alone
#   tests/clients/conformance.sh goldens [GROUP...]     the recordings alone
#   tests/clients/conformance.sh console_page     the page of remote consoles, in a browser
# The program is the one that the tests built; NOVADOCK_BINARY names another. Called by `make conformance`,
# after scripts/nova.sh, scripts/tempest.sh, scripts/browser.sh and scripts/guest-image.sh.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1

binary=${NOVADOCK_BINARY:-${CARGO_TARGET_DIR:-target}/debug/novadock}
schemas() { .cache/nova/bin/python tests/clients/schemas/main.py --binary "$binary" --data-dir .cache/schemas-cloud "$@"; }
console_page() { .cache/browser/bin/python tests/clients/console_page.py --binary "$binary" --data-dir .cache/page-cloud; }
goldens() { .cache/tempest/bin/python tests/clients/goldens/main.py --binary "$binary" --data-dir .cache/goldens-cloud "$@"; }

case ${1:-} in
  schemas)
    shift
    schemas "$@"
    exit
    ;;
  goldens)
    shift
    goldens "$@"
    exit
    ;;
  console_page)
    console_page
    exit
    ;;
esac
status=0
if [ $# -eq 0 ]; then
  schemas || status=1
  goldens || status=1
  console_page || status=1
fi
.cache/tempest/bin/python tests/clients/conformance.py --binary "$binary" --data-dir .cache/tempest-cloud "$@" || status=1
exit $status
