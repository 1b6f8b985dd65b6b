#!/bin/sh
# SPDX-License-Identifier: MIT
# pipeline.sh MAILBOX.conf: what an administrator would write with dig, openssl, curl, swaks and
# mosquitto_pub. What does not depend on each other runs at once. Lines that begin with FAILED are
# what it makes of the rest.
set -u
. "$1"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 077
password=$(cat "$SECRET_FILE")
mark=test-$$-$(date +%s)
curl="curl -sS --max-time 20 --cacert $CA"
printf 'default login %s password %s\n' "$ADDRESS" "$password" >"$work/netrc"

# said NAME WHAT OUTPUT: shows it, and the verdict of the command before it.
said() {
    if [ $? = 0 ]; then printf 'ok     %s\n' "$1"; else printf 'FAILED %s: %s\n%s\n' "$1" "$2" "$3"; fi
}

# One dig for all records that a resolver is asked for.
dns() {
    records=$(dig +noall +comments +question +answer +tries=2 +time=3 "$DOMAIN" MX "_autodiscover._tcp.$DOMAIN" SRV \
        "autodiscover.$DOMAIN" CNAME "$DOMAIN" TXT "_dmarc.$DOMAIN" TXT "$SELECTOR._domainkey.$DOMAIN" TXT \
        "_mta-sts.$DOMAIN" TXT "_smtp._tls.$DOMAIN" TXT "$LISTED" A)
    broken=$(printf '%s\n' "$records" | grep -E 'status: (SERVFAIL|REFUSED)')
    [ -z "$broken" ]
    said zone "the resolver cannot tell its records" "$broken"
    mx=$(printf '%s\n' "$records" | awk '$4 == "MX" { print $5, $6 }' | sort -n | tr '\n' ' ')
    [ "$mx" = "$EXPECTED_MX " ]
    said mx "not those of the provider" "found: ${mx:-none} $(printf '%s\n' "$records" | sed -n '/status:/{s/, id.*//p;q}')"
    server=$(dig +short +tries=1 +time=3 "$DOMAIN" NS | grep -v '^;' | head -n 1)
    there=$(dig +short +tries=1 +time=3 "$DOMAIN" MX "@${server:-none.invalid}" 2>&1 | sort -n | tr '\n' ' ')
    [ "$there" = "$mx" ]
    said mx-at-zone "the zone's own name server says otherwise" "resolver: $mx zone: $there"
    for wanted in "SRV $EXPECTED_SRV" 'TXT "v=spf1 ' 'TXT "v=DMARC1;' 'TXT "v=DKIM1;'; do
        printf '%s\n' "$records" | sed 's/[ 	][ 	]*/ /g' | grep -F -q "$wanted"
        said "record $wanted" "no such record" "$(printf '%s\n' "$records" | grep -F "${wanted%% *}")"
    done
    alias=$(printf '%s\n' "$records" | awk '$4 == "CNAME" && $1 ~ /^autodiscover/')
    [ -z "$alias" ]
    said autodiscover "Outlook finds this before the SRV record" "$alias"
    listed=$(printf '%s\n' "$records" | grep -E 'A[ 	]+127\.0\.0\.[0-9]+$')
    [ -z "$listed" ]
    said blocklist "the office's address is listed" "$listed"
}

# certificate NAME HOST PORT [OPTION...]: over both families; how long it still holds, over one.
certificate() {
    name=$1 host=$2 port=$3
    shift 3
    for family in -4 -6; do
        words=$(timeout 20 openssl s_client -brief "$family" -connect "$host:$port" -servername "$host" \
            -verify_hostname "$host" -verify_return_error -CAfile "$CA" "$@" </dev/null 2>&1)
        said "certificate of $name IPv${family#-}" "$host port $port" "$words"
    done
    timeout 20 openssl s_client -4 -connect "$host:$port" -servername "$host" "$@" </dev/null 2>/dev/null |
        openssl x509 -noout -checkend 1209600 >/dev/null 2>&1
    said "certificate of $name, 14 days from now" "expired, or not to be had" "$host"
}

webmail() {
    words=$(printf 'data-urlencode = "%s"\n' "destination=https://$WEBMAIL/owa/" flags=4 "username=$ADDRESS" \
        "password=$password" | $curl -K - -L -c "$work/jar" -b PBack=0 -o "$work/page" \
        -w '%{http_code} %{url_effective}' "https://$WEBMAIL/owa/auth.owa" 2>&1)
    case $words in 200*auth/logon*) false ;; 200*) true ;; *) false ;; esac
    said webmail "the login failed" "$words"
    words=$($curl --fail "https://$WEBMAIL/owa/healthcheck.htm" 2>&1)
    said webmail-health "not healthy" "$words"
}

