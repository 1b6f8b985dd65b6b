#!/bin/sh
# SPDX-License-Identifier: MIT
# plugins.sh MAILBOX.conf: what a monitoring server would run for the mailbox, all at once as it does:
# the plugins of monitoring-plugins, and check_email_delivery of monitoring-plugins-contrib.
set -u
. "$1"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
password=$(cat "$SECRET_FILE")
cd /usr/lib/nagios/plugins || exit 3
count=0

# plugin NAME COMMAND...: its status and its words, in the order in which they were begun. The words
# of those that are content are shown as well; a monitoring server hides them.
plugin() {
    name=$1 count=$((count + 1))
    shift
    {
        words=$("$@" 2>&1)
        echo "status $? $name: $words"
    } >"$work/$(printf %02d "$count")" &
}

record() { plugin "$1 $2" ./check_dig -v -t 30 -H "$RESOLVER" -l "$2" -T "$1" -a "$3"; }

delivery() { # NAME SENDING...: the test mail arrives, and is deleted
    name=$1
    shift
    plugin "delivery $name" ./check_email_delivery --libexec . -w 60,60 -c 60,60 -t 60 --wait 0.0 \
        -p "./check_smtp_send $* --mailfrom $ADDRESS --mailto $ADDRESS --header 'Subject: Nagios $name %TOKEN1%' -t 20" \
        -p "./check_imap_receive -H $IMAP --ssl --ssl-ca-file $CA -U $ADDRESS -P $password -s SUBJECT -s 'Nagios $name %TOKEN1%' \
--imap-check-interval 1 --imap-retries $PATIENCE --delete -t 20"
}

plugin control ./check_tcp -H "${CONTROL%:*}" -p "${CONTROL##*:}"
plugin portal ./check_curl -H "${CONTROL%:*}" -p 80 -v -f critical
plugin resolver ./check_dns -t 30 -H "$WEBMAIL" -s "$RESOLVER"
record MX "$DOMAIN" "$FIRST_MX"
record SRV "_autodiscover._tcp.$DOMAIN" "$EXPECTED_SRV"
record TXT "$DOMAIN" v=spf1
record TXT "_dmarc.$DOMAIN" v=DMARC1
record TXT "$SELECTOR._domainkey.$DOMAIN" v=DKIM1
record TXT "_mta-sts.$DOMAIN" v=STSv1
plugin blocklist ./check_dns -t 30 -H "$LISTED" -s "$RESOLVER" -n
plugin alias ./check_dns -t 30 -H "autodiscover.$DOMAIN" -s "$RESOLVER" -n
for family in -4 -6; do
    plugin "certificate webmail $family" ./check_curl "$family" -H "$WEBMAIL" -S -D --ca-cert "$CA" -C 14,7
    plugin "certificate imap $family" ./check_tcp "$family" -H "$IMAP" -p 993 -S --sni "$IMAP" -D 14,7
    plugin "certificate pop $family" ./check_tcp "$family" -H "$POP" -p 995 -S --sni "$POP" -D 14,7
    plugin "certificate submission $family" ./check_smtp "$family" -H "$SUBMISSION" -p 587 -S --sni -D 14,7
    plugin "certificate mx $family" ./check_smtp "$family" -H "$FIRST_MX" -p 25 -S --sni -D 14,7
done
plugin webmail ./check_curl -H "$WEBMAIL" -S -D --ca-cert "$CA" -u /owa/auth.owa -e "HTTP/1.1 302" -d cadata \
    -k "Cookie: PBack=0" \
    -P "destination=https://$WEBMAIL/owa/&flags=4&username=$ADDRESS&password=$password"
plugin webmail-health ./check_curl -H "$WEBMAIL" -S -D --ca-cert "$CA" -u /owa/healthcheck.htm -s "200 OK"
plugin activesync ./check_curl -H "$EXCHANGE" -S -D --ca-cert "$CA" -u /Microsoft-Server-ActiveSync -j OPTIONS \
    -a "$ADDRESS:$password"
plugin recipient ./check_smtp -H "$FIRST_MX" -p 25 -C "MAIL FROM:<$ADDRESS>" -R 250 -C "RCPT TO:<$ADDRESS>" -R 250
delivery out -H "$SUBMISSION" --tls -p 587 -U "$ADDRESS" -P "$password"
delivery in -H "$FIRST_MX" -p 25
wait
cat "$work"/*
