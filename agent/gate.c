/* SPDX-License-Identifier: MIT */
#include "gate.h"

#include "logins.h"
#include "scope.h"

/* ---- small questions ---- */

enum act gate_first_act(enum service service)
{
    enum act act = 0;
    while (act < ACT_COUNT && act_row(act)->service != service)
        act++;
    return act;
}

static bool is_asked(const struct suite *suite, enum check check)
{
    return (suite->asked & CHECK_BIT(check)) != 0;
}

/* The lane may yet play the act. */
static bool may_play(const struct lane *lane, enum act act)
{
    return lane->service == act_row(act)->service && lane->state != LANE_OVER &&
           lane->state != LANE_LEAVING && !lane->waits_for_loan && lane->act <= act;
}

static bool any_may_play(const struct suite *suite, enum act act)
{
    if (act_row(act)->service == SERVICE_MX && !suite->mx_lanes_open && is_asked(suite, TLS_MX))
        return true;
    for (size_t i = 0; i < suite->lane_count; i++)
        if (may_play(&suite->lanes[i], act))
            return true;
    return false;
}

/* Nobody will add anything to the check. */
static bool is_settled(const struct suite *suite, enum check check)
{
    for (enum act act = 0; act < ACT_COUNT; act++)
        if (act_row(act)->check == check && any_may_play(suite, act))
            return false;
    return true;
}

static bool has_peer(const struct suite *suite)
{
    return suite->order->peer_secret->len > 0;
}

/* ---- which connection goes on ---- */

/* The lane that a service's conversation goes on with: the first whose connection was secured; NULL
   while that is open, or when there is none. */
static const struct lane *leader_of(const struct suite *suite, enum service service, size_t rank)
{
    enum act first = gate_first_act(service);
    for (size_t i = 0; i < suite->lane_count; i++) {
        const struct lane *lane = &suite->lanes[i];
        if (lane->service != service || lane->rank != rank)
            continue;
        if (lane->passed & CHECK_BIT(act_row(first)->check))
            return lane;
        if (may_play(lane, first))
            return NULL; /* it has precedence, if it gets through */
    }
    return NULL;
}

static bool leader_is_open(const struct suite *suite, const struct lane *lane)
{
    enum act first = gate_first_act(lane->service);
    for (size_t i = 0; i < suite->lane_count; i++) {
        const struct lane *other = &suite->lanes[i];
        if (other == lane)
            return false;
        if (other->service == lane->service && other->rank == lane->rank && may_play(other, first))
            return true;
    }
    return false;
}

/* The best MX host that accepts the recipient takes the mail; the others are asked and left in
 * peace. */
static enum gate gate_deliver(const struct suite *suite, const struct lane *lane)
{
    for (size_t i = 0; i < suite->lane_count; i++) {
        const struct lane *other = &suite->lanes[i];
        if (other->service != SERVICE_MX || other->rank >= lane->rank)
            continue;
        if (other->passed & CHECK_BIT(INBOUND_SMTP))
            return GATE_PASS_BY;
        if (may_play(other, ACT_MX_RECIPIENT))
            return GATE_WAIT;
    }
    return suite->parcels[PARCEL_IN].state == PARCEL_EXPECTED ? GATE_GO : GATE_PASS_BY;
}

/* ---- the second mailbox ---- */

/* It sends the incoming mail only where no MX host could be given it. */
static enum gate gate_peer_submission(const struct suite *suite)
{
    if (suite->parcels[PARCEL_IN].state != PARCEL_EXPECTED)
        return GATE_PASS_BY;
    if (any_may_play(suite, ACT_MX_DELIVER) || !is_settled(suite, IMAP_LOGIN))
        return GATE_WAIT;
    return suite->run->ledger.checks[IMAP_LOGIN].passed ? GATE_GO : GATE_PASS_BY;
}

