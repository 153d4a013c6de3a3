#!/bin/sh
# cfn-signal [-e CODE] [-s true|false] [-r REASON] [-d DATA] [-i ID] URL: signals a wait condition.
code=0 success= reason= data= id= url=
while [ $# -gt 0 ]; do
    option=$1
    case $option in
    --*=*) value=${option#*=} option=${option%%=*} ;;
    -*) value=${2-}; [ $# -gt 1 ] && shift ;;
    esac
    case $option in
    -e | --exit-code) code=$value ;;
    -s | --success) success=$value ;;
    -r | --reason) reason=$value ;;
    -d | --data) data=$value ;;
    -i | --id) id=$value ;;
    -*) ;;
    *) url=$option ;;
    esac
    shift
done
[ -n "$url" ] || { echo 'cfn-signal: where to?' >&2; exit 2; }
[ -n "$success" ] || { [ "$code" = 0 ] && success=true || success=false; }
[ "$success" = true ] && status=SUCCESS || status=FAILURE
[ -n "$id" ] || id=$(hostname)
[ -n "$reason" ] || reason="cfn-signal: exit code $code"
quoted() { printf %s "$1" | tr '\n' ' ' | sed 's/\\/\\\\/g; s/"/\\"/g'; }
send() {
    if command -v curl >/dev/null; then
        curl -sf -X POST -H 'Content-Type: application/json' --data-binary "$1" "$url"
    else
        wget -q -O- --header 'Content-Type: application/json' --post-data "$1" "$url"
    fi
}
body="{\"Status\": \"$status\", \"Reason\": \"$(quoted "$reason")\", \"UniqueId\": \"$(quoted "$id")\", \"Data\": \"$(quoted "$data")\"}"
send "$body"
