/* SPDX-License-Identifier: MIT */
/* The interpreter by itself, over a socket pair; whole conversations are played by the transcripts.
 */
#include "dialogue.h"
#include "compose.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static struct dialogue dialogue;
static struct profile profile;
static struct secret secret = { .len = 11, .bytes = "p\"ss\\w&+=rd" };
static int peer; /* the other end */

/* A dialogue whose connection stands. */
static int connect_to_peer(void **state)
{
    int ends[2];
    (void)state;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) != 0)
        return -1;
    memset(&dialogue, 0, sizeof dialogue);
    dialogue_begin(&dialogue);
    dialogue.wire.descriptor = ends[0];
    dialogue.on_the_wire = true;
    dialogue.profile = &profile;
    dialogue.service = SERVICE_SUBMISSION;
    dialogue.dialect = DIALECT_SMTP;
    dialogue.host = "mail.example";
    dialogue.login = "anna@example.com";
    dialogue.secret = &secret;
    dialogue.address.port = 443;
    for (size_t i = 0; i < HOLE_COUNT; i++)
        dialogue.hole[i] = "";
    peer = ends[1];
    return 0;
}

static int hang_up(void **state)
{
    (void)state;
    dialogue_end(&dialogue);
    return close(peer);
}

static void peer_says(const char *words)
{
    assert_int_equal(write(peer, words, strlen(words)), (ssize_t)strlen(words));
}

static const char *peer_hears(void)
{
    static char heard[4096];
    ssize_t got = read(peer, heard, sizeof heard - 1);
    heard[got > 0 ? got : 0] = '\0';
    return heard;
}

static enum io play(const struct step *script)
{
    dialogue_play(&dialogue, script);
    return dialogue_advance(&dialogue);
}

static void ends_each_line_as_the_dialect_wants(void **state)
{
    static const struct step script[] = { SAY("NOOP {domain}"), END };
    (void)state;
    dialogue.hole[HOLE_DOMAIN] = "example.com";
    assert_int_equal(play(script), IO_DONE);
    assert_string_equal(peer_hears(), "NOOP example.com\r\n");
}

static void gives_each_imap_command_a_tag_of_its_own(void **state)
{
    static const struct step script[] = { SAY("A"), SAY("B"), SAY_MORE("more"), END };
    (void)state;
    dialogue.dialect = DIALECT_IMAP;
    assert_int_equal(play(script), IO_DONE);
    assert_string_equal(peer_hears(), "g1 A\r\ng2 B\r\nmore\r\n");
}

static void writes_a_form_as_a_browser_does(void **state)
{
    static const struct step script[] = {
        SAY("POST /login\nContent-Type: application/x-www-form-urlencoded\n\n"
            "user={login-form}&x=1"),
        END
    };
    (void)state;
    dialogue.dialect = DIALECT_HTTP;
    dialogue.cookies = "a=1; b=2";
    assert_int_equal(play(script), IO_DONE);
    const char *heard = peer_hears();
    assert_non_null(strstr(heard, "POST /login HTTP/1.1\r\nHost: mail.example\r\n"));
    assert_non_null(strstr(heard, "\r\nCookie: a=1; b=2\r\n"));
    assert_non_null(strstr(heard, "\r\nContent-Length: 27\r\n"));
    assert_non_null(strstr(heard, "\r\n\r\nuser=anna%40example.com&x=1"));
}

static void names_a_port_that_is_not_the_usual_one(void **state)
{
    static const struct step script[] = { SAY("GET /"), END };
    (void)state;
    dialogue.dialect = DIALECT_HTTP;
    dialogue.address.port = 8443;
    assert_int_equal(play(script), IO_DONE);
    assert_non_null(strstr(peer_hears(), "\r\nHost: mail.example:8443\r\n"));
}

static void speaks_no_secret_on_a_wire_that_is_not_secured(void **state)
{
    static const struct step script[] = { SAY_SECRET("AUTH PLAIN {plain}"), END };
    (void)state;
    assert_int_equal(play(script), IO_FAILED);
    assert_string_equal(peer_hears(), "");
    assert_false(dialogue.spoke_secret);
}

