/* SPDX-License-Identifier: MIT */
/* Exchange Web Services, which Outlook for Mac and many programs speak: logs in and opens the
   inbox, without reading of it. What an answer means stands in its ResponseCode, whatever the HTTP
   status. */
#include "../markup.h"
#include "parts.h"

#include <string.h>

/* ---- what is learned ---- */

/* Of an answer, and of a fault, which comes with status 500. */
static void read_response_code(const struct lane *lane, char *into, size_t size)
{
    struct slice body = lane->dialogue.reply.body;
    if (!markup_find(body,
                     "Envelope/Body/GetFolderResponse/ResponseMessages/GetFolderResponseMessage/"
                     "ResponseCode",
                     into, size) &&
        !markup_find(body, "Envelope/Body/Fault/detail/ResponseCode", into, size))
        into[0] = '\0';
    if (strlen(into) + 1 == size)
        into[0] = '\0'; /* no code is so long, and what was cut might be a secret */
}

/* "HTTP/1.1 200 OK; ErrorServerBusy": what is shown as the server's words from here on. */
static void read_response(struct lane *lane)
{
    char code[80];
    struct text said;
    struct slice status_line = lane->dialogue.reply.said;
    read_response_code(lane, code, sizeof code);
    if (status_line.len > 64)
        status_line.len = 12; /* "HTTP/1.1 200": what the server adds may repeat a secret */
    text_begin(&said, lane->notebook.said, sizeof lane->notebook.said);
    text_add(&said, status_line);
    text_add_format(&said, "; %s", code[0] != '\0' ? code : "no answer of EWS");
    lane->dialogue.reply.said = text_slice(&said);
}

static bool opens_inbox(const struct lane *lane)
{
    return slice_ends_nocase(slice_of(lane->notebook.said), "; NoError");
}

/* ---- scripts ---- */

/* clang-format off */
static const struct meaning refusals[] = {
    { "HTTP/1.? 401*",                   EWS_LOGIN_REFUSED },
    { "HTTP/1.? 403*",                   EWS_NOT_ENABLED },
    { "HTTP/1.? 456*",                   ACTIVESYNC_BLOCKED },
    { "HTTP/1.? 457*",                   LOGIN_PASSWORD_EXPIRED },
    { NULL,                              NO_FINDING },
};
static const struct meaning token_refusals[] = {
    { "HTTP/1.? 401*",                   LOGIN_TOKEN_REFUSED },
    { "HTTP/1.? 403*",                   EWS_NOT_ENABLED },
    { "HTTP/1.? 456*",                   ACTIVESYNC_BLOCKED },
    { NULL,                              NO_FINDING },
};
static const struct meaning response_codes[] = {
    { "*; ErrorImpersonateUserDenied",   LOGIN_TOKEN_REFUSED },
    { "*; ErrorImpersonationDenied",     LOGIN_TOKEN_REFUSED },
    { "*; ErrorAccessDenied",            EWS_NOT_ENABLED },
    { "*; ErrorAccountDisabled",         EWS_MAILBOX_UNAVAILABLE },
    { "*; ErrorNonExistentMailbox",      EWS_MAILBOX_UNAVAILABLE },
    { "*; ErrorPasswordExpired",         LOGIN_PASSWORD_EXPIRED },
    { "*; ErrorPasswordChangeRequired",  LOGIN_PASSWORD_EXPIRED },
    { "*; ErrorMailboxStoreUnavailable", LOGIN_MAILBOX_UNREACHABLE },
    { "*; ErrorMailboxFailover",         LOGIN_MAILBOX_UNREACHABLE },
    { "*; ErrorMailboxMoveInProgress",   LOGIN_MAILBOX_UNREACHABLE },
    { "*; ErrorADUnavailable",           LOGIN_MAILBOX_UNREACHABLE },
    { "*; ErrorQuotaExceeded",           ACCOUNT_QUOTA_FULL },
    { "*; ErrorServerBusy",              SERVICE_BUSY },
    { NULL,                              NO_FINDING },
};

static const struct step ask_ews[] = {
    SAY    ("GET /EWS/Exchange.asmx"),
    HEAR   (EXCHANGE_ANSWERS,      SERVICE_UNEXPECTED),
    LEARN  (keep_offers),
    END
};
#define GET_INBOX(header)                                                           \
    "Content-Type: text/xml; charset=utf-8\n"                                       \
    "\n"                                                                            \
    "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"\n"           \
    "xmlns:m=\"http://schemas.microsoft.com/exchange/services/2006/messages\"\n"    \
    "xmlns:t=\"http://schemas.microsoft.com/exchange/services/2006/types\">\n"      \
    header                                                                          \
    "<s:Body><m:GetFolder>\n"                                                       \
    "<m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape>\n"            \
    "<m:FolderIds><t:DistinguishedFolderId Id=\"inbox\"/></m:FolderIds>\n"          \
    "</m:GetFolder></s:Body></s:Envelope>"
#define HEAR_FOLDER(table)                                                          \
    HEAR_AT(STAGE_AUTH, "200|500", table, SERVICE_UNEXPECTED),                      \
    LEARN  (read_response),                                                         \
    JUDGE_AT(STAGE_DATA, opens_inbox, response_codes, SERVICE_UNEXPECTED)

static const struct step ews_basic[] = {
    SAY_SECRET("POST /EWS/Exchange.asmx\n"
               "Authorization: Basic {basic}\n"
               GET_INBOX("")),
    HEAR_FOLDER(refusals),
    END
};
static const struct step ews_bearer[] = {
    SAY_SECRET("POST /EWS/Exchange.asmx\n"
               "Authorization: Bearer {bearer}\n"
               GET_INBOX("")),
    HEAR_FOLDER(token_refusals),
    END
};
/* An application has no mailbox of its own: it says whose it wants. */
static const struct step ews_bearer_for[] = {
    SAY_SECRET("POST /EWS/Exchange.asmx\n"
               "Authorization: Bearer {bearer}\n"
               "X-AnchorMailbox: {address}\n"
               GET_INBOX("<s:Header><t:ExchangeImpersonation><t:ConnectingSID><t:PrimarySmtpAddress>"
                         "{address-xml}</t:PrimarySmtpAddress></t:ConnectingSID>"
                         "</t:ExchangeImpersonation></s:Header>\n")),
    HEAR_FOLDER(token_refusals),
    END
};
/* clang-format on */

static const struct step *choose_ews(struct lane *lane)
{
    bool application = lane->suite->order->account->auth == AUTH_OAUTH_CLIENT;
    return exchange_choose(lane, ask_ews, ews_basic, application ? ews_bearer_for : ews_bearer);
}

static void dress_ews(struct lane *lane, struct raised *raised)
{
    raised->params.value[PARAM_SERVICE] = "EWS";
    dress_token_refusal(lane, raised);
}

const struct part part_ews = { choose_ews, dress_ews, NULL,
                               SCRIPTS(ask_ews, ews_basic, ews_bearer, ews_bearer_for,
                                       exchange_without_login, exchange_without_token, web_again) };
