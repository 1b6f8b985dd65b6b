/* SPDX-License-Identifier: MIT */
#include "credentials.h"

#include "oauth.h"
#include "provider_api.h"

#define HTTPS_PORT 443

static bool is_peer(enum service service)
{
    return service == SERVICE_PEER_IMAP || service == SERVICE_PEER_SUBMISSION;
}

static void lend_to_peer(struct lane *lane)
{
    const struct account_settings *account = lane->suite->order->account;
    lane->dialogue.secret = lane->suite->order->peer_secret;
    lane->dialogue.login =
        account->peer_login[0] != '\0' ? account->peer_login : account->peer_address;
}

static void lend_to_token_server(struct lane *lane)
{
    const struct order *order = lane->suite->order;
    struct dialogue *dialogue = &lane->dialogue;
    dialogue->secret = order->secret;
    dialogue->application = order->application;
    dialogue->token = &lane->suite->token; /* the server may repeat it */
    dialogue->hole[HOLE_PATH] = order->profile->oauth.path;
    dialogue->hole[HOLE_CLIENT] = order->account->oauth_client_id;
    dialogue->hole[HOLE_SCOPE] = oauth_scope(order->profile, lane->suite->arena);
}

static void lend_to_interface(struct lane *lane)
{
    const struct api_key *key = lane->suite->order->api_key;
    lane->dialogue.token = &key->consumer;
    lane->dialogue.application = &key->secret; /* it signs, and is never said */
    lane->dialogue.secret = lane->suite->order->secret;
    lane->dialogue.hole[HOLE_CLIENT] = key->application.bytes;
}

void credentials_lend(struct lane *lane)
{
    struct suite *suite = lane->suite;
    lane->dialogue.login = suite->login;
    if (is_peer(lane->service))
        lend_to_peer(lane);
    else if (lane->service == SERVICE_TOKEN)
        lend_to_token_server(lane);
    else if (lane->service == SERVICE_PROVIDER_API)
        lend_to_interface(lane);
    else if (suite->order->account->auth != AUTH_PASSWORD)
        lane->dialogue.token = &suite->token;
    else
        lane->dialogue.secret = suite->order->secret;
}

/* Each is asked once, over one family. */
static void open_lane(struct suite *suite, enum service service, const char *host)
{
    struct endpoint endpoint = { host, HTTPS_PORT, SECURITY_IMPLICIT };
    enum family family =
        port_family_usable(FAMILY_V4) || !port_family_usable(FAMILY_V6) ? FAMILY_V4 : FAMILY_V6;
    (void)suite_open(suite, service, endpoint, family, 0); /* too many are counted as dropped */
}

void credentials_open(struct suite *suite)
{
    if (suite->asked & CHECK_BIT(OAUTH_TOKEN))
        open_lane(suite, SERVICE_TOKEN, suite->order->profile->oauth.host);
    if (suite->asked & (CHECK_BIT(PROVIDER_ACCOUNT) | CHECK_BIT(PROVIDER_TICKET)))
        open_lane(suite, SERVICE_PROVIDER_API, provider_api_host(suite->order->account));
    if (suite->asked & CHECK_BIT(AUTODISCOVER_OUTLOOK))
        open_lane(suite, SERVICE_AUTODISCOVER, suite->domain);
}

static void wipe(struct secret *secret)
{
    if (secret != NULL)
        text_wipe(secret, sizeof *secret);
}

void credentials_wipe(struct suite *suite)
{
    for (size_t i = 0; i < suite->lane_count; i++)
        if (suite->lanes[i].service == SERVICE_TOKEN)
            text_wipe(suite->lanes[i].dialogue.in, sizeof suite->lanes[i].dialogue.in);
    wipe(&suite->token);
    wipe(suite->order->secret);
    wipe(suite->order->peer_secret);
    wipe(suite->order->application);
    if (suite->order->api_key != NULL)
        text_wipe(suite->order->api_key, sizeof *suite->order->api_key);
}
