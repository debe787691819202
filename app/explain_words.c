#include "explain_words.h"

#include <string.h>

/* clang-format off */
static const char *const phrases[SAY_PHRASES][2] = {
    [SAY_HEAT] = {"Heat", "炉次"}, [SAY_NO_HEAT] = {"Use without a heat", "无炉次耗用"},
    [SAY_ON_DUTY] = {"on duty", "当班"}, [SAY_OWNER] = {"owner view", "归属口径"},
    [SAY_METER] = {"Meter", "表计"}, [SAY_QUALITY] = {"quality", "数据质量"},
    [SAY_ESTIMATED] = {"estimated %", "估计 %"}, [SAY_OWNED] = {"owned by", "归属"},
    [SAY_STEEL] = {"steel", "钢水"}, [SAY_PER_TONNE] = {"per tonne", "吨钢"},
    [SAY_ALLOWED] = {"target / limit", "目标 / 限额"}, [SAY_RULE] = {"rule", "规则"},
    [SAY_POSTINGS] = {"postings", "记账"}, [SAY_ADD_UP] = {"which add up to", "合计"},
    [SAY_MORE] = {"more; --json shows all", "条未列出，--json 可看全部"},
    [SAY_BOOKED] = {"booked", "记账"}, [SAY_OPEN] = {"still open, not booked yet", "尚未记账"},
    [SAY_RECORD] = {"record", "记录"},
    [SAY_PRIOR] = {"after the handover of", "交班之后，交班时间"},
    [SAY_CONFIGURATION] = {"configuration version", "配置版本"},
    [SAY_READING] = {"reading", "读数"},
    [SAY_NO_READING] = {"the reading was not found in the journal", "日志中未找到读数"},
    [SAY_RETIRED] = {"the reading was let go of with its journal file", "读数已随日志文件清除"},
    [SAY_JOURNAL_BEGINS] = {"The journal begins on", "日志起始于"},
    [SAY_BEFORE_RETIRED] = {"the readings and messages before were let go of, what was booked of "
                            "them stays", "此前的读数和消息已清除，由其产生的记账保留"},
    [SAY_FROM] = {"from", "起"}, [SAY_TO] = {"to", "止"},
    [SAY_MOVED] = {"the meter moved", "表计走量"}, [SAY_CORRECTED] = {"corrected", "更正"},
    [SAY_UNCHANGED] = {"the sum stays", "合计不变"}, [SAY_ALERT] = {"Alert", "报警"},
    [SAY_ALERT_THEN] = {"the alert tells what was counted when it last changed; below stands all "
                        "of the item as it is now, with idle use and heats without a weight",
                        "报警所示为其最近变化时的计入量；下列为该项目现在的全部耗用，含空耗及未称重炉次"},
    [SAY_ALERT_ONLY] = {"the alert counts only", "报警仅计"}, [SAY_BY] = {"by", "经手"},
    [SAY_FACTOR] = {"one unit of the reading counts", "读数每单位计"},
    [SAY_SHARES] = {"shares", "分摊比例"}, [SAY_MORE_READINGS] = {"more of them", "条未列出"},
    [SAY_FINAL] = {"last reading of the old register", "旧表末次读数"},
    [SAY_TARGET] = {"target", "目标"}, [SAY_LIMIT] = {"limit", "限额"},
    [SAY_STRETCH] = {"stretch", "挑战值"}, [SAY_FIXED] = {"fixed part", "固定量"},
    [SAY_GRADE] = {"grade", "钢种"}, [SAY_SEASON] = {"in months", "月份"},
};

static const char *const basis_words[][2] = {
    [QUOTA_PER_TONNE] = {"a tonne of steel", "每吨钢"}, [QUOTA_PER_HEAT] = {"a heat", "每炉"},
    [QUOTA_PER_SHIFT] = {"a shift", "每班"},
    [QUOTA_LINEAR] = {"a tonne of steel, and the fixed amount a shift", "每吨钢，另加每班固定量"},
    [QUOTA_PER_DAY] = {"a day", "每日"}, [QUOTA_PER_TEN_DAYS] = {"ten days", "每旬"},
    [QUOTA_PER_MONTH] = {"a month", "每月"},
};

static const char *const mark_words[][2] = {
    [MARK_READ] = {"read", "实读"}, [MARK_BETWEEN] = {"between", "内插"},
    [MARK_SPREAD] = {"spread over a gap, between", "缺数分摊"},
    [MARK_FIRST] = {"before the first reading", "首个读数之前"},
    [MARK_LAST] = {"newest reading", "最新读数"}, [MARK_NO_READING] = {"no reading", "无读数"},
    [MARK_RETIRED] = {"no longer in the journal", "日志中已清除"},
};

static const struct {
    const char *name, *words[2];
} method_words[] = {
    {"none", {"alone there", "独用"}},
    {"equal", {"divided equally over the heats there", "在场炉次均分"}},
    {"named", {"the reading names its heat", "读数注明炉号"}},
    {"time", {"divided by time", "按时间分摊"}},
    {"tonnage", {"divided by tonnage", "按产量分摊"}},
    {"ratio", {"divided by a fixed ratio", "按固定比例分摊"}},
    {"submeter", {"divided by sub-meters", "按分表分摊"}},
    {"heat_count", {"divided by number of heats", "按炉数分摊"}},
    {"power", {"divided by installed power", "按装机功率分摊"}},
    {"next_heat", {"idle use of the heat that comes next", "待机耗用归下一炉"}},
    {"moved", {"moved with the steel", "随钢水转移"}},
};

