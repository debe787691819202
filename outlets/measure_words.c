#include "measure_words.h"

#include "failure.h"

#include <stdio.h>

/* Formulas by what they gave: the offset of it in struct measure_judged. */
static const struct formula {
    size_t offset;
    const char *names[MEASURE_LANGUAGES];
} formulas[] = {
    {offsetof(struct measure_judged, return_),
     {"18 incremental return R = (C1 - C2) / (I2 - I1)", "18 增量投资收益率 R=(C1-C2)/(I2-I1)"}},
    {offsetof(struct measure_judged, gain),
     {"19 equivalent cost Z = C + I Rc", "19 折算费用 Z=C+I·Rc"}},
    {offsetof(struct measure_judged, payback), {"9 static payback", "9 静态投资回收期"}},
    {offsetof(struct measure_judged, npv), {"21 net present value", "21 净现值"}},
    {offsetof(struct measure_judged, irr), {"21 internal rate of return", "21 内部收益率"}},
    {offsetof(struct measure_judged, break_even),
     {"10 break-even Q = I Rc / saving a tonne", "10 盈亏平衡产量 Q=I·Rc/吨钢节约额"}},
    {offsetof(struct measure_judged, saving), {"14 sunk cost left out", "14 沉没成本不计入"}},
};

static const char *const sources[MEASURE_LANGUAGES] = {
    [MEASURE_ENGLISH] = "engineering economics (DOMAIN.md 1b), by number",
    [MEASURE_CHINESE] = "工程经济学（DOMAIN.md 1b），按公式编号",
};

/* "%zu" stands for a number of crew-shifts, "%s" for R2. */
static void write_missing(const struct measure_missing *missing, enum measure_language language,
                          char text[MEASURE_WORDS_MAX])
{
    static const char *const plain[MEASURE_LACKS][MEASURE_LANGUAGES] = {
        [MEASURE_NO_ITEM] = {"the item is no longer in the configuration", "现行配置中已无此项目"},
        [MEASURE_NO_PRICE] = {"the item has no price", "该项目没有价格"},
        [MEASURE_NO_HURDLE] = {"no hurdle_pct to judge by",
                               "未给出基准收益率 hurdle_pct，无法判定"},
    };
    bool chinese = language == MEASURE_CHINESE;
    size_t before = missing->shifts_before, since = missing->shifts_since;
    if (plain[missing->what][language] != NULL) {
        snprintf(text, MEASURE_WORDS_MAX, "%s", plain[missing->what][language]);
    } else if (missing->what == MEASURE_FEW_SINCE) {
        snprintf(text, MEASURE_WORDS_MAX,
                 chinese ? "实施后只有 %zu 个班，至少要 %d 个"
                         : "%zu crew-shifts since the start; it takes %d",
                 since, MEASURE_POINTS_MIN);
    } else if (missing->what == MEASURE_NO_FIT) {
        snprintf(text, MEASURE_WORDS_MAX,
                 chinese ? "基准线拟合不够好：R2 为 %s，至少要 0.%d"
                         : "the baseline does not fit: R2 is %s; it takes 0.%d",
                 missing->r2[0] == '\0' ? "?" : missing->r2, BASELINE_R2_ADVISED_PERCENT);
    } else {
        snprintf(text, MEASURE_WORDS_MAX,
                 chinese ? "基准期只有 %zu 个班（吨钢须有不同），至少要 %d 个"
                         : "%zu crew-shifts before the start; a baseline takes %d, of different "
                           "tonnages",
                 before, BASELINE_POINTS_ADVISED);
    }
}

const char *measure_words_missing(const struct measure_missing *missing,
                                  enum measure_language language, char text[MEASURE_WORDS_MAX])
{
    if (missing->what == MEASURE_NOTHING_MISSING) {
        return NULL;
    }
    write_missing(missing, language, text);
    return text;
}

const char *measure_words_formulas(const struct measure_judged *judged,
                                   enum measure_language language, char text[MEASURE_WORDS_MAX])
{
    size_t length = 0;
    for (size_t i = 0; i < sizeof formulas / sizeof formulas[0]; i++) {
        const struct fraction *const *gave =
            (const void *)((const char *)judged + formulas[i].offset);
        if (*gave != NULL) {
            length += (size_t)snprintf(text + length, MEASURE_WORDS_MAX - length, "%s%s",
                                       length > 0 ? "; " : "", formulas[i].names[language]);
            REQUIRE(length < MEASURE_WORDS_MAX);
        }
    }
    return length > 0 ? text : NULL;
}

const char *measure_words_source(enum measure_language language)
{
    return sources[language];
}
