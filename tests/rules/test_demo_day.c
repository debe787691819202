/* The demo day of DOMAIN.md, section 6, and the worked example of section 1a. */
#include "quantity.h"
#include "shop.h"

enum line { HOT_METAL, FEMN, FESI, AL, SIAL, THERMOCOUPLE, O2, LF, LINES };
#define METER_BOF_ELECTRICITY LINES /* of the item that LF counts, at another station */
#define STATION_LF 1

static const struct {
    const char *target, *limit; /* item units a tonne, thermocouples a heat */
    int64_t base;               /* base units a unit; one division is one unit */
} quotas[LINES] = {
    [HOT_METAL] = {"1090", "1100", 1000},
    [FEMN] = {"6.8", "7", 1000},
    [FESI] = {"4.5", "4.5", 1000},
    [AL] = {"0.2", "0.2", 1000},
    [SIAL] = {"0.8", "1", 1000},
    [THERMOCOUPLE] = {"4", "4", 1},
    [O2] = {"55", "55", 1000},
    [LF] = {"36", "36", 1000},
};

/* Owners: D before the day, A, B, C, and A again on the day after. */
enum owner { CARRIED_IN, CREW_A, CREW_B, CREW_C, NEXT_DAY, OWNERS };

static const struct {
    enum owner owner;
    int64_t steel_kg;
    int64_t used[LINES];
} heats[] = {
    {CARRIED_IN, 99900, {109590, 689, 450, 20, 90, 4, 5400, 3500}},
    {CARRIED_IN, 100400, {109838, 693, 452, 20, 90, 4, 5400, 3500}},
    {CARRIED_IN, 100000, {109600, 690, 450, 20, 90, 4, 5400, 3700}},
    {CREW_A, 99600, {108564, 682, 446, 20, 82, 4, 5400, 4100}},
    {CREW_A, 100100, {109309, 686, 448, 20, 82, 4, 5400, 3500}},
    {CREW_A, 99700, {109072, 683, 447, 20, 82, 4, 5400, 3500}},
    {CREW_A, 100200, {109318, 686, 449, 20, 82, 5, 5400, 3500}},
    {CREW_A, 99800, {109081, 684, 447, 20, 82, 4, 5400, 3500}},
    {CREW_A, 100300, {109327, 687, 449, 20, 82, 4, 5400, 3500}},
    {CREW_A, 99900, {109091, 684, 448, 20, 82, 4, 5400, 4100}},
    {CREW_A, 100400, {109838, 688, 450, 20, 82, 4, 5400, 3500}},
    {CREW_A, 100000, {109100, 685, 448, 20, 82, 4, 5400, 3500}},
    {CREW_A, 99600, {108863, 682, 446, 20, 82, 4, 5400, 3500}},
    {CREW_A, 100100, {109109, 686, 448, 20, 82, 4, 5400, 3500}},
    {CREW_A, 99700, {108872, 683, 447, 20, 82, 4, 5400, 3900}},
    {CREW_B, 100200, {110120, 696, 451, 20, 90, 4, 5700, 4100}},
    {CREW_B, 99800, {109381, 694, 449, 20, 90, 4, 5400, 3500}},
    {CREW_B, 100300, {110129, 697, 451, 20, 90, 5, 5400, 3500}},
    {CREW_B, 99900, {109391, 694, 450, 20, 90, 5, 5400, 3500}},
    {CREW_B, 100400, {110139, 698, 452, 20, 90, 4, 5400, 3500}},
    {CREW_B, 100000, {109900, 695, 450, 20, 90, 4, 5400, 3500}},
    {CREW_B, 99600, {109162, 692, 448, 20, 90, 4, 5400, 4100}},
    {CREW_B, 100100, {109910, 696, 450, 20, 90, 4, 5400, 3500}},
    {CREW_B, 99700, {109172, 693, 449, 20, 90, 4, 5400, 3500}},
    {CREW_B, 100200, {109919, 696, 451, 20, 90, 4, 5400, 3500}},
    {CREW_B, 99800, {109680, 694, 449, 20, 90, 4, 5400, 3500}},
    {CREW_B, 100300, {109929, 697, 451, 20, 90, 4, 5400, 3300}},
    {CREW_C, 99900, {110390, 709, 456, 20, 104, 4, 5250, 4100}},
    {CREW_C, 100400, {110641, 713, 458, 20, 104, 4, 5400, 3500}},
    {CREW_C, 100000, {110400, 710, 456, 20, 104, 5, 5400, 3500}},
    {CREW_C, 99600, {110158, 707, 454, 20, 104, 4, 5400, 3500}},
    {CREW_C, 100100, {110410, 711, 456, 20, 104, 4, 5400, 3500}},
    {CREW_C, 99700, {110169, 708, 455, 20, 104, 5, 5400, 3500}},
    {CREW_C, 100200, {110420, 711, 457, 20, 104, 4, 5400, 4100}},
    {CREW_C, 99800, {110179, 709, 455, 20, 104, 4, 5400, 3500}},
    {CREW_C, 100300, {110932, 712, 457, 20, 104, 4, 5400, 3500}},
    {CREW_C, 99900, {110190, 709, 456, 20, 104, 5, 5400, 3500}},
    {CREW_C, 100400, {110942, 713, 458, 20, 104, 4, 5400, 3500}},
    {CREW_C, 100000, {110200, 710, 456, 20, 104, 4, 5400, 3500}},
    {NEXT_DAY, 99600, {108763, 682, 446, 20, 82, 4, 5400, 4100}},
};
#define HEATS (sizeof heats / sizeof *heats)

