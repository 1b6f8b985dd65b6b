/* SPDX-License-Identifier: MIT */
/* What the files of checks/ share: parts of conversations that more than one protocol has. */
#ifndef GATEPOST_CHECKS_PARTS_H
#define GATEPOST_CHECKS_PARTS_H

#include "../lane.h"
#include "../suite.h"

#define CERTIFICATE_WARNING_DAYS 14 /* a certificate that ends sooner is warned of */

/* True while the peer's certificate lasts for CERTIFICATE_WARNING_DAYS more. */
bool certificate_lasts(const struct lane *lane);

/* Keeps protocol and certificate as facts of the check. */
void keep_certificate(struct lane *lane);

/* ---- HTTP (web.c) ---- */

/* The value of the last reply's header field, "" when it has none. */
struct slice web_header(const struct lane *lane, const char *name);

/* The last reply leads somewhere else (30x). */
bool web_redirects(const struct lane *lane);

/* The path of a Location on the same host, or an empty slice when it leads to another host or out
 * of TLS. */
struct slice web_path_on_host(const struct lane *lane, struct slice location);

/* Fills the hole {path} of the next request. */
void web_go_to(struct lane *lane, const char *path);

/* Goes on with another server: hangs up, and forgets what was heard. host lives as long as the
   lane; the next script locates and dials it. */
void web_move_to(struct lane *lane, const char *host, uint16_t port);

/* Connects, and keeps what the certificate tells. */
extern const struct step web_secure[];

/* Connects once more, when the server has closed after its last reply. */
extern const struct step web_again[];

/* The ways to log in that a 401 names, as bits of notebook.offers. */
enum web_offer {
    WEB_LOGIN = 1, /* it was a 401 */
    WEB_BASIC = 2,
    WEB_BEARER = 4,
    WEB_NEGOTIATE = 8,
    WEB_NTLM = 16,
    WEB_DIGEST = 32,
};

/* Keeps what the last reply offers, for the next step and as a fact. */
void keep_offers(struct lane *lane);

/* ---- tokens (token.c) ---- */

/* The account has no password for this server: it speaks the run's token. */
bool logs_in_by_token(const struct lane *lane);

/* Keeps the status in the JSON by which a mail server tells that it refuses a token (SASL XOAUTH2).
   It waits for an empty line then. */
void keep_token_challenge(struct lane *lane);

/* Adds an HTTP server's own words about a token that it refused. */
void dress_token_refusal(struct lane *lane, struct raised *raised);

/* ---- Exchange over HTTP (exchange.c) ---- */

/* Codes by which a service answers somebody that it does not know: it wants a login (401), lets
   everybody in (2..), or is not there, in one of the ways in which web servers say so. */
#define EXCHANGE_ANSWERS "2|30|401|403|404|405|501"

/* Chooses for a service that is asked, by `ask` (which ends with LEARN (keep_offers)), how to log
   in, and then logged in to, with Basic, or with the run's token where the account has no password.
   A service that is not there leaves its check unknown; one that was reached, but cannot be logged
   in to by us (Negotiate, NTLM), is well. */
const struct step *exchange_choose(struct lane *lane, const struct step *ask,
                                   const struct step *by_password, const struct step *by_token);

/* What it makes of a service that offers no login with a password, or none with a token. */
extern const struct step exchange_without_login[], exchange_without_token[];

/* ---- Autodiscover (alias.c) ---- */

/* Whose a host is that answers Outlook. */
enum kinship {
    KIN_STRANGER,
    KIN_NAMED,   /* the profile names it: passwords may be spoken there */
    KIN_ALIAS,   /* another name of the provider's */
    KIN_UNCLEAR, /* the resolvers did not say */
};

/* The resolvers said what there is, or that there is nothing. */
bool autodiscover_is_told(const struct answer *answer);

/* Whether a host is an alias of the provider's, or has an address of it. False: an answer is waited
   for, call again. */
bool autodiscover_kinship(struct lane *lane, const char *host, enum family family,
                          enum kinship *into_kinship);

/* ---- policy records of the domain (records.c, dns_*.c) ---- */

/* Whether the domain is there at all: IO_READ while that is not known; IO_FAILED where it is not,
   and the check has been told so. */
enum io records_domain(struct lane *lane);

/* Keeps a copy of what an enquiry found for the judges, in notebook.enquired. */
void records_keep(struct lane *lane, const void *what, size_t size);

/* The check stays unknown: for a reason; or by what it means that a name got no answer. */
void records_unknown(struct lane *lane, enum reason reason);
void records_unanswered(struct lane *lane, const char *name, enum answer_status status);

/* Chooses an enquiry, and the judgement of what it kept where it kept something. */
const struct step *records_choose(struct lane *lane, const struct step *enquire,
                                  const struct step *judge);

/* Names the record that a finding is about, and, where there are any, its words as the evidence. */
void records_show(struct lane *lane, struct raised *raised, const char *name, struct slice words);

/* Remembers the selector of the domain's own DKIM signature in a mail of ours that was delivered.
 */
void keep_selector(struct lane *lane, struct slice mail);

/* Keeps the address by which the server of the last EHLO reply says it sees this office. */
void keep_public_address(struct lane *lane);

/* ---- mail ---- */

/* Composes the test mail of one direction and fills the holes {from}, {to} and {mail}. False when
 * the arena is full. */
bool write_parcel(struct lane *lane, enum direction direction);

/* The peer took responsibility for the mail. */
void outgoing_is_sent(struct lane *lane);
void incoming_is_sent(struct lane *lane);

/* True when the last EHLO reply offers the keyword. */
bool reply_offers(const struct lane *lane, const char *keyword);

/* True when the last IMAP reply names the capability. */
bool imap_offers(const struct lane *lane, const char *keyword);

/* Whether the last reply offers a mechanism of SASL; "USER" is POP's own, "LOGIN" also IMAP's. */
typedef bool offers_fn(const struct lane *lane, const char *mechanism);

/* Keeps those that are offered as a fact of the check. Unknown ones, which may be any words, are
 * left out. */
void keep_mechanisms(struct lane *lane, offers_fn *offers);

/* ---- a mailbox by IMAP (mailbox.c) ---- */

/* Keeps the name of the junk folder that the last LIST shows, if it shows one. */
void find_junk(struct lane *lane);

/* Keeps what the last SEARCH found, for mailbox_next_hit. */
void keep_hits(struct lane *lane);

/* Fills the hole {uid} with the next mail that was found. False: there are no more. */
bool mailbox_next_hit(struct lane *lane);

/* The way in which this server lets the mail {uid} be removed. */
const struct step *mailbox_removal(const struct lane *lane);
extern const struct step remove_by_uid[], mark_removed[];

/* ---- what a delivered test mail tells (delivered.c) ---- */

/* Keeps what the header that was fetched tells of the mail notebook.direction, which has arrived.
   True: it is signed; play fetch_whole to verify that. */
bool delivered_tell(struct lane *lane);
extern const struct step fetch_whole[];

/* Chooses what removes old test mails from the mailbox, where that is due (sweep.c). */
const struct step *sweep_choose(struct lane *lane);

/* Whether a search for them, which is nobody's concern, went wrong; it is given up then. */
bool sweep_recover(struct lane *lane, enum finding finding);
extern const struct step sweep_search[], sweep_fetch[];

/* What a delivery report's diagnostic line means for the account that sent: the same table as for
 * replies while sending. */
enum finding bounce_means(const struct profile *profile, struct slice said);

#endif
