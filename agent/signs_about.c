/* SPDX-License-Identifier: MIT */
/* The signs of the finding in question: what it says of itself. */
#include "signs.h"

static struct slice said_of(const struct scene *scene)
{
    return slice_of(scene->about->evidence.said);
}

static bool shown(const struct scene *scene, struct proof *proof)
{
    proof->raised = scene->about;
    proof->check = scene->about->check;
    return true;
}

static bool about_told(const struct scene *scene, struct proof *proof)
{
    return shown(scene, proof) && scene->about->evidence.step[0] != '\0';
}

static bool about_outright(const struct scene *scene, struct proof *proof)
{
    return shown(scene, proof) && said_of(scene).len > 0 &&
           finding_row(scene->about->finding)->status == STATUS_FAILED;
}

static bool about_read(const struct scene *scene, struct proof *proof)
{
    struct slice slug = slice_of(finding_row(scene->about->finding)->slug);
    return shown(scene, proof) && (slice_starts(slug, "dns.") || slice_starts(slug, "tls."));
}

static bool about_masked(const struct scene *scene, struct proof *proof)
{
    return shown(scene, proof) && slice_has_nocase(said_of(scene), "XXXX");
}

static bool about_prx(const struct scene *scene, struct proof *proof)
{
    return shown(scene, proof) && slice_has_nocase(said_of(scene), "PRX");
}

static bool about_providers_word(const struct scene *scene, struct proof *proof)
{
    return shown(scene, proof) && scene->about->service == SERVICE_PROVIDER_API;
}

/* "5.7.50?" is 5.7.501 to 5.7.509. */
static bool about_spam_code(const struct scene *scene, struct proof *proof)
{
    struct slice words = said_of(scene);
    size_t series = slice_find_nocase(words, "5.7.50");
    char next = series + 6 < words.len ? words.at[series + 6] : ' ';
    return shown(scene, proof) &&
           ((next >= '0' && next <= '9') || slice_has_nocase(words, "5.1.8") ||
            slice_has_nocase(words, "5.7.511") || slice_has_nocase(words, "5.7.705"));
}

static bool about_missing(const struct scene *scene, struct proof *proof)
{
    return shown(scene, proof) && scene->about->service != SERVICE_SUBMISSION;
}

static bool about_sister_host(const struct scene *scene, struct proof *proof)
{
    return shown(scene, proof) && scene->about->params.value[PARAM_OTHER] != NULL;
}

/* A check of the MX hosts, or what was concluded from one. */
static bool about_mx_port(const struct scene *scene, struct proof *proof)
{
    const char *port = scene->about->params.value[PARAM_PORT];
    return shown(scene, proof) &&
           (scene->about->check == TLS_MX || scene->about->check == INBOUND_SMTP ||
            slice_is(slice_of(port), "25"));
}

/* clang-format off */
static bool (*const signs[SIGN_COUNT])(const struct scene *scene, struct proof *proof) = {
    [SIGN_ABOUT_PROVIDERS_WORD]     = about_providers_word,
    [SIGN_ABOUT_TOLD]               = about_told,
    [SIGN_ABOUT_OUTRIGHT]           = about_outright,
    [SIGN_ABOUT_READ]               = about_read,
    [SIGN_ABOUT_MASKED]             = about_masked,
    [SIGN_ABOUT_PRX]                = about_prx,
    [SIGN_ABOUT_SPAM_CODE]          = about_spam_code,
    [SIGN_ABOUT_MISSING]            = about_missing,
    [SIGN_ABOUT_SISTER_HOST]        = about_sister_host,
    [SIGN_ABOUT_MX_PORT]            = about_mx_port,
};
/* clang-format on */

bool sign_about(enum sign sign, const struct scene *scene, struct proof *into_proof)
{
    return signs[sign](scene, into_proof);
}
