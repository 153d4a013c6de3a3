#!/usr/bin/env bash
# Runs everything that CI runs:  scripts/test.sh [--quick]
#
# --quick leaves out whatever needs Docker, the package index or a release build. Every
# section is run even if one before it failed; what failed is listed at the end, with the
# command that repairs or repeats it. The last line is "N passed, N failed": tests, and one
# for each section that has no tests to count.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

quick=false
case ${1:-} in
  --quick) quick=true ;;
  '') ;;
  *) echo "usage: scripts/test.sh [--quick]" >&2 && exit 2 ;;
esac

logs=.cache/test
mkdir -p "$logs"
passed=0 failed=0
broken=()

# Tells the tests whether to use Docker: 0 never, 1 always (no engine is then a failure).
if $quick; then export NOVADOCK_TEST_DOCKER=0; else export NOVADOCK_TEST_DOCKER=1; fi

# "PASSED FAILED" out of a section's log: nextest's summary, cargo test's results, or the
# last line of one of our own scripts. Nothing if there is none.
counts() {
  sed 's/\x1b\[[0-9;]*m//g' "$1" | awk '
    function number_before(word,    i) {
      for (i = 2; i <= NF; i++) if (index($i, word) == 1) return $(i - 1)
      return 0
    }
    /^ *Summary \[/ || /^test result: / || /^[0-9]+ passed, [0-9]+ failed$/ {
      seen = 1
      passed += number_before("passed")
      failed += number_before("failed") + number_before("timed")
    }
    END { if (seen) print passed + 0, failed + 0 }'
}

# section NAME HINT COMMAND...: runs a command, shows and keeps its output, counts.
section() {
  local name=$1 hint=$2 log good bad started=$EPOCHREALTIME status=0 verdict=ok
  shift 2
  log=$logs/$name.log
  printf '\n== %s: %s\n' "$name" "$*"
  "$@" 2>&1 | tee "$log"
  status=${PIPESTATUS[0]}
  read -r good bad <<<"$(counts "$log")"
  : "${good:=$((status == 0))}" "${bad:=0}"
  # A command may fail without a failing test: it did not compile, or it was killed.
  if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
  passed=$((passed + good)) failed=$((failed + bad))
  if [ "$bad" -ne 0 ]; then
    verdict=FAILED
    broken+=("$name -- $hint")
  fi
  printf '== %s: %s (%d passed, %d failed) in %d s\n' "$name" "$verdict" "$good" "$bad" \
    $(((${EPOCHREALTIME/[.,]/} - ${started/[.,]/} + 500000) / 1000000))
}

skipped() { printf '\n== %s: left out, %s\n' "$1" "$2"; }

command -v cc >/dev/null || scripts/packages.sh gcc libc6-dev

section format "cargo fmt --all" cargo fmt --all --check
section lint "cargo clippy --fix, or by hand" \
  cargo clippy --workspace --all-targets --locked -- -D warnings
# The documentation is for those who build it: it may lead to what is private.
section documentation "the same command" \
  env RUSTDOCFLAGS="-D warnings -A rustdoc::private_intra_doc_links" cargo doc --workspace --no-deps --locked
if command -v shellcheck >/dev/null; then
  section scripts "the same command" shellcheck scripts/*.sh scripts/guest/init tests/clients/*.sh tests/load/*.sh .ci/run
else
  skipped scripts "shellcheck is not installed"
fi
if cargo deny --version >/dev/null 2>&1; then
  # Not its advisories: they are fetched, and appear without a change of ours.
  section dependencies "see deny.toml" cargo deny --locked check bans licenses sources
else
  skipped dependencies "cargo-deny is not installed"
fi

if ! $quick; then
  section engine "read what it says" scripts/engine.sh
  section guest-image "read what it says" scripts/guest-image.sh
  section demo-images "read what it says" scripts/demo-images.sh
fi

# Each cut of the power-cut tests makes a database: in memory, where the machine has room for that.
scratch=${TMPDIR:-/tmp}
if [ "$(df --output=avail -k /dev/shm 2>/dev/null | tail -1)" -gt 2000000 ] 2>/dev/null; then scratch=/dev/shm; fi

if cargo nextest --version >/dev/null 2>&1; then
  section tests "cargo nextest run NAME" env TMPDIR="$scratch" cargo nextest run --workspace --locked --no-fail-fast
  section doctests "cargo test --doc" cargo test --workspace --doc --locked --no-fail-fast
else
  section tests "cargo test NAME" cargo test --workspace --locked --no-fail-fast
fi

if ! $quick && [ -x tests/clients/run.sh ]; then
  section build "cargo build" cargo build --locked
  section clients "scripts/clients.sh" scripts/clients.sh
  section client-tests "tests/clients/run.sh" tests/clients/run.sh
fi

echo
for line in "${broken[@]+"${broken[@]}"}"; do
  echo "failed: $line"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
