#!/bin/sh
set -e
has() { command -v "$1" >/dev/null; }
fetch() { if has curl; then curl -sfL "$1"; else wget -q -O- "$1"; fi; }
packages() {
    manager=$1
    shift
    case $manager in
    apt) export DEBIAN_FRONTEND=noninteractive; apt-get update -q && apt-get install -qy "$@" ;;
    yum | dnf) "$manager" -y install "$@" ;;
    zypper) zypper -n install "$@" ;;
    apk) apk add "$@" ;;
    python) pip install "$@" ;;
    rubygems) gem install "$@" ;;
    *) echo "packages of $manager are not known here" >&2; return 1 ;;
    esac
}
group() {
    grep -q "^$1:" /etc/group && return
    if has groupadd; then groupadd ${2:+-g "$2"} "$1"; else addgroup ${2:+-g "$2"} "$1"; fi
}
user() {
    grep -q "^$1:" /etc/passwd && return
    if has useradd; then
        useradd -m ${2:+-u "$2"} ${3:+-d "$3"} "$1"
    else
        adduser -D ${2:+-u "$2"} ${3:+-h "$3"} "$1"
    fi
}
user_in() { if has usermod; then usermod -aG "$2" "$1"; else addgroup "$1" "$2"; fi; }
unpack() {
    mkdir -p "$1"
    fetch "$2" >/tmp/cfn-source
    case $2 in
    *.zip) unzip -qo /tmp/cfn-source -d "$1" ;;
    *.tar.gz | *.tgz) tar -xzf /tmp/cfn-source -C "$1" ;;
    *.tar.bz2 | *.tbz2) tar -xjf /tmp/cfn-source -C "$1" ;;
    *) tar -xf /tmp/cfn-source -C "$1" ;;
    esac
    rm -f /tmp/cfn-source
}
service_enabled() {
    if has systemctl; then
        systemctl "$2" "$1"
    elif has update-rc.d; then
        update-rc.d "$1" "$2"
    fi
}
service_ensureRunning() {
    if [ -d /run/systemd/system ]; then
        systemctl "$2" "$1"
    elif has service; then
        service "$1" "$2"
    else
        "/etc/init.d/$1" "$2"
    fi
}
