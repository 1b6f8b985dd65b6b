#!/bin/sh
# SPDX-License-Identifier: MIT
# authority.sh DIRECTORY
#
# Makes the certificates of the trust and wire tests in DIRECTORY: NAME.pem with NAME.key, and
# NAME-chain.pem where more than the leaf is served. The tests live on 2030-01-01.
set -eu
cd "$1"

host=mail.example.test
ca='basicConstraints=critical,CA:TRUE'
leaf="subjectAltName=DNS:$host,DNS:mx.example.test"
fetch='authorityInfoAccess=caIssuers;URI:http://ca.example.test/inner.der'

printf '[req]\ndistinguished_name=name\n[name]\n' >openssl.cnf

key() { openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key"; }

# certify NAME SUBJECT ISSUER FROM TO EXTENSION...: NAME signs itself where it is its own ISSUER.
certify() {
    name=$1 subject=$2 issuer=$3 from=$4 to=$5
    shift 5
    [ -e "$name.key" ] || key "$name"
    [ "$issuer" = "$name" ] || set -- "$@" -CA "$issuer.pem" -CAkey "$issuer.key"
    openssl req -config openssl.cnf -new -x509 -sha256 -key "$name.key" -subj "$subject" \
        -not_before "$from" -not_after "$to" -out "$name.pem" "$@"
}

decade="20250101000000Z 20350101000000Z"
season="20291201000000Z 20300301000000Z"

# shellcheck disable=SC2086
{
    certify root /O=Gatepost/CN=Root root $decade -addext "$ca"
    certify inner /O=Gatepost/CN=Inner root $decade -addext "$ca"
    certify good /CN=$host inner $season -addext "$leaf" -addext "$fetch"
    cat good.pem inner.pem >good-chain.pem
    cp good.pem incomplete.pem
    cp good.key incomplete.key

    # What TLSA records of it would hold: of the certificate and of its key, each by two hashes.
    for hash in sha256 sha512; do
        openssl x509 -in good.pem -outform DER | openssl dgst -r -$hash | cut -d' ' -f1
        openssl pkey -in good.key -pubout -outform DER | openssl dgst -r -$hash | cut -d' ' -f1
    done >good.prints

    openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.key
    certify rsa /CN=$host root $season -addext "$leaf"
    openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out weak.key
    certify weak /CN=$host root $season -addext "$leaf"

    certify expired /CN=$host root 20290901000000Z 20291231235959Z -addext "$leaf"
    certify early /CN=$host root 20300101000001Z 20300401000000Z -addext "$leaf"
    certify other /CN=other.example.test root $season \
        -addext "subjectAltName=DNS:other.example.test"
    certify expired-other /CN=other.example.test root 20290901000000Z 20291231235959Z \
        -addext "subjectAltName=DNS:other.example.test"
    certify wildcard /CN=any root $season -addext "subjectAltName=DNS:*.example.test"
    certify client /CN=$host root $season -addext "$leaf" -addext extendedKeyUsage=clientAuth
    certify signs /CN=$host root $season -addext "$leaf" -addext keyUsage=digitalSignature \
        -addext extendedKeyUsage=serverAuth
    certify revokes /CN=$host root $season -addext "$leaf" -addext keyUsage=cRLSign
    certify self /CN=$host self $season -addext "$leaf"
    certify lonely /CN=$host inner $season -addext "$leaf"

    # A root that no bundle has, below it an expired leaf, and a leaf that comes with its root.
    certify stranger /O=Stranger/CN=Root stranger $decade -addext "$ca"
    certify unknown /CN=$host stranger $season -addext "$leaf" -addext "$fetch"
    cat unknown.pem stranger.pem >unknown-chain.pem
    certify unknown-expired /CN=$host stranger 20290901000000Z 20291231235959Z -addext "$leaf"

    # An intermediate that ends before its leaf does, and one that has ended.
    certify short /O=Gatepost/CN=Short root 20290101000000Z 20300111000000Z -addext "$ca"
    certify below-short /CN=$host short $season -addext "$leaf"
    cat below-short.pem short.pem >below-short-chain.pem
    certify ended /O=Gatepost/CN=Ended root 20280101000000Z 20290101000000Z -addext "$ca"
    certify below-ended /CN=$host ended $season -addext "$leaf"
    cat below-ended.pem ended.pem >below-ended-chain.pem

    # The root's own key and name, signed by a root of old that has left the bundles.
    cp root.key cross.key
    certify cross /O=Gatepost/CN=Root stranger $decade -addext "$ca"
    cat good.pem inner.pem cross.pem >cross-chain.pem

    # Two roots of one name, and one whose name is of another string type than its child says.
    certify twin /O=Twins/CN=Root twin $decade -addext "$ca"
    cp twin.pem first-twin.pem
    rm twin.key
    certify twin /O=Twins/CN=Root twin $decade -addext "$ca"
    certify of-twin /CN=$host twin $season -addext "$leaf"
    printf '[req]\ndistinguished_name=name\nstring_mask=pkix\n[name]\n' >openssl.cnf
    certify printable /O=Gatepost/CN=Spelt printable $decade -addext "$ca"
    printf '[req]\ndistinguished_name=name\nstring_mask=utf8only\n[name]\n' >openssl.cnf
    cp printable.key spelt.key
    certify spelt /O=Gatepost/CN=SPELT spelt $decade -addext "$ca"
    certify of-spelt /CN=$host spelt $season -addext "$leaf"

    # DNS names that meet the room for them, 154 bytes with ", " between, and exceed it by one.
    long=$(printf '%050d.a' 0)
    certify fits /CN=$host root $season \
        -addext "subjectAltName=DNS:1$long,DNS:2$long,DNS:$(printf '%042d.a' 0)"
    certify exceeds /CN=$host root $season \
        -addext "subjectAltName=DNS:1$long,DNS:2$long,DNS:$(printf '%043d.a' 0)"

    # As large as one with the names of 200 customers.
    certify crowded /CN=$host root $season \
        -addext "$leaf$(printf ',DNS:%040d.test' $(seq 200))"
} 2>authority.log || { cat authority.log >&2; exit 1; }
