#!/usr/bin/env bash
# Makes sure that a Docker Engine answers.
#
#   scripts/engine.sh [start]         use the engine that answers, else install and start one
#   scripts/engine.sh stop            end the engine that `start` started; touches no other
#   scripts/engine.sh answers         exit 0 if an engine answers; starts nothing
#   scripts/engine.sh curl PATH ...   curl(1) on the engine's API: scripts/engine.sh curl /info
#
# The engine is the one at $DOCKER_HOST (unix:// or tcp://), by default the usual socket.
# Log and process id of an engine started here are kept in $NOVADOCK_ENGINE_STATE, by
# default .cache/engine; its images and containers in Docker's usual place.
#
# The docker command is not used: it may be missing, or too new for the engine.
set -euo pipefail

PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin # where a login shell of a user has no path to
here=$(cd "$(dirname "$0")" && pwd)
state=${NOVADOCK_ENGINE_STATE:-$here/../.cache/engine}
default_host=unix:///var/run/docker.sock
host=${DOCKER_HOST:-$default_host}
patience_s=60

say() { echo "novadock: $*" >&2; }

engine_curl() {
  local path=$1
  shift
  case $host in
    unix://*) curl --silent --show-error --unix-socket "${host#unix://}" "http://engine$path" "$@" ;;
    tcp://*) curl --silent --show-error "http://${host#tcp://}$path" "$@" ;;
    http://*) curl --silent --show-error "$host$path" "$@" ;;
    *) return 1 ;; # explain_and_fail says why
  esac
}

answers() { [ "$(engine_curl /_ping --max-time 5 2>/dev/null)" = OK ]; }

describe() {
  local version
  version=$(engine_curl /version | sed -n 's/.*"Version":"\([^"]*\)","ApiVersion":"\([^"]*\)".*/\1, API \2/p')
  say "Docker Engine ${version:-of unknown version} answers at $host"
}

# The process id of the engine started here, if it is one and still runs.
started_pid() {
  local pid
  pid=$(cat "$state/dockerd.pid" 2>/dev/null) || return 1
  # The number may by now be another program's: after a reboot, say.
  [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = dockerd ] && echo "$pid"
}

explain_and_fail() {
  say "no Docker Engine answers at $host."
  case $host in
    unix://* | tcp://* | http://*) ;;
    *) say "only unix:// and tcp:// are understood here." ;;
  esac
  if [ -n "${DOCKER_HOST:-}" ]; then
    say "DOCKER_HOST is set, so none is started here: start that engine, or unset DOCKER_HOST."
  elif [ -S "${default_host#unix://}" ] && [ ! -w "${default_host#unix://}" ]; then
    say "its socket is there, but you may not use it: sudo usermod -aG docker $(id -un), then log in again."
  elif command -v dockerd >/dev/null; then
    say "Docker is installed: start it with: sudo systemctl start docker  (or run this as root)."
  elif command -v apt-get >/dev/null; then
    say "install one with: sudo apt-get install docker.io nftables  (or run this as root)."
  else
    say "install Docker (docs.docker.com/engine/install) and start it."
  fi
  say "without an engine: novadock serve --engine sim"
  exit 1
}

install_engine() {
  local packages=(docker.io iptables nftables)
  # Where the kernel has AppArmor, an engine without its parser can start no container.
  [ ! -d /sys/module/apparmor ] || packages+=(apparmor)
  # Without systemd nobody may have mounted the control groups.
  mountpoint -q /sys/fs/cgroup || packages+=(cgroupfs-mount)
  "$here/packages.sh" "${packages[@]}"
}

# Security groups are rules of nftables: an engine that was there already may have come without.
ensure_filters() {
  command -v nft >/dev/null && return
  if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null && "$here/packages.sh" nftables; then return; fi
  say "without nft (nftables), as root, security groups are kept and not enforced."
}

ready() {
  describe
  ensure_filters
}

# Starts dockerd so that it outlives this script, the terminal and the job that ran it.
launch() {
  # A number left over from a run that was killed would make dockerd refuse to start.
  rm -f "$state/dockerd.pid"
  mountpoint -q /sys/fs/cgroup || cgroupfs-mount
  ulimit -n 1048576 2>/dev/null || true # guests inherit it; a thousand of them need many
  say "starting dockerd (log: $state/dockerd.log) ..."
  # 9 is the lock below: the engine must not keep it.
  setsid nohup dockerd --host "$default_host" --pidfile "$state/dockerd.pid" \
    >"$state/dockerd.log" 2>&1 </dev/null 9>&- &
}

start() {
  if answers; then ready && return; fi
  [ -z "${DOCKER_HOST:-}" ] || explain_and_fail
  [ "$(id -u)" -eq 0 ] || explain_and_fail
  command -v dockerd >/dev/null || command -v apt-get >/dev/null || explain_and_fail

  mkdir -p "$state"
  state=$(cd "$state" && pwd)
  exec 9>"$state/lock"
  flock 9 # two runs at once start one engine
  command -v dockerd >/dev/null || install_engine
  answers || started_pid >/dev/null || {
    # systemd starts the packaged service by itself after an installation; ask in any case.
    if [ -d /run/systemd/system ]; then systemctl start docker; else launch; fi
  }

  local waited_ms=0
  until answers; do
    sleep 0.2
    waited_ms=$((waited_ms + 200))
    [ $((waited_ms % 5000)) -ne 0 ] || say "waiting for the engine, $((waited_ms / 1000)) s ..."
    if [ "$waited_ms" -ge $((patience_s * 1000)) ] ||
      { [ ! -d /run/systemd/system ] && [ "$waited_ms" -ge 2000 ] && ! started_pid >/dev/null; }; then
      [ ! -f "$state/dockerd.log" ] || grep -v 'level=info' "$state/dockerd.log" | tail -n 15 >&2
      say "the engine did not start; its last words are above"
      exit 1
    fi
  done
  ready
}

stop() {
  local pid
  if ! pid=$(started_pid); then
    say "no engine was started from here"
    return
  fi
  say "stopping dockerd and its containers ..."
  kill "$pid"
  # dockerd gives its containers up to 10 s, or longer where they ask for it.
  for _ in $(seq 300); do
    [ -d "/proc/$pid" ] || break
    sleep 0.1
  done
  if [ -d "/proc/$pid" ]; then
    say "dockerd (process $pid) did not end within 30 s"
    exit 1
  fi
  rm -f "$state/dockerd.pid"
}

command -v curl >/dev/null || "$here/packages.sh" curl ca-certificates

case ${1:-start} in
  start) start ;;
  stop) stop ;;
  answers) answers ;;
  curl) shift && engine_curl "$@" ;;
  *) sed -n '2,/^set /s/^# \{0,1\}//p' "$0" >&2 && exit 2 ;;
esac