static void leaves_secret_holes_empty_in_a_common_step(void **state)
{
    static const struct step script[] = { SAY("X {secret64}{secret-form}{secret-quoted}"), END };
    (void)state;
    assert_int_equal(play(script), IO_DONE);
    assert_string_equal(peer_hears(), "X \"\"\r\n");
}

static void wipes_a_request_once_it_is_sent(void **state)
{
    static const struct step script[] = { SAY("NOOP {domain}"), END };
    (void)state;
    dialogue.hole[HOLE_DOMAIN] = "example.com";
    assert_int_equal(play(script), IO_DONE);
    for (size_t i = 0; i < 18; i++)
        assert_int_equal(dialogue.out[i], 0);
}

static void refuses_a_request_that_does_not_fit(void **state)
{
    static const struct step script[] = { SAY("{mail}"), END };
    static char mail[DIALOGUE_OUT_MAX];
    (void)state;
    memset(mail, 'x', sizeof mail - 1);
    dialogue.hole[HOLE_MAIL] = mail;
    assert_int_equal(play(script), IO_FAILED);
    assert_int_equal(dialogue.finding, DEVICE_EXHAUSTED);
    assert_string_equal(peer_hears(), "");
}

static void waits_until_the_reply_is_whole(void **state)
{
    static const struct step script[] = { HEAR("250", SMTP_EHLO_REFUSED), END };
    (void)state;
    assert_int_equal(play(script), IO_READ);
    peer_says("250-a\r\n25");
    assert_int_equal(dialogue_advance(&dialogue), IO_READ);
    peer_says("0 b\r\n");
    assert_int_equal(dialogue_advance(&dialogue), IO_DONE);
    assert_true(slice_is(dialogue.reply.said, "250 b"));
}

