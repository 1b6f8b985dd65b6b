/* SPDX-License-Identifier: MIT */
/* A transcript file: who is who, what the world says, what gatepost must make of it. README.md in
   this directory tells how one is written. */
#ifndef GATEPOST_TRANSCRIPT_H
#define GATEPOST_TRANSCRIPT_H

#include "../../agent/suite.h"
#include "../fake/fake.h"

#include <stdbool.h>
#include <stddef.h>

/* Parts of it are in every secret here, and are looked for everywhere afterwards. The quotation
   mark, backslash and signs make all notations differ. */
#define TRANSCRIPT_SECRET_CORE "Zw1ebelkuchenR4nd"
#define TRANSCRIPT_SECRET      "p\"Zw1ebelkuchenR4nd\\7&+=%"
#define TRANSCRIPT_PEER_SECRET "q Zw1ebelkuchenR4nd second"
#define TRANSCRIPT_APPLICATION "r/Zw1ebelkuchenR4nd=application"
#define TRANSCRIPT_API_KEY     "8wk3s0vp5rqy2nzt"
#define TRANSCRIPT_API_SECRET  "as-Zw1ebelkuchenR4nd"
#define TRANSCRIPT_CONSUMER    "ck-Zw1ebelkuchenR4nd"
#define TRANSCRIPT_TOKEN       "ya29.Zw1ebelkuchenR4nd-token"

#define TRANSCRIPT_EXPECTED_MAX 64
#define TRANSCRIPT_SETTINGS_MAX 16
#define TRANSCRIPT_LINES_MAX    2000
#define TRANSCRIPT_GIVEN_MAX    8

/* A line that begins with "=>", in words; number tells its place. */
struct expectation {
    int number;
    bool met;
    struct slice words;
};

struct transcript {
    const char *path;
    const char *account, *profile;
    bool plays_suite;
    bool plays[SERVICE_COUNT];
    enum cost allow;
    check_set only; /* 0: what the played services are for */
    check_set lent; /* what another mailbox's run has seen to be well, and MX mx0.mail.ovh.net */
    bool delivered[DELIVERY_WHOLE + 1];
    bool harmless; /* `harm: none`: no call of it is made to fail */
    struct {
        struct slice key, value;
    } settings[TRANSCRIPT_SETTINGS_MAX];
    size_t setting_count;
    struct {
        enum service service;
        uint16_t port; /* 0: as the profile says */
        enum security security;
    } at;
    struct {
        struct slice words;
        int number;
    } given[TRANSCRIPT_GIVEN_MAX];
    size_t given_count;
    bool no_secret;
    struct api_ticket ticket;  /* `ticket: SUBJECT; BODY`; NULLs where there is none */
    unsigned stop_after_turns; /* a signal comes at this poll; 0: none */
    struct expectation expected[TRANSCRIPT_EXPECTED_MAX];
    size_t expected_count;
    struct fake_line lines[TRANSCRIPT_LINES_MAX];
    size_t line_count;
};

/* Reads a file into `fake` (peers, zone, world) and the transcript. False, and words on standard
   error, when it is not well written. Everything stays until the next call. */
bool transcript_read(const char *path, struct transcript *into_transcript);

/* Expands what stands for secrets, tokens and bytes; false when it does not fit. */
bool transcript_expand(struct text *text, struct slice words);

#endif
