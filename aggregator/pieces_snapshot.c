/* Pieces: those that are known in their order, then those of which only the cancellation came. */
#include "nouns_snapshot.h"

#include "memory.h"
#include "pieces_state.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define KEY_BYTES_MAX 255
#define PREFIX_BYTES 24 /* a blank, a 64-bit number, a blank, NUL */

enum piece_flag { PIECE_UNCERTAIN = 1, PIECE_VOIDED = 2, PIECE_BY_TIME = 4, PIECE_FLAGS_ALL = 7 };

/* Keys without an id begin with the piece's time: it need not stand there twice. */
static int prefix_of(int64_t ts_us, char prefix[PREFIX_BYTES])
{
    return snprintf(prefix, PREFIX_BYTES, " %" PRId64 " ", ts_us);
}

static void piece_save(const struct pieces *pieces, const struct piece *piece, int64_t last_us,
                       struct snapshot_writer *writer)
{
    char prefix[PREFIX_BYTES];
    size_t length = (size_t)prefix_of(piece->ts_us, prefix);
    bool by_time = strncmp(piece->key, prefix, length) == 0;
    snapshot_put_number(writer, (piece->uncertain ? PIECE_UNCERTAIN : 0) |
                                    (piece->voided ? PIECE_VOIDED : 0) |
                                    (by_time ? PIECE_BY_TIME : 0));
    snapshot_put_from(writer, piece->ts_us, last_us);
    snapshot_put_text(writer, by_time ? piece->key + length : piece->key);
    snapshot_put_moment(writer, piece->from_us, piece->ts_us);
    snapshot_put_signed(writer, piece->raw);
    snapshot_put_signed(writer, piece->seq);
    snapshot_put_number(writer, piece->heat.value);
    booked_save(&piece->booked, pieces->id, writer);
}

void pieces_save(const struct pieces *pieces, struct snapshot_writer *writer)
{
    int64_t last_us = 0;
    const struct piece *piece = NULL;
    scales_save(&pieces->scales, writer);
    snapshot_put_signed(writer, pieces->longest_us);
    snapshot_put_signed(writer, pieces->total_base);
    snapshot_put_number(writer, pieces->count);
    for (size_t i = 0; i < pieces->count; i++) {
        piece_save(pieces, pieces->items[i], last_us, writer);
        last_us = pieces->items[i]->ts_us;
    }
    snapshot_put_number(writer, HASH_COUNT(pieces->by_key) - pieces->count);
    for (piece = pieces->by_key; piece != NULL; piece = piece->hh.next) {
        if (!piece->known) {
            piece_save(pieces, piece, 0, writer);
        }
    }
}

/* One piece, entered under its key; NULL: broken. */
static struct piece *piece_load(struct pieces *pieces, int64_t last_us,
                                const struct snapshot_names *names, struct snapshot_reader *reader)
{
    char key[PREFIX_BYTES + KEY_BYTES_MAX + 1];
    struct piece *known = NULL;
    unsigned flags = (unsigned)snapshot_get_number(reader, PIECE_FLAGS_ALL);
    int64_t ts_us = snapshot_get_from(reader, last_us);
    const char *rest = snapshot_get_text(reader, KEY_BYTES_MAX);
    int length = (flags & PIECE_BY_TIME) != 0 ? prefix_of(ts_us, key) : 0;
    snprintf(key + length, KEY_BYTES_MAX + 1, "%s", rest != NULL ? rest : "");
    HASH_FIND_STR(pieces->by_key, key, known);
    if (rest == NULL || known != NULL) {
        snapshot_refuse(reader, "a piece without a key, or with the key of another");
        return NULL;
    }
    struct piece *piece = memory_zeroed(1, sizeof *piece);
    piece->key = memory_text(key);
    HASH_ADD_KEYPTR(hh, pieces->by_key, piece->key, strlen(piece->key), piece);
    piece->ts_us = ts_us;
    piece->uncertain = (flags & PIECE_UNCERTAIN) != 0;
    piece->voided = (flags & PIECE_VOIDED) != 0;
    piece->from_us = snapshot_get_moment(reader, ts_us);
    piece->raw = snapshot_get_signed(reader);
    piece->seq = snapshot_get_signed(reader);
    piece->heat = heat_no_load(names, reader);
    booked_load(&piece->booked, pieces->id, names, reader);
    return snapshot_is_good(reader) ? piece : NULL;
}

void pieces_load(struct pieces *pieces, const struct snapshot_names *names,
                 struct snapshot_reader *reader)
{
    int64_t last_us = 0;
    scales_load(&pieces->scales, reader);
    pieces->longest_us = snapshot_get_signed(reader);
    pieces->total_base = snapshot_get_signed(reader);
    size_t count = snapshot_get_count(reader, UINT32_MAX);
    for (size_t i = 0; i < count; i++) {
        struct piece *piece = piece_load(pieces, last_us, names, reader);
        if (piece == NULL || (i > 0 && piece->ts_us < last_us)) {
            snapshot_refuse(reader, "pieces are not in order of time");
            return;
        }
        piece->known = true;
        memory_grow(&pieces->items, pieces->count, &pieces->capacity, sizeof *pieces->items);
        pieces->items[pieces->count++] = piece;
        last_us = piece->ts_us;
    }
    count = snapshot_get_count(reader, UINT32_MAX);
    for (size_t i = 0; i < count && piece_load(pieces, 0, names, reader) != NULL; i++) {
    }
}