static struct crew_slot owner_slot(enum owner owner)
{
    static const struct {
        int32_t day;
        uint16_t shift;
        int crew;
    } slots[OWNERS] = {
        [CARRIED_IN] = {-1, 2, 3}, [CREW_A] = {0, 0, 0},   [CREW_B] = {0, 1, 1},
        [CREW_C] = {0, 2, 2},      [NEXT_DAY] = {1, 0, 0},
    };
    return shop_slot(slots[owner].day, slots[owner].shift, slots[owner].crew);
}

static int64_t rate_e9(const char *text)
{
    int64_t rate = 0;
    assert_int_equal(quantity_from_text(text, strlen(text), 9, &rate), QUANTITY_OK);
    return rate;
}

static struct shop *demo_create(void)
{
    struct shop *shop = shop_create();
    for (uint16_t i = 0; i < LINES; i++) {
        shop->items[i].decimals = quotas[i].base == 1 ? 0 : 3;
        shop->items[i].division_base = quotas[i].base;
        struct quota *quota = shop_quota(
            shop, i, i == THERMOCOUPLE ? QUOTA_PER_HEAT : QUOTA_PER_TONNE, QUOTA_VIEW_OWNER, 0, 0);
        quota->rate_e9[QUOTA_TARGET] = rate_e9(quotas[i].target);
        quota->rate_e9[QUOTA_LIMIT] = rate_e9(quotas[i].limit);
    }
    shop->quotas[LF].station_count = 1;
    shop->quotas[LF].stations[0] = (station_id){STATION_LF};
    shop->meters[LF].station = (station_id){STATION_LF};
    shop->meters[METER_BOF_ELECTRICITY].item = (item_id){LF};
    shop_start(shop);
    return shop;
}

/* The use of a heat comes first, then its weight and owner, then its end. */
static void run_heat(struct shop *shop, uint32_t index)
{
    struct heat heat = shop_heat(index + 1);
    rules_heat(shop->rules, &heat);
    for (uint32_t line = 0; line < LINES; line++) {
        shop_post(shop, line, index + 1, owner_slot(CREW_B),
                  heats[index].used[line] * quotas[line].base);
    }
    shop_post(shop, METER_BOF_ELECTRICITY, index + 1, owner_slot(CREW_B), 5000000);
    heat.steel_g = heats[index].steel_kg * 1000;
    shop_own(&heat, owner_slot(heats[index].owner));
    rules_heat(shop->rules, &heat);
    heat.ended_us = 1;
    rules_heat(shop->rules, &heat);
}

/* Balances as shown: of the crew-shifts by owner, and of heat 1. */
struct shown {
    struct balance crews[OWNERS][LINES];
    struct balance heat[LINES];
};

static void keep(void *context, const struct balance *balance)
{
    struct shown *shown = context;
    if (balance->scope == BALANCE_HEAT && balance->heat.value == 1) {
        shown->heat[balance->quota.index] = *balance;
    }
    for (int owner = 0; balance->scope == BALANCE_CREW && owner < OWNERS; owner++) {
        if (crew_slot_equal(balance->slot, owner_slot((enum owner)owner))) {
            shown->crews[owner][balance->quota.index] = *balance;
        }
    }
}

static void show(struct shop *shop, struct shown *shown)
{
    memset(shown, 0, sizeof *shown);
    rules_show_begin(shop->rules);
    rules_show_end(shop->rules, keep, shown);
}