/* Samples that are not plain readings; NULL: plain. */
static const char *const sample_words[SAMPLE_KIND_COUNT][2] = {
    [SAMPLE_ROLLOVER] = {"the register went round", "表计翻转"},
    [SAMPLE_RESET] = {"the register was reset", "表计清零"},
    [SAMPLE_MARK] = {"from here the register counts from this", "换表或清零后起数"},
    [SAMPLE_GLITCH] = {"fell, held: not counted", "回落，挂起"},
    [SAMPLE_SPIKE] = {"rose too fast, held: not counted", "突增，挂起"},
    [SAMPLE_CONFIRMED] = {"a jump that was confirmed", "突变已确认"},
    [SAMPLE_FALL] = {"fell, held until it is clear", "回落，挂起待定"},
    [SAMPLE_ANEW] = {"first after more than 400 days: counts from here", "逾400天无读数，重新起数"},
    [SAMPLE_ECHO] = {"what the message of the same instant says counts", "以同一时刻的消息为准"},
    [SAMPLE_REJECTED] = {"rejected by a person", "人工否决"},
};

static const char *const state_words[][3] = {
    {"green", "green", "绿"}, {"amber", "amber", "黄"}, {"red", "red", "红"},
    {"target", "target", "目标"}, {"limit", "limit", "限额"}, {"raised", "raised", "已触发"},
    {"acked", "acknowledged", "已确认"}, {"shelved", "shelved", "已搁置"},
    {"cleared", "cleared", "已解除"}, {"closed", "closed", "已关闭"},
};

static const char *const quality_words[][3] = {
    {"M", "measured", "实测"}, {"I", "interpolated", "内插"}, {"U", "uncertain", "存疑"},
    {"C", "corrected", "更正"}, {"S", "substituted", "替代"}, {"E", "estimated", "估计"},
};
/* clang-format on */

const char *explain_say(const struct explain_story *story, enum phrase phrase)
{
    return phrases[phrase][story->language];
}

/* A row's first cell is what the ledger says, the others its words. */
static const char *find_words(const struct explain_story *story, const char *const (*rows)[3],
                              size_t count, const char *text)
{
    for (size_t i = 0; text != NULL && i < count; i++) {
        if (strcmp(rows[i][0], text) == 0) {
            return rows[i][1 + story->language];
        }
    }
    return text == NULL ? "-" : text;
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

const char *explain_say_quality(const struct explain_story *story, const char *letter)
{
    return find_words(story, quality_words, COUNT(quality_words), letter);
}

const char *explain_say_state(const struct explain_story *story, const char *state)
{
    return find_words(story, state_words, COUNT(state_words), state);
}

const char *explain_say_method(const struct explain_story *story, const char *method, bool of_heat)
{
    static const char *const no_heat[] = {"no heat was there", "无炉次在场"};

    if (!of_heat && strcmp(method, "none") == 0) {
        return no_heat[story->language];
    }
    for (size_t i = 0; i < COUNT(method_words); i++) {
        if (strcmp(method_words[i].name, method) == 0) {
            return method_words[i].words[story->language];
        }
    }
    return method;
}

const char *explain_say_mark(const struct explain_story *story, enum mark_basis basis)
{
    return mark_words[basis][story->language];
}

const char *explain_say_basis(const struct explain_story *story, enum quota_basis basis)
{
    return basis_words[basis][story->language];
}

const char *explain_say_sample(const struct explain_story *story, unsigned kind)
{
    return kind < SAMPLE_KIND_COUNT ? sample_words[kind][story->language] : NULL;
}

const char *explain_say_label(const struct explain_story *story, const struct label *label,
                              const char *id)
{
    const char *name = story->language == HANDOVER_CHINESE ? label->zh : label->en;
    return *name == '\0' ? id : name;
}

#define SAY_ROW(story, rows, count, wanted)                                                        \
    do {                                                                                           \
        for (uint32_t i = 0; (wanted) != NULL && i < (count); i++) {                               \
            if (strcmp((rows)[i].id, (wanted)) == 0) {                                             \
                return explain_say_label(story, &(rows)[i].name, wanted);                          \
            }                                                                                      \
        }                                                                                          \
        return (wanted) == NULL || *(wanted) == '\0' ? "-" : (wanted);                             \
    } while (0)

static const struct catalog *catalog_of(const struct explain_story *story)
{
    return &explain_journal_plant(story->journal)->catalog;
}

const char *explain_say_shift(const struct explain_story *story, const char *id)
{
    SAY_ROW(story, catalog_of(story)->shifts, catalog_of(story)->shift_count, id);
}

const char *explain_say_crew(const struct explain_story *story, const char *id)
{
    SAY_ROW(story, catalog_of(story)->crews, catalog_of(story)->crew_count, id);
}

const char *explain_say_station(const struct explain_story *story, const char *id)
{
    SAY_ROW(story, catalog_of(story)->stations, catalog_of(story)->station_count, id);
}

void explain_write_label(const struct explain_story *story, enum phrase phrase)
{
    const char *text = explain_say(story, phrase);
    fprintf(story->out, "  %s%*s", text, 18 - table_text_width(text), "");
}
