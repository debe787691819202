/* State that a snapshot leaves out is lost at the next restart, and no compiler says so. So the
 * sizes of what is saved stand here: whoever adds a field meets this test, saves the field (or
 * finds that it lives for one fact alone, or follows from the configuration), and puts the new size
 * here. */
#include "aggregator_state.h"
#include "calendar_state.h"
#include "heats_state.h"
#include "pieces_state.h"
#include "submeters_state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define ROW(type, bytes, where)                                                                    \
    {                                                                                              \
#type, sizeof(type), bytes, where                                                          \
    }

static void whoever_adds_a_field_saves_it(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        size_t bytes, saved_bytes;
        const char *where;
    } rows[] = {
        ROW(struct aggregator, 288, "aggregator_snapshot.c"),
        ROW(struct meter_book, 648, "aggregator_snapshot.c"),
        ROW(struct tip, 256, "aggregator_snapshot.c"),
        ROW(struct calendar, 88, "calendar_snapshot.c"),
        ROW(struct takeover, 16, "calendar_snapshot.c"),
        ROW(struct correction, 24, "calendar_snapshot.c"),
        ROW(struct timeline, 328, "timeline_snapshot.c"),
        ROW(struct mark, 32, "timeline_snapshot.c"),
        ROW(struct page_writer, 88, "timeline_snapshot.c"),
        ROW(struct curve, 104, "curve_snapshot.c"),
        ROW(struct point, 16, "curve_snapshot.c"),
        ROW(struct columns, 40, "curve_snapshot.c"),
        ROW(struct said, 48, "curve_snapshot.c"),
        ROW(struct decision, 32, "curve_snapshot.c"),
        ROW(struct scale_change, 24, "booked_snapshot.c"),
        ROW(struct booked_segment, 72, "booked_snapshot.c"),
        ROW(struct pieces, 88, "pieces_snapshot.c"),
        ROW(struct piece, 128, "pieces_snapshot.c"),
        ROW(struct submeters, 56, "submeters_snapshot.c"),
        ROW(struct gauge, 504, "submeters_snapshot.c"),
        ROW(struct moves, 56, "moves_snapshot.c"),
        ROW(struct booked_move, 56, "moves_snapshot.c"),
        ROW(struct heat_part, 40, "moves_snapshot.c"),
        ROW(struct heats, 368, "heats_snapshot.c"),
        ROW(struct heat_state, 296, "heats_snapshot.c"),
        ROW(struct heat, 152, "heats_snapshot.c"),
        ROW(struct heat_steel, 104, "heats_snapshot.c"),
        ROW(struct heat_stay, 32, "heats_snapshot.c"),
        ROW(struct heat_note, 208, "heat_notes_snapshot.c"),
        ROW(struct heat_alias, 16, "heat_notes_snapshot.c"),
        ROW(struct heat_move, 56, "heat_notes_snapshot.c"),
        ROW(struct heat_moves, 104, "heat_notes_snapshot.c"),
    };
    if (sizeof(void *) != 8) {
        skip();
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].bytes != rows[i].saved_bytes) {
            fail_msg("%s takes %zu bytes, not %zu: is a field new? aggregator/%s should save it",
                     rows[i].type, rows[i].bytes, rows[i].saved_bytes, rows[i].where);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whoever_adds_a_field_saves_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