static void the_crews_of_the_demo_day_stand_as_the_domain_says(void **state)
{
    (void)state;
    static const struct {
        enum owner crew;
        enum line line;
        int64_t used, allowed_target, allowed_limit; /* base units */
        enum verdict verdict;
    } rows[] = {
        {CREW_A, HOT_METAL, 1309544000, 1307346000, 1319340000, VERDICT_AMBER},
        {CREW_A, FEMN, 8216000, 8155920, 8395800, VERDICT_AMBER},
        {CREW_A, FESI, 5373000, 5397300, 5397300, VERDICT_GREEN},
        {CREW_A, AL, 240000, 239880, 239880, VERDICT_GREEN},
        {CREW_A, SIAL, 984000, 959520, 1199400, VERDICT_AMBER},
        {CREW_A, THERMOCOUPLE, 49, 48, 48, VERDICT_RED},
        {CREW_A, O2, 64800000, 65967000, 65967000, VERDICT_GREEN},
        {CREW_A, LF, 43600000, 43178400, 43178400, VERDICT_RED},
        {CREW_B, HOT_METAL, 1316832000, 1308327000, 1320330000, VERDICT_AMBER},
        {CREW_B, FEMN, 8342000, 8162040, 8402100, VERDICT_AMBER},
        {CREW_B, FESI, 5401000, 5401350, 5401350, VERDICT_GREEN},
        {CREW_B, AL, 240000, 240060, 240060, VERDICT_GREEN},
        {CREW_B, SIAL, 1080000, 960240, 1200300, VERDICT_AMBER},
        {CREW_B, THERMOCOUPLE, 50, 48, 48, VERDICT_RED},
        {CREW_B, O2, 65100000, 66016500, 66016500, VERDICT_GREEN},
        {CREW_B, LF, 43000000, 43210800, 43210800, VERDICT_GREEN},
        {CREW_C, HOT_METAL, 1325031000, 1308327000, 1320330000, VERDICT_RED},
        {CREW_C, FEMN, 8522000, 8162040, 8402100, VERDICT_RED},
        {CREW_C, FESI, 5474000, 5401350, 5401350, VERDICT_RED},
        {CREW_C, AL, 240000, 240060, 240060, VERDICT_GREEN},
        {CREW_C, SIAL, 1248000, 960240, 1200300, VERDICT_RED},
        {CREW_C, THERMOCOUPLE, 51, 48, 48, VERDICT_RED},
        {CREW_C, O2, 64650000, 66016500, 66016500, VERDICT_GREEN},
        {CREW_C, LF, 43200000, 43210800, 43210800, VERDICT_GREEN},
    };
    struct shop *shop = demo_create();
    for (uint32_t i = 0; i < HEATS; i++) {
        run_heat(shop, i);
    }
    rules_slot_ended(shop->rules, owner_slot(CREW_A));
    rules_slot_ended(shop->rules, owner_slot(CREW_B));
    rules_slot_ended(shop->rules, owner_slot(CREW_C));
    struct shown shown;
    show(shop, &shown);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct balance *balance = &shown.crews[rows[i].crew][rows[i].line];
        assert_int_equal(balance->used_base, rows[i].used);
        assert_true(balance->allowed_known);
        assert_int_equal(balance->allowed_target_base, rows[i].allowed_target);
        assert_int_equal(balance->allowed_limit_base, rows[i].allowed_limit);
        assert_string_equal(verdict_name(balance->verdict), verdict_name(rows[i].verdict));
        assert_false(balance->provisional);
    }
    assert_true(shown.crews[NEXT_DAY][LF].provisional);
    assert_int_equal(shown.crews[NEXT_DAY][LF].used_base, 4100000);
    shop_destroy(shop);
}

static void one_heat_is_held_against_the_quotas_of_the_worked_example(void **state)
{
    (void)state;
    struct shop *shop = demo_create();
    struct heat heat = shop_heat(1);
    heat.steel_g = 99600000;
    rules_heat(shop->rules, &heat);
    shop_post(shop, HOT_METAL, 1, owner_slot(CREW_A), 109000000);
    shop_post(shop, FEMN, 1, owner_slot(CREW_A), 682000);
    struct shown shown;
    show(shop, &shown);
    static const int64_t workshop[] = {109560000, 697200, 448200, 19920, 99600};
    for (size_t line = HOT_METAL; line <= SIAL; line++) {
        assert_int_equal(shown.heat[line].allowed_limit_base, workshop[line]);
    }
    const struct balance *hot_metal = &shown.heat[HOT_METAL];
    assert_int_equal(hot_metal->verdict, VERDICT_AMBER);
    assert_int_equal(hot_metal->allowed_target_base, 108564000);
    assert_int_equal(hot_metal->used_base - hot_metal->allowed_target_base, 436000);
    assert_int_equal(hot_metal->allowed_limit_base - hot_metal->used_base, 560000);
    const struct balance *femn = &shown.heat[FEMN];
    assert_int_equal(femn->allowed_limit_base - femn->used_base, 15200);
    assert_string_equal(shop_judge(shop), "q0 heat 1 target raised 109000000/108564000\n"
                                          "q1 heat 1 target raised 682000/677280\n");
    shop_destroy(shop);
}

/* A's thermocouples: 4 a heat; the fourth heat of the shift breaks one more. */
static void the_heat_with_a_fifth_thermocouple_is_told(void **state)
{
    (void)state;
    struct shop *shop = demo_create();
    for (uint32_t i = 0; i < 7; i++) {
        run_heat(shop, i);
        const char *said = shop_judge(shop);
        bool told = strstr(said, "q5 heat 7 limit raised 5/4\n") != NULL;
        assert_int_equal(told, i == 6);
        assert_int_equal(strstr(said, "q5 crew 0/0/0 limit raised 17/16\n") != NULL, i == 6);
    }
    shop_destroy(shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_crews_of_the_demo_day_stand_as_the_domain_says),
        cmocka_unit_test(one_heat_is_held_against_the_quotas_of_the_worked_example),
        cmocka_unit_test(the_heat_with_a_fifth_thermocouple_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
