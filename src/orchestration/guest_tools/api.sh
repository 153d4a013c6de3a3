# Asks the CloudFormation API what the metadata of another resource wants done, in a signed request.
bytes() {
    rest=$1
    while [ -n "$rest" ]; do
        next=${rest#??}
        printf "\\$(printf %03o $((0x${rest%"$next"} ^ ${2:-0})))"
        rest=$next
    done
}
digest() { sha256sum | cut -c1-64; }
hmac() {
    key=$(printf %s "$1" | od -An -v -tx1 | tr -d ' \n')
    while [ ${#key} -lt 128 ]; do key=${key}00; done
    inner=$({ bytes "$key" 0x36; cat; } | digest)
    { bytes "$key" 0x5c; bytes "$inner"; } | digest
}
encoded() { printf %s "$1" | sed 's/%/%25/g; s/+/%2B/g; s,/,%2F,g; s/=/%3D/g; s/:/%3A/g; s/ /%20/g'; }
# signed URL STACK RESOURCE ACCESS SECRET: the URL to ask.
signed() {
    query="AWSAccessKeyId=$4&Action=DescribeStackResource&ContentType=Shell"
    query="$query&LogicalResourceId=$(encoded "$3")&SignatureMethod=HmacSHA256&SignatureVersion=2"
    query="$query&StackName=$(encoded "$2")&Timestamp=$(encoded "$(date -u +%Y-%m-%dT%H:%M:%SZ)")"
    rest=${1#*//}
    host=${rest%%/*} path=/${rest#*/}
    signature=$(printf 'GET\n%s\n%s\n%s' "$host" "$path" "$query" | hmac "$5")
    echo "$1?$query&Signature=$(encoded "$(bytes "$signature" | base64)")"
}