static void takes_either_of_two_codes(void **state)
{
    static const struct step script[] = { HEAR("200|30", SERVICE_UNEXPECTED), END };
    (void)state;
    dialogue.dialect = DIALECT_HTTP;
    peer_says("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n");
    assert_int_equal(play(script), IO_DONE);
    peer_says("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
    assert_int_equal(play(script), IO_FAILED);
    assert_int_equal(dialogue.finding, SERVICE_UNEXPECTED);
}

static void tells_what_a_refusal_means_by_the_first_row_that_matches(void **state)
{
    static const struct meaning table[] = { { "550 5.2.1 *", LOGIN_CONTACT_ADMIN },
                                            { "5*", MAIL_NOT_SENT },
                                            { NULL, NO_FINDING } };
    static const struct step script[] = { HEAR_AT(STAGE_DATA, "250", table, SERVICE_UNEXPECTED),
                                          END };
    (void)state;
    peer_says("550 5.2.1 no\r\n");
    assert_int_equal(play(script), IO_FAILED);
    assert_int_equal(dialogue.finding, LOGIN_CONTACT_ADMIN);
    peer_says("554 no\r\n");
    assert_int_equal(play(script), IO_FAILED);
    assert_int_equal(dialogue.finding, MAIL_NOT_SENT);
}

static void believes_the_profile_first(void **state)
{
    static const struct meaning table[] = { { "5*", MAIL_NOT_SENT }, { NULL, NO_FINDING } };
    static const struct step script[] = { HEAR_AT(STAGE_DATA, "250", table, SERVICE_UNEXPECTED),
                                          END };
    (void)state;
    profile.replies[0] = (struct profile_reply){ SERVICE_SUBMISSION, STAGE_DATA, "5*spam*",
                                                 ACCOUNT_BLOCKED_FOR_SPAM };
    profile.reply_count = 1;
    peer_says("550 locked for spam\r\n");
    assert_int_equal(play(script), IO_FAILED);
    profile.reply_count = 0;
    assert_int_equal(dialogue.finding, ACCOUNT_BLOCKED_FOR_SPAM);
}

static bool never(const struct lane *lane)
{
    (void)lane;
    return false;
}

static enum finding noted;

static void keep_note(struct lane *lane, enum finding finding)
{
    (void)lane;
    noted = finding;
}

static void stops_at_a_judgement_and_goes_on_after_a_note(void **state)
{
    static const struct step script[] = { NOTE(never, TLS_EXPIRES_SOON),
                                          JUDGE(never, SMTP_NO_STARTTLS), SAY("never"), END };
    (void)state;
    dialogue.note = keep_note;
    assert_int_equal(play(script), IO_FAILED);
    assert_int_equal(noted, TLS_EXPIRES_SOON);
    assert_int_equal(dialogue.finding, SMTP_NO_STARTTLS);
    assert_string_equal(peer_hears(), "");
}

static void says_nothing_to_a_peer_that_speaks_out_of_turn(void **state)
{
    static const struct step script[] = { HEAR("220", SMTP_GREETING_REFUSED), SAY("EHLO x"), END };
    (void)state;
    peer_says("220 ready\r\n250 eager\r\n");
    assert_int_equal(play(script), IO_FAILED);
    assert_int_equal(dialogue.finding, SERVICE_GARBLED);
    assert_string_equal(peer_hears(), "");
}

static void notices_when_the_peer_hangs_up(void **state)
{
    static const struct step script[] = { HEAR("220", SMTP_GREETING_REFUSED), END };
    (void)state;
    peer_says("220 rea");
    assert_int_equal(shutdown(peer, SHUT_WR), 0);
    assert_int_equal(play(script), IO_FAILED);
    assert_int_equal(dialogue.finding, SERVICE_CLOSED);
    assert_false(dialogue.on_the_wire);
}

static void withholds_words_that_repeat_the_secret(void **state)
{
    static const struct step script[] = { HEAR("250", SERVICE_UNEXPECTED), END };
    static const char *const echoes[] = { "p\"ss\\w&+=rd", "cCJzc1x3Jis9cmQ=",
                                          "AGFubmFAZXhhbXBsZS5jb20AcCJzc1x3Jis9cmQ=",
                                          "\"p\\\"ss\\\\w&+=rd\"", "p%22ss%5Cw%26%2B%3Drd" };
    (void)state;
    for (size_t i = 0; i < sizeof echoes / sizeof *echoes; i++) {
        char line[128];
        (void)snprintf(line, sizeof line, "535 %s\r\n", echoes[i]);
        peer_says(line);
        assert_int_equal(play(script), IO_FAILED);
        assert_false(slice_has_nocase(dialogue_said(&dialogue), echoes[i]));
    }
}

static void describes_its_rows_without_their_forms(void **state)
{
    static const struct step script[] = { SAY_SECRET("POST /owa\n\npassword={secret-form}"),
                                          HEAR("220", SERVICE_BUSY), JUDGE(never, SERVICE_BUSY),
                                          SECURE(), END };
    char words[64];
    (void)state;
    step_text(&script[0], words, sizeof words);
    assert_string_equal(words, "SAY POST /owa");
    step_text(&script[1], words, sizeof words);
    assert_string_equal(words, "HEAR 220");
    step_text(&script[2], words, sizeof words);
    assert_string_equal(words, "JUDGE never");
    step_text(&script[3], words, sizeof words);
    assert_string_equal(words, "SECURE");
}

#define TALK(test) cmocka_unit_test_setup_teardown(test, connect_to_peer, hang_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TALK(ends_each_line_as_the_dialect_wants),
        TALK(gives_each_imap_command_a_tag_of_its_own),
        TALK(writes_a_form_as_a_browser_does),
        TALK(names_a_port_that_is_not_the_usual_one),
        TALK(speaks_no_secret_on_a_wire_that_is_not_secured),
        TALK(leaves_secret_holes_empty_in_a_common_step),
        TALK(wipes_a_request_once_it_is_sent),
        TALK(refuses_a_request_that_does_not_fit),
        TALK(waits_until_the_reply_is_whole),
        TALK(takes_either_of_two_codes),
        TALK(tells_what_a_refusal_means_by_the_first_row_that_matches),
        TALK(believes_the_profile_first),
        TALK(stops_at_a_judgement_and_goes_on_after_a_note),
        TALK(says_nothing_to_a_peer_that_speaks_out_of_turn),
        TALK(notices_when_the_peer_hangs_up),
        TALK(withholds_words_that_repeat_the_secret),
        TALK(describes_its_rows_without_their_forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
