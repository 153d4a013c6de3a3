#!/usr/bin/env bash
# Makes the bootable guest image novadock/tiny:latest from Debian packages, and puts it
# into the engine. Nothing is fetched from an image registry, nothing installed on the host.
#
#   scripts/guest-image.sh [image]   the tar, and the image in the engine
#   scripts/guest-image.sh tar       only the tar: .cache/guest-image/novadock-tiny.tar
#
# The guest is BusyBox and the ssh server Dropbear with the libraries that it needs, bash, which most user
# data begins with, a `curl` that does by BusyBox what scripts of templates want of it, and a `sudo`. The tar
# (a root file system) is the same, byte for byte, for the same packages. Both results are
# kept: a run that has nothing to do takes some milliseconds.
#
# Known flaw of Debian 12's BusyBox: `wget -T` crashes; use `timeout 3 wget` in a guest.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cache=$here/../.cache/guest-image
reference=novadock/tiny
packages=(busybox-static bash-static dropbear-bin)

mkdir -p "$cache"
cache=$(cd "$cache" && pwd)
tar=$cache/novadock-tiny.tar
# shellcheck source=scripts/image-tools.sh
. "$here/image-tools.sh"
exec 9>"$cache/lock"
flock 9 # two runs at once build one image

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
  install -m 755 "$(find "$unpacked" -path '*/bin/bash-static' -type f)" "$root/bin/bash"
  copy_program "$unpacked" usr/sbin/dropbear "$root"
  copy_program "$unpacked" usr/bin/dropbearkey "$root"

  rm "$root/sbin/init" # the applet; see guest/init for why it is not used
  install -m 755 "$here/guest/init" "$root/sbin/init"
  install -m 755 "$here/guest/curl" "$root/usr/bin/curl"
  install -m 755 "$here/guest/sudo" "$root/usr/bin/sudo"
  install -m 644 "$here/guest/profile" "$root/etc/profile"
  cd "$root/etc"
  # "*" is "no password": nobody can log in with one until root gets one; a key works.
  echo 'root:x:0:0:root:/root:/bin/sh' >passwd
  echo 'nobody:x:65534:65534:nobody:/:/usr/sbin/nologin' >>passwd
  printf 'root:*:19000:0:99999:7:::\nnobody:*:19000:0:99999:7:::\n' >shadow
  chmod 600 shadow
  printf 'root:x:0:\ntty:x:5:\nnogroup:x:65534:\n' >group
  printf '/bin/sh\n/bin/ash\n/bin/bash\n' >shells
  printf 'hosts: files dns\n' >nsswitch.conf
  printf 'NAME="Novadock tiny"\nID=novadock-tiny\nID_LIKE=debian\nPRETTY_NAME="Novadock tiny guest"\n' >os-release
}

# The tar is made anew when these scripts change.
build_tar() {
  local recipe work
  recipe=$(cat "$0" "$here/image-tools.sh" "$here"/guest/* | sha256sum | cut -d' ' -f1)
  if is_made "$tar" "$recipe"; then
    return
  fi
  download "$cache/packages" "${packages[@]}"
  say "building the guest image ..."
  work=$(mktemp -d "$cache/build.XXXXXX")
  trap 'rm -rf "$work"' RETURN
  unpack "$cache/packages" "$work/unpacked"
  (lay_out "$work/unpacked" "$work/root")
  pack "$work/root" "$tar"
  echo "$recipe" >"$tar.recipe"
}

case ${1:-image} in
  tar) build_tar ;;
  image)
    build_tar
    import "$reference" "$tar" 'CMD ["/sbin/init"]'
    say "guest image $reference:latest is in the engine ($(du -h "$tar" | cut -f1))"
    ;;
  *) sed -n '2,/^set /s/^# \{0,1\}//p' "$0" >&2 && exit 2 ;;
esac
