#!/usr/bin/env bash
# Makes the bootable guest image novadock/tiny:latest from Debian packages, and puts it
# into the engine. Nothing is fetched from an image registry, nothing installed on the host.
#
#   scripts/guest-image.sh [image]   the tar, and the image in the engine
#   scripts/guest-image.sh tar       only the tar: .cache/guest-image/novadock-tiny.tar
#
# The guest is BusyBox and the ssh server Dropbear with the libraries that it needs. The tar
# (a root file system) is the same, byte for byte, for the same packages. Both results are
# kept: a run that has nothing to do takes some milliseconds.
#
# Known flaw of Debian 12's BusyBox: `wget -T` crashes; use `timeout 3 wget` in a guest.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cache=$here/../.cache/guest-image
reference=novadock/tiny
packages=(busybox-static dropbear-bin)

say() { echo "novadock: $*" >&2; }

mkdir -p "$cache"
cache=$(cd "$cache" && pwd)
tar=$cache/novadock-tiny.tar
exec 9>"$cache/lock"
flock 9 # two runs at once build one image

# Downloads the packages and everything that they need into $cache/packages.
download() {
  local names
  closure() {
    apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks \
      --no-replaces --no-enhances "${packages[@]}" 2>/dev/null | grep '^[a-z0-9]' | sort -u
  }
  if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
    say "the guest image is made from Debian packages: this needs apt-get and dpkg-deb."
    say "use another image instead, for instance one with the property docker_image=<reference>."
    exit 1
  fi
  mkdir -p "$cache/packages"
  cd "$cache/packages"
  # A pinned version that the mirror has replaced, or no lists at all: both are cured by an
  # update, which only root can make.
  if ! names=$(closure) || ! fetch "$names"; then
    say "fetching the distribution's package lists ..."
    apt-get -q -o DPkg::Lock::Timeout=300 update >"$cache/log" 2>&1 || true
    if ! names=$(closure) || ! fetch "$names"; then
      tail -n 5 "$cache/log" >&2
      say "could not download ${packages[*]}; if the package lists are old: sudo apt-get update"
      exit 1
    fi
  fi
}

fetch() {
  local names
  mapfile -t names <<<"$1"
  say "downloading ${#names[@]} Debian packages for the guest image ..."
  rm -f ./*.deb
  # As root apt would drop to a user who may not write here, and warn that it cannot.
  apt-get -q -o APT::Sandbox::User=root download "${names[@]}" >"$cache/log" 2>&1
}

# Copies a program and the shared libraries that it is linked with. They are asked of the
# packages' own loader, so the host's libraries do not matter.
copy_program() {
  local from=$1 program=$2 root=$3 loader path name file
  loader=$(find "$from" -name 'ld-linux*.so.*' -type f)
  path=$(find "$from" -name 'lib*.so.*' -printf '%h\n' | sort -u | paste -sd:)
  install -D -m 755 "$from/$program" "$root/$program"
  while read -r name _ file _; do
    case $name in
      /*) install -D -m 755 "$loader" "$root$name" ;; # the loader has a fixed place
      *) install -D -m 755 "$file" "$root/lib/$name" ;;
    esac
  done < <("$loader" --library-path "$path" --list "$from/$program" | grep '=>')
}

# Lays out the guest's file system in the directory given.
lay_out() {
  local unpacked=$1 root=$2 applet
  umask 022
  mkdir -p "$root"/{dev,proc,sys,run,mnt,home,root/.ssh,usr/local/bin,usr/local/sbin} \
    "$root"/{bin,sbin,usr/bin,usr/sbin,etc/dropbear,tmp,var/{log,tmp,spool/cron/crontabs}}
  ln -s ../run "$root/var/run"
  chmod 1777 "$root/tmp" "$root/var/tmp"
  chmod 700 "$root/root" "$root/root/.ssh"

  install -m 755 "$(find "$unpacked" -path '*/bin/busybox' -type f)" "$root/bin/busybox"
  for applet in $("$root/bin/busybox" --list-full); do
    [ -e "$root/$applet" ] || ln -s /bin/busybox "$root/$applet"
  done
  copy_program "$unpacked" usr/sbin/dropbear "$root"
  copy_program "$unpacked" usr/bin/dropbearkey "$root"

  rm "$root/sbin/init" # the applet; see guest/init for why it is not used
  install -m 755 "$here/guest/init" "$root/sbin/init"
  install -m 644 "$here/guest/profile" "$root/etc/profile"
  cd "$root/etc"
  # "*" is "no password": nobody can log in with one, a key works.
  echo 'root:x:0:0:root:/root:/bin/sh' >passwd
  echo 'nobody:x:65534:65534:nobody:/:/usr/sbin/nologin' >>passwd
  printf 'root:*:19000:0:99999:7:::\nnobody:*:19000:0:99999:7:::\n' >shadow
  chmod 600 shadow
  printf 'root:x:0:\ntty:x:5:\nnogroup:x:65534:\n' >group
  printf '/bin/sh\n/bin/ash\n' >shells
  printf 'hosts: files dns\n' >nsswitch.conf
  printf 'NAME="Novadock tiny"\nID=novadock-tiny\nID_LIKE=debian\nPRETTY_NAME="Novadock tiny guest"\n' >os-release
}

# The tar is made anew when these scripts change. It is not made anew when Debian has newer
# packages: `make clean` or removing the cache does that.
build_tar() {
  local recipe work
  recipe=$(cat "$0" "$here"/guest/* | sha256sum | cut -d' ' -f1)
  if [ -s "$tar" ] && [ "$(cat "$tar.recipe" 2>/dev/null)" = "$recipe" ]; then
    return
  fi
  (download)
  say "building the guest image ..."
  work=$(mktemp -d "$cache/build.XXXXXX")
  trap 'rm -rf "$work"' RETURN
  for package in "$cache"/packages/*.deb; do
    dpkg-deb -x "$package" "$work/unpacked"
  done
  (lay_out "$work/unpacked" "$work/root")
  # Everything about a file that differs from run to run is fixed, so equal packages give
  # equal bytes.
  tar --create --file "$tar.new" --directory "$work/root" --format=gnu --sort=name \
    --mtime=@0 --owner=0 --group=0 --numeric-owner .
  mv "$tar.new" "$tar"
  echo "$recipe" >"$tar.recipe"
}

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

# The engine's image carries the tar's checksum, so one look tells whether it is this one.
import() {
  local sum old query answer
  sum=$(sha256sum "$tar" | cut -d' ' -f1)
  old=$(engine "/images/$reference:latest/json")
  case $old in *"\"novadock.rootfs\":\"$sum\""*) return ;; esac

  say "importing the guest image into the engine ..."
  query="fromSrc=-&repo=$(quote "$reference")&tag=latest"
  query+="&changes=$(quote 'CMD ["/sbin/init"]')"
  query+="&changes=$(quote 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin')"
  query+="&changes=$(quote "LABEL novadock.rootfs=$sum")"
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

case ${1:-image} in
  tar) build_tar ;;
  image)
    build_tar
    import
    say "guest image $reference:latest is in the engine ($(du -h "$tar" | cut -f1))"
    ;;
  *) sed -n '2,/^set /s/^# \{0,1\}//p' "$0" >&2 && exit 2 ;;
esac