/* The mail goes out only when the place where it is to arrive can be watched. */
static enum gate gate_send(const struct suite *suite)
{
    if (!has_peer(suite) || suite->order->account->peer_imap_host[0] == '\0')
        return GATE_GO;
    for (size_t i = 0; i < suite->lane_count; i++) {
        const struct lane *lane = &suite->lanes[i];
        if (lane->service != SERVICE_PEER_IMAP)
            continue;
        if (lane->passed & CHECK_BIT(MAIL_SEND))
            return GATE_GO;
        if (may_play(lane, ACT_PEER_IMAP_LOGIN))
            return GATE_WAIT;
    }
    return GATE_PASS_BY;
}

/* ---- needs ---- */

static enum check first_stopper(const struct suite *suite, const struct lane *lane,
                                enum check check, bool *into_wait)
{
    const struct ledger *ledger = &suite->run->ledger;
    check_set needs = scope_needs(suite->order, check) &
                      ~CHECK_BIT(OFFICE_RESOLVER); /* whether it is dead shows at the end */
    *into_wait = false;
    for (enum check need = 0; need < CHECK_COUNT; need++) {
        bool here = (lane != NULL && (lane->passed & CHECK_BIT(need))) || loan_has(suite, need);
        if (!(needs & CHECK_BIT(need)) || here || ledger->checks[need].passed)
            continue;
        if (!is_settled(suite, need))
            *into_wait = true;
        else
            return need;
    }
    return CHECK_COUNT;
}

static enum gate gate_needs(struct suite *suite, const struct lane *lane, enum check check)
{
    bool wait = false;
    enum check stopper = first_stopper(suite, lane, check, &wait);
    if (stopper != CHECK_COUNT) {
        ledger_skip(&suite->run->ledger, check, stopper);
        return GATE_PASS_BY;
    }
    return wait ? GATE_WAIT : GATE_GO;
}

/* ---- the login budget ---- */

static enum gate ask_budget(struct budget *budget, enum check check)
{
    switch (budget_may_speak(budget, check)) {
    case BUDGET_SPEAK:
        return GATE_GO;
    case BUDGET_WAIT:
        return GATE_WAIT;
    case BUDGET_CLOSED:
        break;
    }
    return GATE_PASS_BY;
}

/* A refusal of an earlier run is told as it was then: same finding, same words, same time. Nothing
 * is spoken. */
static void remember(struct lane *lane, enum check check, const struct refusal *refusal)
{
    const struct login *login = login_of(check);
    enum finding finding = refusal->finding;
    if (finding == NO_FINDING && login != NULL)
        finding = login->refused; /* an older version kept none */
    struct raised *raised = NULL;
    if (finding != NO_FINDING)
        raised = lane_raise_for(lane, finding, check, slice_of(refusal->said));
    if (raised == NULL)
        return;
    raised->evidence.at_ms = refusal->at_ms;
    raised->evidence.step = "";
    ledger_fact(&lane->suite->run->ledger, check, "remembered", "true");
}

static enum gate closed_gate(struct suite *suite, struct lane *lane, enum check check)
{
    const struct budget *budget = &suite->budget;
    enum check refused = budget->refusal.check;
    if (refused == check && budget->refusal.kept)
        remember(lane, check, &budget->refusal);
    else if (refused == CHECK_COUNT && budget->closed[check].check == check)
        remember(lane, check, &budget->closed[check]);
    else if (refused != CHECK_COUNT && refused != check && is_asked(suite, refused))
        ledger_skip(&suite->run->ledger, check, refused);
    else
        ledger_unknown(&suite->run->ledger, check, REASON_REFUSED_BEFORE);
    return GATE_PASS_BY;
}

static enum gate speak(struct suite *suite, struct lane *lane, enum check check)
{
    enum gate gate = ask_budget(&suite->budget, check);
    return gate == GATE_PASS_BY ? closed_gate(suite, lane, check) : gate;
}

/* Until one protocol has accepted the secret, they try it one after the other, the most telling
 * first. */
static enum gate gate_secret(struct suite *suite, struct lane *lane, enum check check)
{
    struct budget *budget = &suite->budget;
    const struct login *before;
    for (size_t i = 0; budget->accepted_by == CHECK_COUNT; i++) {
        before = login_row(i);
        if (before == NULL || before->check == check)
            break;
        if (is_asked(suite, before->check) && !is_settled(suite, before->check))
            return GATE_WAIT;
    }
    return speak(suite, lane, check);
}

