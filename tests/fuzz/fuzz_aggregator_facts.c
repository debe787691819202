#include "fuzz_aggregator.h"

#define START_US INT64_C(1773100200000000) /* 2026-03-10 07:50 in Shanghai */
#define FAR_US (400 * TIMESTAMP_DAY_US)    /* a century would be cut at 100,000 shift changes */
#define COUNT(table) (sizeof(table) / sizeof *(table))

static const char *const heat_ids[] = {"H1", "H2", "H3", "H4"};
static const char *const ticket_ids[] = {"t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7"};

static void fill_meter(struct meter *meter, uint32_t number, struct fuzz_input *input)
{
    static const enum meter_kind kinds[SHOP_METERS] = {METER_REGISTER, METER_RATE, METER_INCREMENT,
                                                       METER_EVENT};
    static const int64_t nums[] = {1, 1, 1, 1000, 3, 7, INT64_C(1000000000), INT64_MAX};
    static const int64_t dens[] = {1, 1, 3, 1000, 1, 2, 1, INT64_C(1000000007)};
    static const int64_t widths[] = {0, 0, 1000, INT64_C(1000000)};
    static const int64_t rates[] = {0, 0, 10000, INT64_C(1000000000)};
    static const int64_t gaps_us[] = {0, TIMESTAMP_MINUTE_US, TIMESTAMP_HOUR_US, 0};
    uint8_t scale = fuzz_byte(input), limits = fuzz_byte(input), more = fuzz_byte(input);
    bool is_register = kinds[number] == METER_REGISTER;
    snprintf(meter->id, sizeof meter->id, "M%u", (unsigned)number);
    meter->station.index = (uint16_t)(scale >> 7);
    meter->kind = kinds[number];
    meter->role = METER_BOOK;
    meter->scale_num = nums[scale % 8];
    meter->scale_den = dens[scale / 8 % 8];
    meter->width_raw = is_register ? widths[limits % 4] : 0;
    meter->max_rate_raw_hour = is_register ? rates[limits / 4 % 4] : 0;
    meter->reset = is_register ? (enum meter_reset)(limits / 16 % 3) : METER_RESET_NEVER;
    meter->integration = limits >= 128 ? METER_TRAPEZOID : METER_STEP;
    meter->max_gap_us = gaps_us[more % 4];
    meter->max_hold_us = kinds[number] == METER_RATE ? gaps_us[more / 4 % 4] : 0;
    meter->min_raw = INT64_MIN;
    meter->max_raw = INT64_MAX;
}

void shop_fill(struct shop *shop, struct fuzz_input *input)
{
    static const char *const stations[] = {"LF", "BOF"};
    static const char *const shifts[] = {"day", "middle", "night"};
    static const char *const crews[] = {"A", "B", "C", "D"};
    memset(shop, 0, sizeof *shop);
    strcpy(shop->items[0].id, "electricity");
    for (size_t i = 0; i < COUNT(stations); i++) {
        strcpy(shop->stations[i].id, stations[i]);
    }
    for (size_t i = 0; i < COUNT(shifts); i++) {
        strcpy(shop->shifts[i].id, shifts[i]);
        shop->shifts[i].start_s = (int32_t)((8 + 8 * i) % 24 * 3600);
    }
    for (size_t i = 0; i < COUNT(crews); i++) {
        strcpy(shop->crews[i].id, crews[i]);
        shop->roster.offset_days[i] = (int32_t)(2 * i);
    }
    shop->roster.zone = zone_fixed("Asia/Shanghai", 28800);
    shop->roster.day_start_s = 8 * 3600;
    shop->roster.epoch_day = 20522; /* 2026-03-10 */
    shop->roster.cycle_length = 8;
    for (uint16_t phase = 0; phase < 8; phase++) {
        shop->roster.cycle[phase].index = phase < 6 ? phase / 2 : CATALOG_NONE;
    }
    shop->rules.owner_at_tap = true;
    for (uint32_t i = 0; i < SHOP_METERS; i++) {
        fill_meter(&shop->meters[i], i, input);
    }
    shop->catalog = (struct catalog){
        .item_count = COUNT(shop->items),
        .station_count = COUNT(shop->stations),
        .meter_count = COUNT(shop->meters),
        .shift_count = COUNT(shop->shifts),
        .crew_count = COUNT(shop->crews),
        .items = shop->items,
        .stations = shop->stations,
        .meters = shop->meters,
        .shifts = shop->shifts,
        .crews = shop->crews,
    };
}

