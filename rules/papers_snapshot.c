#include "papers_snapshot.h"

#include "failure.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

#define SECTION "papers"
#define VERSION 1
#define APPROVER_MAX PAPER_TEXT_MAX

/* An index that may be CATALOG_NONE. */
static void index_save(uint16_t index, struct snapshot_writer *writer)
{
    snapshot_put_number(writer, index == CATALOG_NONE ? 0 : index + 1u);
}

static uint16_t index_load(uint32_t count, struct snapshot_reader *reader)
{
    uint64_t index = snapshot_get_number(reader, count);
    return index == 0 ? CATALOG_NONE : (uint16_t)(index - 1);
}

/* Kinds and states by name, as later versions may know more of them. */
static void paper_save(const struct kept_paper *kept, struct snapshot_writer *writer)
{
    snapshot_put_text(writer, kept->id);
    snapshot_put_text(writer, paper_form(kept->kind)->event);
    snapshot_put_text(writer, paper_state_name(kept->state));
    snapshot_put_number(writer, kept->digest);
    snapshot_put_text(writer, kept->approver);
    index_save(kept->quota.index, writer);
    index_save(kept->crew.index, writer);
    index_save(kept->to_crew.index, writer);
    snapshot_put_number(writer, kept->period.kind);
    snapshot_put_signed(writer, kept->period.from_day);
    snapshot_put_signed(writer, kept->amount_base);
    snapshot_put_moment(writer, kept->from_us, 0);
    snapshot_put_number(writer, QUOTA_LEVELS);
    for (int level = 0; level < QUOTA_LEVELS; level++) {
        snapshot_put_signed(writer, kept->rate_e9[level]);
    }
    index_save(kept->slip.item.index, writer);
    snapshot_put_signed(writer, kept->slip.limit_base);
    snapshot_put_signed(writer, kept->slip.opening_base);
    snapshot_put_signed(writer, kept->slip.issued_base);
    snapshot_put_signed(writer, kept->slip.back_base);
}

void papers_save(const struct papers *papers, struct snapshot_writer *writer)
{
    snapshot_put_section(writer, SECTION, VERSION);
    snapshot_put_number(writer, HASH_COUNT(papers->table));
    for (const struct kept_paper *kept = papers->table; kept != NULL; kept = kept->hh.next) {
        paper_save(kept, writer);
    }
}

static void period_load(struct period *period, struct snapshot_reader *reader)
{
    uint64_t kind = snapshot_get_number(reader, PERIOD_KINDS);
    int64_t from_day = snapshot_get_between(reader, INT32_MIN, INT32_MAX);
    *period = (struct period){.kind = PERIOD_KINDS};
    if (kind < PERIOD_KINDS) {
        *period = period_of((enum period_kind)kind, (int32_t)from_day);
    }
}

static void rates_load(int64_t rate_e9[QUOTA_LEVELS], struct snapshot_reader *reader)
{
    size_t levels = snapshot_get_count(reader, QUOTA_LEVELS);
    for (size_t level = 0; level < levels; level++) {
        rate_e9[level] = snapshot_get_signed(reader);
    }
}

static void head_load(struct kept_paper *kept, struct snapshot_reader *reader)
{
    char name[SNAPSHOT_SECTION_MAX + 1];
    snapshot_get_text_into(reader, kept->id, PAPER_ID_MAX);
    snapshot_get_text_into(reader, name, SNAPSHOT_SECTION_MAX);
    bool known = paper_kind_find(name, &kept->kind);
    snapshot_get_text_into(reader, name, SNAPSHOT_SECTION_MAX);
    known = paper_state_find(name, &kept->state) && known;
    if (!known || kept->id[0] == '\0') {
        snapshot_refuse(reader, "a paper of a kind or state that this version does not know");
    }
    kept->digest = snapshot_get_number(reader, UINT64_MAX);
    const char *approver = snapshot_get_text(reader, APPROVER_MAX);
    kept->approver = approver != NULL ? memory_text(approver) : NULL;
}

static void paper_load(struct kept_paper *kept, const struct catalog *catalog, uint32_t quota_count,
                       struct snapshot_reader *reader)
{
    head_load(kept, reader);
    kept->quota.index = index_load(quota_count, reader);
    kept->crew.index = index_load(catalog->crew_count, reader);
    kept->to_crew.index = index_load(catalog->crew_count, reader);
    period_load(&kept->period, reader);
    kept->amount_base = snapshot_get_signed(reader);
    kept->from_us = snapshot_get_moment(reader, 0);
    rates_load(kept->rate_e9, reader);
    kept->slip.item.index = index_load(catalog->item_count, reader);
    kept->slip.limit_base = snapshot_get_signed(reader);
    kept->slip.opening_base = snapshot_get_signed(reader);
    kept->slip.issued_base = snapshot_get_signed(reader);
    kept->slip.back_base = snapshot_get_signed(reader);
    bool of_quota = kept->kind == PAPER_REVISE || kept->kind == PAPER_TRANSFER;
    bool of_crews = kept->kind == PAPER_TRANSFER;
    if ((of_quota && kept->quota.index == CATALOG_NONE) ||
        (of_crews && (kept->crew.index == CATALOG_NONE || kept->to_crew.index == CATALOG_NONE ||
                      kept->period.kind == PERIOD_KINDS)) ||
        (kept->kind == PAPER_SLIP && kept->slip.item.index == CATALOG_NONE)) {
        snapshot_refuse(reader, "a paper that lacks its quota, crews, period or item");
    }
}

void papers_load(struct papers *papers, const struct catalog *catalog, uint32_t quota_count,
                 struct snapshot_reader *reader)
{
    snapshot_get_section(reader, SECTION, VERSION);
    size_t count = snapshot_get_count(reader, PAPERS_MAX);
    for (size_t i = 0; i < count && snapshot_is_good(reader); i++) {
        struct kept_paper *kept = memory_zeroed(1, sizeof *kept);
        paper_load(kept, catalog, quota_count, reader);
        if (!snapshot_is_good(reader) || papers_find(papers, kept->id) != NULL) {
            snapshot_refuse(reader, "a paper that is there already");
            free(kept->approver);
            free(kept);
            return;
        }
        HASH_ADD_STR(papers->table, id, kept);
    }
}
