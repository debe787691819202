#include "trouble.h"

#include "announce.h"
#include "json_text.h"
#include "log.h"
#include "memory.h"
#include "timestamp.h"
#include "trouble_note.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

_Static_assert((int)TROUBLE_LEDGER_FULL == (int)BOOK_FULL &&
                   (int)TROUBLE_LEDGER_READ_ONLY == (int)BOOK_READ_ONLY &&
                   (int)TROUBLE_LEDGER_BUSY == (int)BOOK_BUSY &&
                   (int)TROUBLE_LEDGER_UNREACHABLE == (int)BOOK_UNREACHABLE &&
                   (int)TROUBLE_LEDGER_DISK == (int)BOOK_DISK &&
                   (int)TROUBLE_LEDGER_DAMAGED == (int)BOOK_DAMAGED &&
                   (int)TROUBLE_JOURNAL_ROOM == (int)BOOK_TROUBLES,
               "the ledger's troubles have the same numbers here as there");

/* What there is to do about those that are not the ledger's. */
static const char *const next_steps[TROUBLE_KINDS] = {
    [TROUBLE_JOURNAL_ROOM] = "make room on the disk: acknowledgements stop when the present "
                             "segment is full",
    [TROUBLE_JOURNAL_BLOCKED] = "make room on the disk: until then the broker gets no "
                                "acknowledgement and keeps the rest",
    [TROUBLE_JOURNAL_BROKEN] = "look after the disk, then start the daemon again: until then "
                               "nothing is taken or booked",
    [TROUBLE_BROKER_AWAY] = "look after the broker and the way to it: the line broker_away says "
                            "why; publisher and broker keep the messages meanwhile",
    [TROUBLE_BACKLOG] = "look for what slows booking down, a disk or another program; the journal "
                        "keeps what is not booked yet, and nothing is lost",
    [TROUBLE_OUTBOX] = "look after the broker, which takes too little of what is published; the "
                       "ledger keeps the rest, and nothing is lost",
};

static const char *next_step(enum trouble_kind kind)
{
    return next_steps[kind] != NULL ? next_steps[kind] : book_trouble_next((enum book_trouble)kind);
}

void trouble_begin(struct troubles *troubles, enum trouble_kind kind, const char *text,
                   int64_t now_us)
{
    const char *name = trouble_kind_name(kind);
    struct trouble *trouble = &troubles->of[kind];
    if (trouble->stands) {
        return;
    }
    trouble->stands = true;
    if (trouble->over_due) {
        trouble->over_due = false;
    } else {
        trouble->noted = false;
        trouble->since_us = now_us;
        snprintf(trouble->text, sizeof trouble->text, "%s", text);
    }
    troubles->changes++;
    log_line(LOG_LEVEL_ERROR, "trouble", "what=%s why=\"%s\" next=\"%s\"", name, text,
             next_step(kind));
}

void trouble_end(struct troubles *troubles, enum trouble_kind kind, int64_t now_us)
{
    const char *name = trouble_kind_name(kind);
    struct trouble *trouble = &troubles->of[kind];
    if (!trouble->stands) {
        return;
    }
    trouble->stands = false;
    trouble->over_due = true;
    /* The clock may have been set back meanwhile. */
    trouble->over_us = now_us > trouble->since_us ? now_us : trouble->since_us;
    troubles->changes++;
    log_line(LOG_LEVEL_WARNING, "trouble_over", "what=%s seconds=%" PRId64, name,
             (trouble->over_us - trouble->since_us) / TIMESTAMP_SECOND_US);
}

void trouble_set(struct troubles *troubles, enum trouble_kind kind, bool stands, const char *text,
                 int64_t now_us)
{
    if (stands) {
        trouble_begin(troubles, kind, text, now_us);
    } else {
        trouble_end(troubles, kind, now_us);
    }
}

void trouble_adopt(struct troubles *troubles, enum trouble_kind kind, int64_t since_us)
{
    struct trouble *trouble = &troubles->of[kind];
    REQUIRE(kind > TROUBLE_NONE && kind < TROUBLE_KINDS);
    if (trouble->stands) { /* it began anew before the journal was read */
        trouble->noted = true;
        trouble->since_us = since_us;
        return;
    }
    *trouble = (struct trouble){.stands = true, .noted = true, .since_us = since_us};
    snprintf(trouble->text, sizeof trouble->text, "stood when the program ended before");
    troubles->changes++;
}

void trouble_of_book(struct troubles *troubles, enum book_trouble kind, const char *text,
                     int64_t now_us)
{
    for (int i = BOOK_SOUND + 1; i < BOOK_TROUBLES; i++) {
        trouble_set(troubles, (enum trouble_kind)i, i == (int)kind, text, now_us);
    }
}

/* ---- On record ---- */

/* One note, where one is due; false where the journal does not take it now. */
static bool note(struct trouble *trouble, enum trouble_kind kind, struct journal *journal,
                 int64_t arrival_us)
{
    struct failure why; /* that the journal takes nothing is a trouble of its own */
    struct trouble_note note = {kind, trouble->since_us, TIMESTAMP_NEVER_US, ""};
    if (trouble->stands ? trouble->noted : !trouble->over_due) {
        return true;
    }
    snprintf(note.text, sizeof note.text, "%s", trouble->text);
    note.to_us = trouble->stands ? TIMESTAMP_NEVER_US : trouble->over_us;
    if (!trouble_note_append(&note, journal, arrival_us, &why)) {
        return false;
    }
    trouble->noted = trouble->stands;
    trouble->over_due = false;
    return true;
}

void trouble_note_all(struct troubles *troubles, struct journal *journal, int64_t arrival_us)
{
    for (int kind = TROUBLE_NONE + 1; kind < TROUBLE_KINDS; kind++) {
        if (!note(&troubles->of[kind], (enum trouble_kind)kind, journal, arrival_us)) {
            return;
        }
    }
}

/* ---- Told ---- */

char *trouble_status(const struct troubles *troubles, const struct zone *zone)
{
    char *text = NULL;
    size_t length = 0;
    const char *before = ",\"trouble\":[";
    FILE *out = open_memstream(&text, &length);
    REQUIRE(out != NULL);
    for (int kind = TROUBLE_NONE + 1; kind < TROUBLE_KINDS; kind++) {
        const struct trouble *trouble = &troubles->of[kind];
        char since[TIMESTAMP_TEXT_MAX];
        if (trouble->stands) {
            timestamp_format(trouble->since_us, zone_offset_s(zone, trouble->since_us), since);
            fprintf(out, "%s{\"what\":\"%s\",\"since\":\"%s\",\"text\":", before,
                    trouble_kind_name((enum trouble_kind)kind), since);
            json_text_write(out, trouble->text);
            fputs("}", out);
            before = ",";
        }
    }
    fputs(before[1] == '\0' ? "]" : "", out);
    fclose(out);
    return text;
}

char *trouble_alert(const struct troubles *troubles, enum trouble_kind kind,
                    const struct zone *zone)
{
    const struct trouble *trouble = &troubles->of[kind];
    return trouble->stands ? announce_trouble(kind, trouble->since_us,
                                              zone_offset_s(zone, trouble->since_us), trouble->text)
                           : memory_text("");
}