/* Where facts come from, and what they turned out to be. */
struct source {
    struct fuzz_input *input;
    bool moderate;
    int far_left; /* times that may still lie up to FAR_US away */
};

/* Mostly seconds and minutes from the start, so that facts meet; sometimes any time
 * of more than a year. */
static int64_t take_time(struct source *source)
{
    struct fuzz_input *input = source->input;
    uint32_t amount = fuzz_short(input);
    switch (fuzz_choice(input, 8)) {
    case 0:
    case 1:
    case 2:
        return START_US + (int64_t)(amount % 1024) * TIMESTAMP_SECOND_US;
    case 3:
    case 4:
        return START_US + (int64_t)(amount % 512) * TIMESTAMP_MINUTE_US;
    case 5:
        return START_US + amount; /* microseconds */
    case 6:
        return START_US + (int64_t)(amount % 48) * TIMESTAMP_HOUR_US;
    default:
        source->moderate = false;
        if (source->far_left == 0 || amount % 4 != 0) {
            return START_US + ((int64_t)amount - 32768) * (TIMESTAMP_MINUTE_US / 4);
        }
        source->far_left--;
        return START_US + (int64_t)(fuzz_long(input) % (uint64_t)(2 * FAR_US)) - FAR_US;
    }
}

static int64_t take_value(struct source *source)
{
    struct fuzz_input *input = source->input;
    uint32_t amount = fuzz_short(input);
    switch (fuzz_choice(input, 8)) {
    case 0:
        return amount % 4;
    case 6:
        return (int64_t)amount * 1000003;
    case 7:
        source->moderate = false;
        return (int64_t)fuzz_long(input);
    default:
        return amount;
    }
}

static struct fact take_reading(struct source *source, uint8_t flags)
{
    struct fact fact = {.kind = FACT_READING,
                        .as.reading = {.from_us = INT64_MIN, .seq = flags % 4 - 1}};
    struct reading *reading = &fact.as.reading;
    reading->meter.index = flags / 4 % SHOP_METERS;
    reading->ts_us = take_time(source);
    reading->value_raw = take_value(source);
    reading->quality = (flags & 0x10) != 0 ? READING_UNCERTAIN : READING_GOOD;
    bool piece = reading->meter.index >= 2;
    if (piece && (flags & 0x20) != 0) {
        reading->heat = heat_ids[fuzz_choice(source->input, COUNT(heat_ids))];
    }
    if (reading->meter.index == 2 && (flags & 0x40) != 0) {
        int64_t from_us = take_time(source);
        reading->from_us = from_us <= reading->ts_us ? from_us : INT64_MIN;
    }
    if (piece && (flags & 0x80) != 0) {
        reading->id = ticket_ids[fuzz_choice(source->input, COUNT(ticket_ids))];
        if (fuzz_choice(source->input, 4) == 0) {
            reading->void_id = reading->id;
            reading->id = NULL;
            reading->from_us = INT64_MIN;
        } else {
            source->moderate = false; /* of two contents of one id the first to come is kept */
        }
    }
    return fact;
}

static struct fact take_heat(struct source *source, uint8_t flags)
{
    struct fact fact = {.kind = FACT_HEAT,
                        .as.heat = {.planned_g = -1, .steel_g = -1, .moved_g = -1}};
    struct heat_event *heat = &fact.as.heat;
    heat->kind = (enum heat_event_kind)(flags % 9);
    heat->kind = heat->kind > HEAT_WEIGHT ? (enum heat_event_kind)(heat->kind % 2) : heat->kind;
    heat->heat = heat_ids[flags / 16 % COUNT(heat_ids)];
    heat->station.index = flags / 64 % SHOP_STATIONS;
    heat->ts_us = take_time(source);
    heat->steel_g = heat->kind >= HEAT_TAP ? 1 + (int64_t)fuzz_short(source->input) * 1000 : -1;
    return fact;
}

