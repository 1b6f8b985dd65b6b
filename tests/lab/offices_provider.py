# SPDX-License-Identifier: MIT
"""Offices that have a key to the provider's own interface, or log in by tokens."""

import hosts
from cloud_stand_in import APPLICATION, SERVICE, TENANT
from sickness import ALL, DISABLED, HEALTHY, NO_LOGIN_OK_MX, Office

KEY = {"api_service": f"{SERVICE}/{SERVICE}"}
TOKENS = {
    "auth": "oauth-client",
    "oauth_tenant": TENANT,
    "oauth_client_id": APPLICATION,
    "exchange_host": "ex18.mail.ovh.net",
}
SCOPE = "https://outlook.office365.com/.default"
BY_TOKEN = {
    "webmail_kind": "none",
    "oauth": {
        "host": hosts.TOKENS,
        "path": "/{tenant}/oauth2/v2.0/token",
        "imap_scope": SCOPE,
        "smtp_scope": SCOPE,
        "http_scope": SCOPE,
    },
}


def office(name, results, exit_status, causes="", remedies="", told=None, **more):
    """With a key to the interface, which says that all is well but for what is told."""
    address = f"{name}@office.example"
    more.setdefault("settings", KEY)
    return Office(name, address, results, exit_status, causes, remedies, told=told or {}, **more)


def by_token(name, results, exit_status, causes="", remedies="", **more):
    return office(
        name, results, exit_status, causes, remedies, settings=TOKENS, profile=BY_TOKEN, **more
    )


NO_TOKEN = "u u u u ok s(oauth.token) ok s(oauth.token)"
OVER = f"ok failed ok failed {NO_LOGIN_OK_MX}"
SUSPENDED_DIAGNOSIS = {"isSuspended": True, "connectiveOWA": False, "canSendEmail": False}

# fmt: off
PROVIDER_OFFICES = (
    office("api-healthy", HEALTHY, 0),
    office("api-spam", "failed ok ok ok ok ok ok s(submission.login)", 2,
           "account.blocked-for-spam certain", "answer-spam-notice", refuses=("smtp",),
           told={"account": {"spamDetected": True, "spamTicketNumber": 8123456}}),
    office("api-suspended", OVER, 2,
           "account.subscription-expired certain", "renew-subscription", refuses=ALL,
           behaviours={"mx.rcpt": DISABLED},
           told={"account": {"state": "suspended"}, "diagnostics": SUSPENDED_DIAGNOSIS}),
    office("api-expired-460", "u failed u failed " + NO_LOGIN_OK_MX, 2,
           "account.subscription-expired certain", "renew-subscription", refuses=ALL,
           behaviours={"mx.rcpt": DISABLED}, told={"status": 460}),
    office("api-locked", f"ok ok failed failed {NO_LOGIN_OK_MX}", 2,
           "account.locked-by-policy certain", "wait-for-unlock; open-support-request",
           refuses=ALL, told={"diagnostics": {"isLocked": True, "connectiveOWA": False}}),
    office("api-disagrees", HEALTHY, 1, "provider.disagrees likely", "compare-with-provider",
           told={"domain": {"mxIsValid": False}}),
    office("api-not-granted", HEALTHY, 1, "api.not-granted likely", "renew-api-key",
           told={"granted": False}),
    office("api-service-unknown", HEALTHY, 1, "api.service-unknown likely", "correct-settings",
           settings={"api_service": "hosted-of-others-1"}),

    by_token("token-healthy", "ok ok ok u ok ok ok ok", 0),
    by_token("token-refused", NO_TOKEN, 2, "oauth.refused likely", "renew-application-access",
             wrong_password=True),
    by_token("token-consent-missing", NO_TOKEN, 3, "oauth.consent-missing likely",
             "allow-application", told={"token": "unauthorized_client"}),
)
# fmt: on
