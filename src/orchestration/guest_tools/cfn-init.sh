#!/bin/sh
# cfn-init [-c SETS] …: does what the metadata of this server says, as it is now.
folder=/var/lib/heat-cfntools sets=default
while [ $# -gt 0 ]; do
    case $1 in
    -c | --configsets) sets=${2-}; [ $# -gt 1 ] && shift ;;
    --configsets=*) sets=${1#*=} ;;
    esac
    shift
done
url=$(cat $folder/init-url)
if command -v curl >/dev/null; then
    curl -sf -o $folder/init.new "$url"
else
    wget -q -O $folder/init.new "$url"
fi && [ -s $folder/init.new ] && mv $folder/init.new $folder/init.sh
exec /bin/sh $folder/init.sh "$sets"