/* Where Outlook is led shows without a password too. */
static enum gate gate_autodiscover(struct suite *suite, struct lane *lane)
{
    if (lane->dialogue.secret == NULL)
        return GATE_GO;
    enum gate gate = gate_secret(suite, lane, AUTODISCOVER_OUTLOOK);
    if (gate == GATE_PASS_BY)
        lane->dialogue.secret = NULL;
    return gate == GATE_WAIT ? GATE_WAIT : GATE_GO;
}

/* ---- what is lent ---- */

/* The conversation goes on, on this lane, to an act that is not lent: then those before it are
   played, too. */
static bool goes_further(const struct suite *suite, const struct lane *lane, enum act act)
{
    const struct lane *leader = leader_of(suite, lane->service, lane->rank);
    if (lane->service == SERVICE_DNS || !(leader == NULL || leader == lane))
        return false;
    for (enum act next = act + 1; next < ACT_COUNT; next++)
        if (act_row(next)->service == lane->service && is_asked(suite, act_row(next)->check) &&
            !loan_has(suite, act_row(next)->check))
            return true;
    return false;
}

/* Whoever may have to wait long hangs up: it dials again where it goes on after all. Controls
   open where something is in doubt, and never wait. */
static enum gate gate_loan(struct suite *suite, struct lane *lane, enum act act)
{
    enum check check = act_row(act)->check;
    bool controls = lane->service == SERVICE_REACH || lane->notebook.compares;
    lane->waits_for_loan = !controls && loan_has(suite, check) && !goes_further(suite, lane, act);
    if (!lane->waits_for_loan)
        return GATE_GO;
    if (lane->dialogue.on_the_wire)
        dialogue_end(&lane->dialogue);
    if (!suite->keeps_loan)
        return GATE_WAIT;
    loan_keep(suite, check);
    lane->ended |= CHECK_BIT(check);
    return GATE_PASS_BY;
}

/* ---- the gate ---- */

static bool expects_mail(const struct suite *suite)
{
    return suite->parcels[PARCEL_OUT].state != PARCEL_NONE ||
           suite->parcels[PARCEL_IN].state != PARCEL_NONE;
}

/* What an act of a lane that is connected needs beyond the needs of its check. */
static enum gate gate_rest(struct suite *suite, struct lane *lane, enum act act)
{
    enum check check = act_row(act)->check;
    if (act == ACT_IMAP_WATCH || act == ACT_PEER_IMAP_WATCH) {
        enum check login = act == ACT_IMAP_WATCH ? IMAP_LOGIN : MAIL_SEND;
        return (lane->passed & CHECK_BIT(login)) && expects_mail(suite) ? GATE_GO : GATE_PASS_BY;
    }
    if (act == ACT_PEER_SUBMISSION_SEND)
        return (lane->passed & CHECK_BIT(MAIL_RECEIVE)) ? GATE_GO : GATE_PASS_BY;
    enum gate gate = gate_needs(suite, lane, check);
    if (gate != GATE_GO)
        return gate;
    if (act == ACT_MX_DELIVER)
        return (lane->passed & CHECK_BIT(INBOUND_SMTP)) ? gate_deliver(suite, lane) : GATE_PASS_BY;
    if (act == ACT_SUBMISSION_SEND)
        return gate_send(suite);
    return act_row(act)->speaks == SPEAKS_LOGIN ? gate_secret(suite, lane, check) : GATE_GO;
}

