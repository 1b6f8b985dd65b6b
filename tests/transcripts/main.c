/* SPDX-License-Identifier: MIT */
/* transcripts play FOLDER PRODUCED: plays every transcript of a folder, and writes the slugs of all
   findings that were made. transcripts coverage PRODUCED...: fails when a finding of the catalogue
   was made by none. transcripts deliver FILE: plays one by lines and whole and does it no harm,
   which is enough for another processor, and quick enough for an emulated one. */
#include "../../agent/log.h"

#include "play.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILES_MAX 200
#define PATH_LEN  512

static bool play_delivered(struct transcript *transcript, enum fake_delivery delivery,
                           struct played *played)
{
    static const char *const names[] = { "delivered by bytes", "delivered by lines",
                                         "delivered whole" };
    fake.delivery = delivery;
    play(transcript, 0, played);
    fake_look_for_leftovers();
    if (expect(transcript, played))
        return true;
    (void)fprintf(stderr, "%s: %s\n%.*s", transcript->path, names[delivery], (int)fake.log_len,
                  fake.log);
    return false;
}

/* Begins with delivery first; only where that is by bytes, harm is done too. */
static bool play_ways(const char *path, enum fake_delivery first, unsigned *into_runs)
{
    static struct transcript transcript;
    static struct played played;
    *into_runs = 0;
    if (!transcript_read(path, &transcript) || !play_prepare(&transcript))
        return false;
    for (unsigned delivery = first; delivery <= DELIVERY_WHOLE; delivery++) {
        if (!transcript.delivered[delivery])
            continue;
        if (!play_delivered(&transcript, delivery, &played))
            return false;
        ++*into_runs;
    }
    if (first != DELIVERY_BYTES)
        return true;
    unsigned harmed = transcript.harmless ? 1 : harm(&transcript, &played);
    *into_runs += harmed;
    return harmed > 0;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static size_t list_files(const char *folder, char *paths[FILES_MAX])
{
    static char storage[FILES_MAX][PATH_LEN];
    size_t count = 0;
    DIR *directory = opendir(folder);
    struct dirent *entry;
    while (directory != NULL && count < FILES_MAX && (entry = readdir(directory)) != NULL) {
        if (!slice_ends_nocase(slice_of(entry->d_name), ".txt"))
            continue;
        (void)snprintf(storage[count], PATH_LEN, "%s/%s", folder, entry->d_name);
        paths[count] = storage[count];
        count++;
    }
    if (directory != NULL)
        (void)closedir(directory);
    qsort(paths, count, sizeof *paths, by_name);
    return count;
}

static bool write_produced(const char *path)
{
    FILE *file = fopen(path, "w");
    if (file == NULL)
        return false;
    for (enum finding finding = NO_FINDING + 1; finding < FINDING_COUNT; finding++)
        if (play_found[finding])
            (void)fprintf(file, "%s\n", finding_row(finding)->slug);
    return fclose(file) == 0;
}

static int play_folder(const char *folder, const char *into_file)
{
    char *paths[FILES_MAX];
    size_t count = list_files(folder, paths), failed = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned runs = 0;
        bool good = play_ways(paths[i], DELIVERY_BYTES, &runs);
        (void)printf("%s %s (%u runs)\n", good ? "ok    " : "FAILED", paths[i], runs);
        (void)fflush(stdout);
        failed += good ? 0 : 1;
    }
    (void)printf("%zu transcripts, %zu failed\n", count, failed);
    return write_produced(into_file) && count > 0 && failed == 0 ? 0 : 1;
}

static int play_file(const char *path, enum fake_delivery first)
{
    unsigned runs = 0;
    bool good = play_ways(path, first, &runs);
    (void)printf("%s (%u runs)\n", good ? "ok" : "FAILED", runs);
    return good ? 0 : 1;
}

static void read_produced(const char *path)
{
    char line[128];
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        enum finding finding = finding_find(slice_trim(slice_of(line)));
        play_found[finding] = true;
    }
    if (file != NULL)
        (void)fclose(file);
    else
        (void)printf("%s cannot be read\n", path);
}

static int tell_coverage(int count, char *const paths[])
{
    unsigned missing = 0;
    for (int i = 0; i < count; i++)
        read_produced(paths[i]);
    for (enum finding finding = NO_FINDING + 1; finding < FINDING_COUNT; finding++)
        if (!play_found[finding]) {
            (void)printf("no transcript makes %s\n", finding_row(finding)->slug);
            missing++;
        }
    (void)printf("%u of %d findings are made by transcripts\n", FINDING_COUNT - 1 - missing,
                 FINDING_COUNT - 1);
    return missing == 0 ? 0 : 1;
}

int main(int argc, char *argv[])
{
    log_set_level(LEVEL_DEBUG); /* whatever can be logged is, and searched for the secret */
    if (argc == 4 && strcmp(argv[1], "play") == 0)
        return play_folder(argv[2], argv[3]);
    if (argc == 3 && strcmp(argv[1], "play") == 0) /* one file, for whoever writes it */
        return play_file(argv[2], DELIVERY_BYTES);
    if (argc == 3 && strcmp(argv[1], "deliver") == 0)
        return play_file(argv[2], DELIVERY_LINES);
    if (argc > 2 && strcmp(argv[1], "coverage") == 0)
        return tell_coverage(argc - 2, argv + 2);
    (void)fprintf(stderr, "usage: transcripts play FOLDER PRODUCED | play FILE | deliver FILE | "
                          "coverage PRODUCED...\n");
    return 2;
}
