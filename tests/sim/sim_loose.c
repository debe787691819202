#include "sim_loose.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *field(const char *at, char *text, size_t size)
{
    size_t length = strcspn(at, "\t");
    snprintf(text, size, "%.*s", (int)length, at);
    return at[length] == '\0' ? at + length : at + length + 1;
}

static int64_t read_decimal(const char *text, unsigned decimals)
{
    bool negative = *text == '-';
    int64_t value = 0;
    unsigned places = 0;
    bool point = false;
    for (const char *c = negative ? text + 1 : text; *c != '\0'; c++) {
        point = point || *c == '.';
        if (*c != '.') {
            value = value * 10 + (*c - '0');
            places += point;
        }
    }
    for (; places < decimals; places++) {
        value *= 10;
    }
    return negative ? -value : value;
}

void sim_amount_read(const struct sim_plant *plant, const char *line, bool product,
                     struct sim_amount *amount)
{
    char part[3][24], text[64];
    *amount = (struct sim_amount){0};
    line = field(line, amount->item, sizeof amount->item);
    line = field(line, amount->meter, sizeof amount->meter);
    line = field(line, amount->heat, sizeof amount->heat);
    for (int i = 0; i < 3; i++) {
        line = field(line, part[i], sizeof part[i]);
    }
    snprintf(amount->slot, sizeof amount->slot, "%s %s %s", part[0], part[1], part[2]);
    field(line, text, sizeof text);
    for (int i = 0; i < plant->item_count; i++) {
        if (strcmp(plant->items[i].id, amount->item) == 0) {
            int64_t base = read_decimal(text, plant->items[i].decimals);
            amount->amount_base = product ? -base : base;
        }
    }
}

int sim_loose_moves(const struct sim_ledger *ledger, const char *heat)
{
    for (size_t i = 0; i < ledger->steel_count; i++) {
        if (strcmp(ledger->steels[i].heat, heat) == 0) {
            return ledger->steels[i].moves;
        }
    }
    return 0;
}

/* Of use that is open each segment is floored by itself: where steel goes on and on, the parts that
 * one heat got of one meter need not be floored together. */
static bool has_open(const struct sim_ledger *ledger, const char *heat)
{
    for (size_t i = 0; i < ledger->use_count; i++) {
        if (ledger->uses[i].open && strcmp(ledger->uses[i].row.heat, heat) == 0) {
            return true;
        }
    }
    return false;
}

static int by_heat(const void *a, const void *b)
{
    const struct sim_amount *left = a, *right = b;
    int order = strcmp(left->item, right->item);
    return order != 0 ? order : strcmp(left->heat, right->heat);
}

static int by_slot(const void *a, const void *b)
{
    const struct sim_amount *left = a, *right = b;
    int order = strcmp(left->meter, right->meter);
    return order != 0 ? order : strcmp(left->slot, right->slot);
}

static int by_row(const void *a, const void *b)
{
    int order = by_slot(a, b);
    return order != 0 ? order : by_heat(a, b);
}

bool sim_loose_agrees(const struct sim_ledger *ledger, struct sim_amount *amounts, size_t count,
                      char *story, size_t size)
{
    static const struct {
        const char *name;
        int (*compare)(const void *, const void *);
    } sums[] = {{"heat", by_heat}, {"meter and crew-shift", by_slot}, {"row", by_row}};
    for (int kind = 0; count > 0 && kind < 3; kind++) {
        int64_t sum_base = 0;
        qsort(amounts, count, sizeof *amounts, sums[kind].compare);
        for (size_t i = 0; i < count; i++) {
            const struct sim_amount *amount = &amounts[i];
            sum_base += amount->amount_base;
            if (i + 1 < count && sums[kind].compare(amount, amount + 1) == 0) {
                continue;
            }
            bool loose = kind == 2 || (kind == 0 && has_open(ledger, amount->heat));
            int64_t allowed = loose ? sim_loose_moves(ledger, amount->heat) : 0;
            if (sum_base > allowed || sum_base < -allowed) {
                snprintf(story, size, "by %s: %s %s heat '%s' %s: oracle has %" PRId64 " more",
                         sums[kind].name, amount->item, amount->meter, amount->heat, amount->slot,
                         sum_base);
                return false;
            }
            sum_base = 0;
        }
    }
    return true;
}
