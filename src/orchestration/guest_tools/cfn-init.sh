#!/bin/sh
# cfn-init [-c SETS] [-s STACK -r RESOURCE [--access-key KEY --secret-key KEY] [-u URL]] …: does what the
# metadata of this server says, as it is now; where keys are given, in /etc/cfn/cfn-credentials or as
# options, what that of the resource says.
folder=/var/lib/heat-cfntools sets=default stack= resource= api=
credential() { sed -n "s/^ *$1 *= *//p" /etc/cfn/cfn-credentials 2>/dev/null | head -n 1; }
access=$(credential AWSAccessKeyId) secret=$(credential AWSSecretKey)
while [ $# -gt 0 ]; do
    option=$1
    case $option in
    --*=*) value=${option#*=} option=${option%%=*} ;;
    -[csru] | --configsets | --stack | --resource | --url | --access-key | --secret-key)
        value=${2-}
        [ $# -gt 1 ] && shift
        ;;
    esac
    case $option in
    -c | --configsets) sets=$value ;;
    -s | --stack) stack=$value ;;
    -r | --resource) resource=$value ;;
    -u | --url) api=$value ;;
    --access-key) access=$value ;;
    --secret-key) secret=$value ;;
    esac
    shift
done
url=$(cat $folder/init-url) target=$folder/init.sh
if [ -n "$stack" ] && [ -n "$resource" ] && [ -n "$access" ] && [ -n "$secret" ]; then
    . $folder/api.sh
    url=$(signed "${api:-${url%%/heat-api-cfn/*}/heat-api-cfn/v1/}" "$stack" "$resource" "$access" "$secret")
    target=$folder/other.sh
    rm -f $target
fi
if command -v curl >/dev/null; then
    curl -sf -o $folder/init.new "$url"
else
    wget -q -O $folder/init.new "$url"
fi && [ -s $folder/init.new ] && mv $folder/init.new $target
exec /bin/sh $target "$sets"
