# What guest-image.sh and demo-images.sh share: Debian packages -> a root file system -> a tar ->
# an image of the engine. Sourced, never run; wants $here (this folder) and $cache (absolute).
# shellcheck shell=bash disable=SC2154

say() { echo "novadock: $*" >&2; }

# download FOLDER PACKAGE...: the packages, and everything that they need, as .deb files.
download() (
  folder=$1
  shift
  if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
    say "images are made from Debian packages: this needs apt-get and dpkg-deb."
    say "use another image instead, for instance one with the property docker_image=<reference>."
    exit 1
  fi
  mkdir -p "$folder"
  cd "$folder" || exit
  # A pinned version that the mirror has replaced, or no lists at all: both are cured by an
  # update, which only root can make.
  if ! fetch "$@"; then
    say "fetching the distribution's package lists ..."
    apt-get -q -o DPkg::Lock::Timeout=300 update >"$cache/log" 2>&1 || true
    if ! fetch "$@"; then
      tail -n 5 "$cache/log" >&2
      say "could not download $*; if the package lists are old: sudo apt-get update"
      exit 1
    fi
  fi
)

# What an installation on an empty system would take, whatever is installed here.
fetch() {
  local names
  mapfile -t names < <(apt-get -s install -y --no-install-recommends \
    -o Dir::State::status=/dev/null "$@" 2>"$cache/log" | awk '$1 == "Inst" { print $2 }')
  [ ${#names[@]} -gt 0 ] || return
  say "downloading ${#names[@]} Debian packages: $*"
  rm -f ./*.deb
  # As root apt would drop to a user who may not write here, and warn that it cannot.
  apt-get -q -o APT::Sandbox::User=root download "${names[@]}" >"$cache/log" 2>&1
}

# unpack FOLDER ROOT: the packages' files. None of their scripts run.
unpack() {
  local package
  mkdir -p "$2"
  for package in "$1"/*.deb; do
    dpkg-deb -x "$package" "$2"
  done
}

# pack ROOT TAR: everything about a file that differs from run to run is fixed, so equal packages
# give equal bytes.
pack() {
  tar --create --file "$2.new" --directory "$1" --format=gnu --sort=name \
    --mtime=@0 --owner=0 --group=0 --numeric-owner .
  mv "$2.new" "$2"
}

# is_made TAR RECIPE: whether the tar was made by this recipe. It is not made anew when Debian has
# newer packages: `make clean` or removing the cache does that.
is_made() { [ -s "$1" ] && [ "$(cat "$1.recipe" 2>/dev/null)" = "$2" ]; }

engine() { "$here/engine.sh" curl "$@"; }

# Quotes a text for use in a URL.
quote() {
  local text=$1 character
  while [ -n "$text" ]; do
    character=${text:0:1}
    text=${text:1}
    case $character in
      [A-Za-z0-9./:_-]) printf %s "$character" ;;
      *) printf '%%%02X' "'$character" ;;
    esac
  done
}

# import REFERENCE TAR INSTRUCTION...: puts the image into the engine, with these lines of a
# Dockerfile. The engine's image carries the tar's checksum, so one look tells whether it is this
# one.
import() {
  local reference=$1 tar=$2 sum old query answer instruction
  shift 2
  sum=$( (cat "$tar" && echo "$@") | sha256sum | cut -d' ' -f1)
  old=$(engine "/images/$reference:latest/json")
  case $old in *"\"novadock.rootfs\":\"$sum\""*) return ;; esac

  say "importing $reference into the engine ..."
  query="fromSrc=-&repo=$(quote "$reference")&tag=latest"
  for instruction in "$@" \
    'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
    "LABEL novadock.rootfs=$sum"; do
    query+="&changes=$(quote "$instruction")"
  done
  answer=$(engine "/images/create?$query" -X POST --header 'Content-Type: application/x-tar' \
    --header 'Expect:' --upload-file "$tar")
  # Failures come after the status line, in the body.
  case $answer in
    *'"status":"sha256:'*) ;;
    *) say "the engine refused the image: $answer" && exit 1 ;;
  esac
  # The image that had the name before, if it had no other name: removed, which the engine
  # refuses while a guest uses it.
  case $old in *"\"RepoTags\":[\"$reference:latest\"]"*)
    old=$(sed -n 's/^{"Id":"\(sha256:[0-9a-f]*\)".*/\1/p' <<<"$old")
    engine "/images/$old" -X DELETE >/dev/null
    ;;
  esac
}
