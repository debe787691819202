/* Which messages of a list a journal holds.
 *
 *   crash_journal LIST JOURNAL [NUMBERS]
 *
 * Both are journals. A message is the same where arrival, topic and payload are. Prints one line:
 * how many messages JOURNAL holds, how many of the list it lacks, how many it has that the list has
 * not, how many came with DUP, how many were there already, and how many stand before one that the
 * list has earlier. NUMBERS becomes lines "POSITION NUMBER": where JOURNAL has message NUMBER of
 * the list (counted from 1) for the first time. Exit status 1 where one is missing or foreign. */
#include "failure.h"
#include "journal.h"
#include "memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

struct message {
    UT_hash_handle hh;
    uint64_t number;
    uint64_t seen, times; /* in the journal; in the list */
    size_t length;
    char key[];
};

struct tally {
    uint64_t messages, redelivered, duplicates, foreign, unordered, newest;
};

static void give_up(const char *what)
{
    fprintf(stderr, "crash_journal: %s\n", what);
    exit(3);
}

/* The next message of a journal; false at its end. */
static bool next_message(struct journal *journal, uint64_t *position, struct journal_record *record)
{
    struct failure failure = {0};
    int got;
    while ((got = journal_read(journal, *position, record, &failure)) == 1) {
        *position = record->next;
        if (record->kind == JOURNAL_MESSAGE) {
            return true;
        }
    }
    if (got < 0) {
        give_up(failure.text);
    }
    return false;
}

static struct message *message_of(const struct journal_record *record)
{
    size_t length = sizeof record->arrival_us + record->topic_length + 1 + record->payload_length;
    struct message *message = memory_zeroed(1, sizeof *message + length);
    char *at = message->key;
    message->length = length;
    memcpy(at, &record->arrival_us, sizeof record->arrival_us);
    at += sizeof record->arrival_us;
    memcpy(at, record->topic, record->topic_length);
    at += record->topic_length + 1;
    memcpy(at, record->payload, record->payload_length);
    return message;
}

static struct message *read_list(struct journal *list)
{
    struct message *all = NULL;
    struct journal_record record;
    uint64_t position = journal_begin(list);
    uint64_t number = 0;
    while (next_message(list, &position, &record)) {
        struct message *message = message_of(&record);
        struct message *there = NULL;
        message->number = ++number;
        HASH_FIND(hh, all, message->key, message->length, there);
        if (there != NULL) {
            there->times++;
            free(message);
            continue;
        }
        message->times = 1;
        HASH_ADD_KEYPTR(hh, all, message->key, message->length, message);
    }
    return all;
}

static void compare(struct journal *journal, struct message *all, struct tally *tally,
                    FILE *numbers)
{
    struct journal_record record;
    uint64_t position = journal_begin(journal);
    while (next_message(journal, &position, &record)) {
        struct message *message = message_of(&record);
        struct message *there = NULL;
        HASH_FIND(hh, all, message->key, message->length, there);
        free(message);
        tally->messages++;
        tally->redelivered += record.dup ? 1 : 0;
        if (there == NULL) {
            tally->foreign++;
            continue;
        }
        if (there->seen++ >= there->times) {
            tally->duplicates++;
        } else if (there->seen == 1) {
            tally->unordered += there->number < tally->newest ? 1 : 0;
            tally->newest = there->number;
            if (numbers != NULL) {
                fprintf(numbers, "%" PRIu64 " %" PRIu64 "\n", record.position, there->number);
            }
        }
    }
}

/* Releases the list. */
static uint64_t count_missing(struct message *all)
{
    struct message *message = NULL, *behind = NULL;
    uint64_t missing = 0;
    HASH_ITER(hh, all, message, behind)
    {
        missing += message->seen < message->times ? message->times - message->seen : 0;
        HASH_DEL(all, message);
        free(message);
    }
    return missing;
}

int main(int argc, char **argv)
{
    struct failure failure = {0};
    struct tally tally = {0};
    if (argc != 3 && argc != 4) {
        fputs("usage: crash_journal LIST JOURNAL [NUMBERS]\n", stderr);
        return 2;
    }
    struct journal *list = journal_open_reading(argv[1], &failure);
    struct journal *journal = list != NULL ? journal_open_reading(argv[2], &failure) : NULL;
    FILE *numbers = argc == 4 ? fopen(argv[3], "w") : NULL;
    if (journal == NULL || (argc == 4 && numbers == NULL)) {
        give_up(failure.code != FAILURE_NONE ? failure.text : "NUMBERS cannot be written");
    }
    struct message *all = read_list(list);
    compare(journal, all, &tally, numbers);
    if (numbers != NULL && fclose(numbers) != 0) {
        give_up("NUMBERS cannot be written");
    }
    uint64_t missing = count_missing(all);
    printf("messages=%" PRIu64 " missing=%" PRIu64 " foreign=%" PRIu64 " redelivered=%" PRIu64
           " duplicates=%" PRIu64 " unordered=%" PRIu64 "\n",
           tally.messages, missing, tally.foreign, tally.redelivered, tally.duplicates,
           tally.unordered);
    journal_close(journal);
    journal_close(list);
    return missing == 0 && tally.foreign == 0 ? 0 : 1;
}