enum gate suite_gate(struct suite *suite, struct lane *lane, enum act act)
{
    enum service service = act_row(act)->service;
    if (service == SERVICE_DNS || service == SERVICE_REACH)
        return lane->ended == 0 ? gate_loan(suite, lane, act)
                                : GATE_PASS_BY; /* a lane for each act */
    if (act == ACT_PEER_SUBMISSION_LOGIN) {
        enum gate gate = gate_peer_submission(suite);
        return gate == GATE_GO ? ask_budget(&suite->peer_budget, SUBMISSION_LOGIN) : gate;
    }
    if (act == ACT_PEER_IMAP_LOGIN)
        return ask_budget(&suite->peer_budget, IMAP_LOGIN);
    if (act == ACT_AUTODISCOVER)
        return gate_autodiscover(suite, lane);
    if (act == ACT_TOKEN)
        return speak(suite, lane, OAUTH_TOKEN);
    if (leader_is_open(suite, lane))
        return GATE_WAIT; /* IPv6 has its turn when IPv4 is through: half as many connections stand
                             at a time */
    if (act == gate_first_act(service))
        return gate_loan(suite, lane, act);
    if (!is_asked(suite, act_row(act)->check) &&
        !(act == ACT_IMAP_WATCH && is_asked(suite, MAIL_SEND)))
        return GATE_PASS_BY;
    if (service == SERVICE_PEER_IMAP || service == SERVICE_PEER_SUBMISSION)
        return gate_rest(suite, lane, act);
    if (leader_of(suite, service, lane->rank) != lane)
        return GATE_PASS_BY;
    enum gate gate = gate_rest(suite, lane, act);
    return gate == GATE_GO ? gate_loan(suite, lane, act) : gate;
}

/* ---- what never came to pass ---- */

void gate_settle_parcels(struct suite *suite)
{
    struct parcel *out = &suite->parcels[PARCEL_OUT], *in = &suite->parcels[PARCEL_IN];
    if (out->state == PARCEL_EXPECTED && !any_may_play(suite, ACT_SUBMISSION_SEND))
        out->state = PARCEL_NONE;
    if (in->state == PARCEL_EXPECTED && !any_may_play(suite, ACT_MX_DELIVER) &&
        !any_may_play(suite, ACT_PEER_SUBMISSION_SEND))
        in->state = PARCEL_NONE;
}

/* Whether anybody was there to ask: a service that the profile does not place has no lane. */
static bool has_lane(const struct suite *suite, enum check check)
{
    for (enum act act = 0; act < ACT_COUNT; act++)
        for (size_t i = 0; i < suite->lane_count; i++)
            if (act_row(act)->check == check && act_row(act)->service == suite->lanes[i].service)
                return true;
    return false;
}

/* Nobody plays a part in it, or only where something went wrong: diagnosis decides it from all the
 * others. */
static bool is_decided_later(enum check check)
{
    if (check_row(check)->layer <= LAYER_ISP)
        return true;
    for (enum act act = 0; act < ACT_COUNT; act++)
        if (act_row(act)->check == check)
            return false;
    return true;
}

static void settle_receive(struct suite *suite)
{
    struct ledger *ledger = &suite->run->ledger;
    bool refused = ledger->checks[INBOUND_SMTP].status == STATUS_FAILED;
    if (refused)
        ledger_skip(ledger, MAIL_RECEIVE, INBOUND_SMTP);
    else if (ledger->checks[MAIL_RECEIVE].status == STATUS_PENDING &&
             suite->parcels[PARCEL_IN].state == PARCEL_NONE)
        (void)ledger_raise(ledger, MAIL_NO_INBOUND_PATH, MAIL_RECEIVE, SERVICE_MX, "", "",
                           FAMILY_V4, SLICE("")); /* as in lane.c */
}

void gate_settle(struct suite *suite)
{
    struct ledger *ledger = &suite->run->ledger;
    for (enum check check = 0; check < CHECK_COUNT; check++) {
        struct entry *entry = &ledger->checks[check];
        bool wait = false;
        if (!entry->asked || is_decided_later(check) || entry->status != STATUS_PENDING)
            continue;
        enum check stopper = first_stopper(suite, NULL, check, &wait);
        if (stopper != CHECK_COUNT)
            ledger_skip(ledger, check, stopper);
        else if (!has_lane(suite, check))
            ledger_unknown(ledger, check, REASON_NOT_CONFIGURED);
        else if (check == MAIL_RECEIVE)
            settle_receive(suite);
    }
}