static struct fact take_meter_event(struct source *source, uint8_t flags)
{
    struct fact fact = {.kind = FACT_METER, .as.meter = {.final_raw = INT64_MIN}};
    struct meter_event *event = &fact.as.meter;
    event->kind = (enum meter_event_kind)(flags % 3);
    event->meter.index = flags / 4 % SHOP_METERS;
    event->ts_us = take_time(source);
    event->initial_raw = (flags & 0x10) != 0 ? INT64_MIN : take_value(source);
    event->value_num = event->value_den = 1;
    if ((flags & 0x20) != 0) {
        event->final_raw = take_value(source);
    }
    source->moderate = false; /* an exchange reads the old register as it then is */
    return fact;
}

size_t shop_facts(struct fuzz_input *input, struct fact facts[SHOP_FACTS_MAX], bool *moderate)
{
    struct source source = {.input = input, .moderate = true, .far_left = 4};
    size_t count = 0;
    while (fuzz_left(input) > 0 && count < SHOP_FACTS_MAX) {
        uint32_t what = fuzz_choice(input, 8);
        uint8_t flags = fuzz_byte(input);
        if (what <= 4) {
            facts[count++] = take_reading(&source, flags);
        } else if (what == 5) {
            facts[count++] = take_heat(&source, flags);
        } else if (what == 6) {
            struct fact fact = {.kind = FACT_CREW};
            fact.as.crew.crew.index = flags % 4;
            fact.as.crew.ts_us = take_time(&source);
            facts[count++] = fact;
        } else {
            facts[count++] = take_meter_event(&source, flags);
        }
    }
    *moderate = source.moderate;
    return count;
}

static long long from_start_ms(int64_t ts_us)
{
    return (ts_us - START_US) / 1000;
}

void shop_print(const struct fact *facts, size_t count)
{
    static const char *const events[] = {"start", "end", "tap", "weight"};
    for (size_t i = 0; i < count; i++) {
        const struct fact *fact = &facts[i];
        const struct reading *reading = &fact->as.reading;
        if (fact->kind == FACT_READING) {
            fprintf(stderr, "M%u @%lld ms value %lld", (unsigned)reading->meter.index,
                    from_start_ms(reading->ts_us), (long long)reading->value_raw);
            fprintf(stderr, " from %lld ms seq %lld heat %s id %s void %s%s\n",
                    reading->from_us == INT64_MIN ? -1 : from_start_ms(reading->from_us),
                    (long long)reading->seq, reading->heat != NULL ? reading->heat : "-",
                    reading->id != NULL ? reading->id : "-",
                    reading->void_id != NULL ? reading->void_id : "-",
                    reading->quality == READING_UNCERTAIN ? " uncertain" : "");
        } else if (fact->kind == FACT_HEAT) {
            const struct heat_event *heat = &fact->as.heat;
            fprintf(stderr, "heat %s %s at %u @%lld ms\n", heat->heat, events[heat->kind],
                    (unsigned)heat->station.index, from_start_ms(heat->ts_us));
        } else if (fact->kind == FACT_CREW) {
            fprintf(stderr, "crew %u @%lld ms\n", (unsigned)fact->as.crew.crew.index,
                    from_start_ms(fact->as.crew.ts_us));
        } else {
            const struct meter_event *event = &fact->as.meter;
            fprintf(stderr, "M%u event %u @%lld ms final %lld initial %lld\n",
                    (unsigned)event->meter.index, (unsigned)event->kind,
                    from_start_ms(event->ts_us), (long long)event->final_raw,
                    (long long)event->initial_raw);
        }
    }
}
