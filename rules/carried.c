#include "carried.h"

#include "failure.h"
#include "memory.h"
#include "quantity.h"

#include <stdlib.h>
#include <string.h>

#define SECTION "carried"
#define VERSION 1
#define ROWS_MAX (1u << 26)

void carried_clear(struct carried *carried)
{
    free(carried->rows);
    free(carried->spans);
    *carried = (struct carried){0};
}

static int compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare(const struct carried_row *a, const struct carried_row *b)
{
    int order = compare_numbers(a->quota.index, b->quota.index);
    order = order != 0 ? order : compare_numbers(a->crew.index, b->crew.index);
    return order != 0 ? order : compare_numbers(a->from_day, b->from_day);
}

/* Index of the first row that does not come before `row`. */
static size_t place_of(const struct carried *carried, const struct carried_row *row)
{
    size_t low = 0, high = carried->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(&carried->rows[middle], row) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The row of a month, made where there is none; good until the next is made. */
static struct carried_row *row_of(struct carried *carried, quota_id quota, crew_id crew,
                                  int32_t from_day)
{
    const struct carried_row fresh = {.quota = quota, .crew = crew, .from_day = from_day};
    size_t at = place_of(carried, &fresh);
    if (at == carried->count || compare(&carried->rows[at], &fresh) != 0) {
        memory_grow(&carried->rows, carried->count, &carried->capacity, sizeof *carried->rows);
        memmove(&carried->rows[at + 1], &carried->rows[at],
                (carried->count - at) * sizeof *carried->rows);
        carried->rows[at] = fresh;
        carried->count++;
    }
    return &carried->rows[at];
}

static struct carried_span *span_of(const struct carried *carried, quota_id quota)
{
    for (size_t i = 0; i < carried->span_count; i++) {
        if (carried->spans[i].quota.index == quota.index) {
            return &carried->spans[i];
        }
    }
    return NULL;
}

static bool is_closed(const struct carried *carried, quota_id quota, int32_t day)
{
    const struct carried_span *span = span_of(carried, quota);
    return span != NULL && day >= span->from_day && day < span->until_day;
}

/* Months that the quota was not carried in since lie between: those before stay as they are. */
static void extend_span(struct carried *carried, quota_id quota, struct period month)
{
    struct carried_span *span = span_of(carried, quota);
    if (span == NULL) {
        memory_grow(&carried->spans, carried->span_count, &carried->span_capacity,
                    sizeof *carried->spans);
        span = &carried->spans[carried->span_count++];
        *span = (struct carried_span){quota, month.from_day, month.from_day};
    }
    if (span->until_day != month.from_day) {
        span->from_day = month.from_day;
    }
    span->until_day = month.until_day;
}

/* Allowed less booked, of an account of which something is known; so much of it is new. */
static void take_balance(struct carried_row *row, struct account *account)
{
    bool known = account->counts && account_allowed_known(account) &&
                 (!account->earned.absent || account->used_base[ACCOUNT_BOOKED] != 0);
    for (int i = 0; i < QUOTA_JUDGED_LEVELS; i++) {
        enum quota_level level = (enum quota_level)i;
        int64_t balance_base = known ? quantity_add(account_allowed_base(account, level),
                                                    -account->used_base[ACCOUNT_BOOKED])
                                     : 0;
        int64_t *counted_base = &account->earned.carried_base[level];
        row->left_base[level] =
            quantity_add(row->left_base[level], quantity_add(balance_base, -*counted_base));
        *counted_base = balance_base;
    }
}

/* Passes on what is left in a closed month, through all closed ones behind it. */
static void pass_on(struct carried *carried, struct carried_row row, int64_t now_us,
                    quota_entry_emit *emit, void *context)
{
    struct period month = period_of(PERIOD_MONTH, row.from_day);
    for (; is_closed(carried, row.quota, month.from_day); month = period_next(month)) {
        struct carried_row *from = row_of(carried, row.quota, row.crew, month.from_day);
        int64_t left_base[QUOTA_JUDGED_LEVELS];
        memcpy(left_base, from->left_base, sizeof left_base);
        if (left_base[QUOTA_TARGET] == 0 && left_base[QUOTA_LIMIT] == 0) {
            return;
        }
        memset(from->left_base, 0, sizeof from->left_base);
        struct carried_row *to = row_of(carried, row.quota, row.crew, period_next(month).from_day);
        for (int level = 0; level < QUOTA_JUDGED_LEVELS; level++) {
            to->left_base[level] = quantity_add(to->left_base[level], left_base[level]);
        }
        to->carried_base = quantity_add(to->carried_base, left_base[QUOTA_LIMIT]);
        const struct quota_entry entry = {
            .quota = row.quota,
            .from = quota_account_of_crew(row.crew, month),
            .to = quota_account_of_crew(row.crew, period_next(month)),
            .target_base = left_base[QUOTA_TARGET],
            .limit_base = left_base[QUOTA_LIMIT],
            .cause = QUOTA_ENTRY_CARRIED,
            .at_us = now_us,
        };
        emit(context, &entry);
    }
}

void carried_close(struct carried *carried, struct holders *holders, struct period month,
                   int64_t now_us, quota_entry_emit *emit, void *context)
{
    REQUIRE(month.kind == PERIOD_MONTH);
    for (uint32_t quota = 0; quota < holders->quota_count; quota++) {
        if (holders->quotas[quota].carry && !holders->quotas[quota].retired) {
            extend_span(carried, (quota_id){(uint16_t)quota}, month);
        }
    }
    for (struct holder *holder = holders->table; holder != NULL; holder = holder->hh.next) {
        if (holder_scope(holder) != BALANCE_CREW || !period_holds(month, holder->slot.day)) {
            continue;
        }
        for (uint32_t quota = 0; quota < holder->quota_count; quota++) {
            struct account *account = holder->accounts[quota];
            if (account != NULL && is_closed(carried, account->id, holder->slot.day)) {
                take_balance(row_of(carried, account->id, holder->slot.crew, month.from_day),
                             account);
            }
        }
    }
    for (size_t i = 0; i < carried->count; i++) { /* a row that comes in is of a later month */
        if (carried->rows[i].from_day == month.from_day) {
            pass_on(carried, carried->rows[i], now_us, emit, context);
        }
    }
}

void carried_follow(struct carried *carried, struct account *account, int64_t now_us,
                    quota_entry_emit *emit, void *context)
{
    const struct holder *holder = account->holder;
    if (holder_scope(holder) == BALANCE_CREW && is_closed(carried, account->id, holder->slot.day)) {
        int32_t from_day = period_of(PERIOD_MONTH, holder->slot.day).from_day;
        struct carried_row *row = row_of(carried, account->id, holder->slot.crew, from_day);
        take_balance(row, account);
        pass_on(carried, *row, now_us, emit, context);
    }
}

/* What a transfer gives or takes in the month in which its period lies; a longer one's is its own,
 * and is not carried on. */
static void give(struct carried *carried, const struct carried_transfer *transfer, crew_id crew,
                 int64_t amount_base, int64_t now_us, quota_entry_emit *emit, void *context)
{
    struct period month = period_of(PERIOD_MONTH, transfer->period.from_day);
    if (transfer->period.until_day > month.until_day) {
        return;
    }
    struct carried_row *row = row_of(carried, transfer->quota, crew, month.from_day);
    for (int level = 0; level < QUOTA_JUDGED_LEVELS; level++) {
        row->left_base[level] = quantity_add(row->left_base[level], amount_base);
    }
    pass_on(carried, *row, now_us, emit, context);
}

void carried_transfer(struct carried *carried, const struct carried_transfer *transfer,
                      int64_t now_us, quota_entry_emit *emit, void *context)
{
    const struct quota_entry entry = {
        .quota = transfer->quota,
        .from = quota_account_of_crew(transfer->from, transfer->period),
        .to = quota_account_of_crew(transfer->to, transfer->period),
        .target_base = transfer->amount_base,
        .limit_base = transfer->amount_base,
        .cause = QUOTA_ENTRY_TRANSFER,
        .at_us = now_us,
        .paper = transfer->paper,
    };
    emit(context, &entry);
    give(carried, transfer, transfer->from, -transfer->amount_base, now_us, emit, context);
    give(carried, transfer, transfer->to, transfer->amount_base, now_us, emit, context);
}

int64_t carried_into_base(const struct carried *carried, quota_id quota, crew_id crew,
                          struct period period)
{
    const struct carried_row asked = {.quota = quota, .crew = crew, .from_day = period.from_day};
    size_t at = place_of(carried, &asked);
    bool found = period.kind == PERIOD_MONTH && at < carried->count &&
                 compare(&carried->rows[at], &asked) == 0;
    return found ? carried->rows[at].carried_base : 0;
}

/* ---- Snapshot ---- */

void carried_save(const struct carried *carried, struct snapshot_writer *writer)
{
    snapshot_put_section(writer, SECTION, VERSION);
    snapshot_put_number(writer, carried->count);
    for (size_t i = 0; i < carried->count; i++) {
        const struct carried_row *row = &carried->rows[i];
        snapshot_put_number(writer, row->quota.index);
        snapshot_put_number(writer, row->crew.index);
        snapshot_put_signed(writer, row->from_day);
        for (int level = 0; level < QUOTA_JUDGED_LEVELS; level++) {
            snapshot_put_signed(writer, row->left_base[level]);
        }
        snapshot_put_signed(writer, row->carried_base);
    }
    snapshot_put_number(writer, carried->span_count);
    for (size_t i = 0; i < carried->span_count; i++) {
        snapshot_put_number(writer, carried->spans[i].quota.index);
        snapshot_put_signed(writer, carried->spans[i].from_day);
        snapshot_put_signed(writer, carried->spans[i].until_day);
    }
}

static quota_id quota_load(const struct holders *holders, struct snapshot_reader *reader)
{
    uint64_t quota = snapshot_get_number(reader, UINT16_MAX);
    if (quota >= holders->quota_count) {
        snapshot_refuse(reader, "a quota that the configuration does not have");
    }
    return (quota_id){(uint16_t)quota};
}

static void row_load(struct carried *carried, const struct holders *holders,
                     struct snapshot_reader *reader)
{
    quota_id quota = quota_load(holders, reader);
    crew_id crew = {(uint16_t)snapshot_get_number(reader, UINT16_MAX)};
    if (crew.index >= holders->catalog->crew_count) {
        snapshot_refuse(reader, "a crew that the configuration does not have");
    }
    int32_t from_day = (int32_t)snapshot_get_between(reader, INT32_MIN, INT32_MAX);
    size_t before = carried->count;
    if (!snapshot_is_good(reader)) {
        return;
    }
    struct carried_row *row = row_of(carried, quota, crew, from_day);
    if (carried->count == before) {
        snapshot_refuse(reader, "a crew's month stands twice");
    }
    for (int level = 0; level < QUOTA_JUDGED_LEVELS; level++) {
        row->left_base[level] = snapshot_get_signed(reader);
    }
    row->carried_base = snapshot_get_signed(reader);
}

void carried_load(struct carried *carried, const struct holders *holders,
                  struct snapshot_reader *reader)
{
    snapshot_get_section(reader, SECTION, VERSION);
    size_t count = snapshot_get_count(reader, ROWS_MAX);
    for (size_t i = 0; i < count && snapshot_is_good(reader); i++) {
        row_load(carried, holders, reader);
    }
    size_t spans = snapshot_get_count(reader, holders->quota_count);
    for (size_t i = 0; i < spans && snapshot_is_good(reader); i++) {
        struct carried_span span = {.quota = quota_load(holders, reader)};
        span.from_day = (int32_t)snapshot_get_between(reader, INT32_MIN, INT32_MAX);
        span.until_day = (int32_t)snapshot_get_between(reader, INT32_MIN, INT32_MAX);
        memory_grow(&carried->spans, carried->span_count, &carried->span_capacity,
                    sizeof *carried->spans);
        carried->spans[carried->span_count++] = span;
    }
}
