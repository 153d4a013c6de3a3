#!/bin/sh
# cfn-hup [-f] [--no-daemon]: runs the hooks of /etc/cfn whenever the metadata of this server has changed.
folder=/var/lib/heat-cfntools
seconds=$(sed -n 's/^ *interval *= *\([0-9]*\).*/\1/p' /etc/cfn/cfn-hup.conf 2>/dev/null | head -n 1)
look() {
    if command -v curl >/dev/null; then
        curl -sf "$(cat $folder/init-url)"
    else
        wget -q -O- "$(cat $folder/init-url)"
    fi
}
watch() {
    before=$(cat $folder/init.sh)
    while sleep $((${seconds:-1} * 60)); do
        now=$(look) && [ -n "$now" ] && [ "$now" != "$before" ] || continue
        before=$now
        cat /etc/cfn/hooks.conf /etc/cfn/hooks.d/*.conf 2>/dev/null | sed -n 's/^ *action *= *//p' |
            while read -r action; do sh -c "$action"; done
    done
}
case " $* " in
*" -f "* | *" --no-daemon "*) watch ;;
*) watch >/dev/null 2>&1 & ;;
esac
