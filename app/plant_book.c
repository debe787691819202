#include "plant_book.h"

#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXTS_PER_QUOTA 3

/* Joins what `name` gives for 0 … count - 1 by ';'. */
static char *join(const struct plant *plant, const struct quota *quota, uint32_t count,
                  const char *(*name)(const struct plant *, const struct quota *, uint32_t))
{
    size_t bytes = 1;
    for (uint32_t i = 0; i < count; i++) {
        bytes += strlen(name(plant, quota, i)) + 1;
    }
    char *joined = memory_zeroed(1, bytes);
    for (uint32_t i = 0; i < count; i++) {
        size_t used = strlen(joined);
        snprintf(joined + used, bytes - used, "%s%s", i > 0 ? ";" : "", name(plant, quota, i));
    }
    return joined;
}

static const char *station_name(const struct plant *plant, const struct quota *quota, uint32_t i)
{
    return plant->catalog.stations[quota->stations[i].index].id;
}

static const char *meter_name(const struct plant *plant, const struct quota *quota, uint32_t i)
{
    return plant->catalog.meters[quota->meters[i].index].id;
}

static const char *post_name(const struct plant *plant, const struct quota *quota, uint32_t i)
{
    (void)plant;
    return quota->posts[i];
}

void plant_book_fill(struct plant_book *described, const struct plant *plant, int32_t version,
                     uint64_t position)
{
    static const char *const bases[] = {
        [QUOTA_PER_TONNE] = "tonne", [QUOTA_PER_HEAT] = "heat", [QUOTA_PER_SHIFT] = "shift",
        [QUOTA_LINEAR] = "linear",   [QUOTA_PER_DAY] = "day",   [QUOTA_PER_TEN_DAYS] = "ten_days",
        [QUOTA_PER_MONTH] = "month"};
    static const char *const tonnes[] = {[QUOTA_TONNES_GOOD] = "good",
                                         [QUOTA_TONNES_TAPPED] = "tapped",
                                         [QUOTA_TONNES_CAST] = "cast"};
    struct book_quota *quotas = memory_zeroed(plant->quota_count, sizeof *quotas);
    char **texts = memory_zeroed((size_t)plant->quota_count * TEXTS_PER_QUOTA, sizeof *texts);
    for (uint32_t i = 0; i < plant->quota_count; i++) {
        const struct quota *quota = &plant->quotas[i];
        char **of_quota = &texts[(size_t)i * TEXTS_PER_QUOTA];
        of_quota[0] = join(plant, quota, quota->station_count, station_name);
        of_quota[1] = join(plant, quota, quota->meter_count, meter_name);
        of_quota[2] = join(plant, quota, quota->post_count, post_name);
        quotas[i] = (struct book_quota){
            .id = quota->id,
            .name = quota->name,
            .item = quota->item,
            .stations = of_quota[0],
            .meters = of_quota[1],
            .view = quota->view == QUOTA_VIEW_OWNER ? "owner" : "clock",
            .basis = bases[quota->basis],
            .tonnes = tonnes[quota->tonnes],
            .hard = !quota->soft,
            .kind = quota->of_process ? "process" : "result",
            .kept_by = quota->owner,
            .posts = of_quota[2],
            .retired = quota->retired,
        };
    }
    *described = (struct plant_book){
        .book = {.catalog = &plant->catalog,
                 .text = plant->text,
                 .version = version,
                 .position = position,
                 .zone = &plant->roster.zone,
                 .root = plant->broker.root,
                 .limits = {.rejects_per_topic = plant->rejects.per_topic,
                            .rejects = plant->rejects.all},
                 .quotas = quotas,
                 .quota_count = plant->quota_count,
                 .balances = plant->balances,
                 .balance_count = plant->balance_count},
        .texts = texts,
        .text_count = (size_t)plant->quota_count * TEXTS_PER_QUOTA,
    };
}

void plant_book_clear(struct plant_book *described)
{
    for (size_t i = 0; i < described->text_count; i++) {
        free(described->texts[i]);
    }
    free(described->texts);
    free(described->book.quotas);
    *described = (struct plant_book){0};
}
