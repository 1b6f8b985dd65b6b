/* SPDX-License-Identifier: MIT */
#include "probes.h"

static const struct answer no_room = { .status = ANSWER_DEVICE };

void probes_begin(struct probes *probes, struct loop *loop, struct arena *arena,
                  answer_fn *answered, void *owner)
{
    probes->loop = loop;
    probes->arena = arena;
    probes->answered = answered;
    probes->owner = owner;
}

static void end(struct probes *probes, struct probe *probe)
{
    if (probe->resolve == NULL)
        return;
    probes->asked += resolve_asked(probe->resolve);
    resolve_finish(probe->resolve);
    probe->resolve = NULL;
}

/* A resolve is given back as soon as its answer is here: there are few. */
const struct answer *probes_ask(struct probes *probes, struct probe *probe,
                                const struct address *servers, size_t count, const char *name,
                                enum record_type type)
{
    if (probe->answer != NULL)
        return probe->answer;
    if (probe->resolve == NULL) {
        probe->resolve = resolve_begin(probes->loop, probes->arena, servers, count);
        bool asked = probe->resolve != NULL && resolve_ask(probe->resolve, &probe->question, name,
                                                           type, probes->answered, probes->owner);
        probe->answer = asked ? NULL : &no_room;
    } else {
        probe->answer = probe->question.answer;
    }
    if (probe->answer != NULL)
        end(probes, probe);
    return probe->answer;
}

void probes_end(struct probes *probes)
{
    for (size_t i = 0; i < RESOLVERS_MAX; i++)
        end(probes, &probes->single[i]);
    end(probes, &probes->zone);
    end(probes, &probes->nobody);
}