login() {
    name=$1
    shift
    words=$($curl --fail --netrc-file "$work/netrc" -o /dev/null "$@" 2>&1)
    said "$name" "the login failed" "$words"
}

# One test mail through the submission server, one to the MX; then both are looked for, and removed.
mail() {
    printf '%s\n' "auth LOGIN" "auth-user $ADDRESS" "auth-password $password" "auth-hide-password" >"$work/swaks"
    (
        words=$(swaks --config "$work/swaks" --server "$SUBMISSION" --port 587 --tls --tls-verify \
            --tls-verify-target "$SUBMISSION" --tls-ca-path "$CA" --from "$ADDRESS" --to "$ADDRESS" \
            --header "Subject: $mark out" --timeout 20 2>&1)
        said submission "the mail was not taken" "$words"
    ) &
    (
        first=$(dig +short "$DOMAIN" MX | sort -n | awk '{ print $2; exit }')
        words=$(swaks --server "${first:-$DOMAIN}" --port 25 --tls-optional --from "$ADDRESS" --to "$ADDRESS" \
            --header "Subject: $mark in" --timeout 20 2>&1)
        said inbound "the mail was not taken" "$words"
    ) &
    wait
    end=$(($(date +%s) + PATIENCE))
    while :; do
        found=$(search INBOX)
        grep -q "Login denied" "$work/imap" && break # not again with the same password
        [ "$(echo "$found" | wc -w)" -ge 2 ] || [ "$(date +%s)" -ge "$end" ] && break
        sleep 0.1
    done
    [ "$(echo "$found" | wc -w)" -ge 2 ]
    said arrival "not found in the inbox: of two mails $(echo "$found" | wc -w)" "$(cat "$work/imap")"
    remove INBOX "$found"
    [ "$(echo "$found" | wc -w)" -ge 2 ] || grep -q "Login denied" "$work/imap" && return
    found=$(search "Junk%20Email")
    [ -z "$found" ]
    said junk "found in the junk folder" "$found"
    remove "Junk%20Email" "$found"
}

search() {
    $curl --netrc-file "$work/netrc" "imaps://$IMAP/$1" -X "UID SEARCH SUBJECT $mark" 2>"$work/imap" |
        tr -d '\r' | sed 's/^\* SEARCH *//'
}

remove() {
    [ -n "$2" ] && $curl --netrc-file "$work/netrc" "imaps://$IMAP/$1" \
        -X "UID STORE $(echo "$2" | tr ' ' ',') +FLAGS.SILENT (\\Deleted)" \
        --next -sS --cacert "$CA" --netrc-file "$work/netrc" "imaps://$IMAP/$1" -X EXPUNGE >/dev/null 2>&1
}

words=$(dig +short +tries=2 +time=3 "$DOMAIN" SOA) # where it is silent, all the rest would only wait
said resolver "it does not answer" "$words" >"$work/result"
if [ "$(cut -c 1-6 "$work/result" | head -n 1)" = FAILED ]; then
    cat "$work/result"
    exit 1
fi
{
    words=$(timeout 20 openssl s_client -brief -connect "$CONTROL" </dev/null 2>&1)
    case $words in *"CONNECTION ESTABLISHED"*) true ;; *) false ;; esac
    said "unrelated server $CONTROL" "not reached" "$words"
    words=$($curl -o /dev/null -w '%{http_code} %{redirect_url}' "http://${CONTROL%:*}/" 2>&1)
    case $words in 3*) false ;; *) true ;; esac
    said portal "somebody else answers" "$words"
} >"$work/0" &
dns >"$work/1" 2>&1 &
{
    certificate webmail "$WEBMAIL" 443
    certificate imap "$IMAP" 993
    certificate pop "$POP" 995
    certificate submission "$SUBMISSION" 587 -starttls smtp
    certificate mx "$FIRST_MX" 25 -starttls smtp
} >"$work/2" 2>&1 &
{
    webmail
    login pop "pop3s://$POP/"
    login activesync -X OPTIONS "https://$EXCHANGE/Microsoft-Server-ActiveSync"
} >"$work/3" 2>&1 &
mail >"$work/4" 2>&1 &
wait
cat "$work"/[0-4] | tee "$work/result"
if [ -n "$BROKER" ]; then
    printf -- '--pw %s\n' "$(cat "$BROKER_PASSWORD_FILE")" >"$work/mosquitto_pub"
    XDG_CONFIG_HOME=$work mosquitto_pub -h "$BROKER" -p 8883 --cafile "$CA" -u "$BROKER_USER" -q 1 -r \
        -t "$BROKER_TOPIC" -m "{\"failed\": $(grep -c ^FAILED "$work/result")}" ||
        echo "FAILED mqtt: not published"
fi
! grep -q ^FAILED "$work/result"
