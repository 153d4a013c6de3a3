#!/usr/bin/env bash
# Makes images from Debian packages, and puts them into the engine: novadock/haproxy, of which stacks
# make load balancers, and those of examples/wordpress, novadock/wordpress and novadock/mysql. The
# latter understand the same environment variables as the
# official images, and those of the demonstration of 2013; no registry is needed.
#
# The packages' own scripts do not run, so neither root nor a chroot is needed; what they would have
# set up is in scripts/demo/. Both are kept: a run that has nothing to do takes a second.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cache=$here/../.cache/demo-images
mkdir -p "$cache"
cache=$(cd "$cache" && pwd)
# shellcheck source=scripts/image-tools.sh
. "$here/image-tools.sh"
exec 9>"$cache/lock"
flock 9 # two runs at once build one image

# What every system has and no package brings: folders, and who there is.
lay_out_system() {
  local root=$1
  mkdir -p "$root"/{dev,proc,sys,run,root,tmp,etc,var/tmp,usr/local/bin}
  chmod 1777 "$root/tmp" "$root/var/tmp"
  cat >"$root/etc/passwd" <<-'PASSWD'
	root:x:0:0:root:/root:/bin/sh
	www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin
	mysql:x:105:105:mysql:/var/lib/mysql:/usr/sbin/nologin
	nobody:x:65534:65534:nobody:/:/usr/sbin/nologin
	PASSWD
  printf 'root:x:0:\ntty:x:5:\nwww-data:x:33:\nmysql:x:105:\nnogroup:x:65534:\n' >"$root/etc/group"
  printf 'hosts: files dns\n' >"$root/etc/nsswitch.conf"
  rm -rf "$root"/usr/share/{doc,man,locale,info}
}

lay_out_wordpress() {
  local root=$1
  install -m 644 "$here/demo/apache.conf" "$root/etc/apache2/wordpress.conf"
  install -m 644 "$here/demo/wp-config.php" "$root/usr/share/wordpress/wp-config.php"
  printf 'extension=%s\n' mysqlnd mysqli ctype tokenizer iconv fileinfo \
    >"$(echo "$root"/etc/php/*/apache2)/php.ini"
}

lay_out_mysql() { install -m 755 "$here/demo/start-mysql" "$1/usr/local/bin/start-mysql"; }

# The package's own configuration would be taken for the one that the guest is given.
lay_out_haproxy() {
  rm "$1/etc/haproxy/haproxy.cfg"
  install -m 755 "$here/demo/start-haproxy" "$1/usr/local/bin/start-haproxy"
}

# image NAME "PACKAGE..." INSTRUCTION...
image() {
  local name=$1 packages=$2 tar=$cache/$1.tar recipe work
  shift 2
  recipe=$(cat "$here"/{demo-images,image-tools}.sh "$here"/demo/* | sha256sum | cut -d' ' -f1)
  if ! is_made "$tar" "$recipe"; then
    # shellcheck disable=SC2086 # a list
    download "$cache/$name" $packages dash coreutils sed grep
    say "building novadock/$name ..."
    work=$(mktemp -d "$cache/build.XXXXXX")
    unpack "$cache/$name" "$work"
    lay_out_system "$work"
    "lay_out_$name" "$work"
    pack "$work" "$tar"
    rm -rf "$work" "${cache:?}/$name"
    echo "$recipe" >"$tar.recipe"
  fi
  import "novadock/$name" "$tar" "$@"
  say "image novadock/$name:latest is in the engine ($(du -h "$tar" | cut -f1))"
}

image haproxy 'haproxy' 'CMD ["/usr/local/bin/start-haproxy"]'
image mysql 'mariadb-server-core mariadb-client-core curl' \
  'CMD ["/usr/local/bin/start-mysql"]' 'EXPOSE 3306'
image wordpress 'wordpress wordpress-theme-twentytwentythree libapache2-mod-php php-mysql' \
  'CMD ["/usr/sbin/apache2", "-D", "FOREGROUND", "-f", "/etc/apache2/wordpress.conf"]' 'EXPOSE 80'
