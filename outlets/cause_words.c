#include "cause_words.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *cause, *words[2]; /* by language */
} causes[] = {
    {"closed", {"booked as it was used", "按时记账"}},
    {"reversal", {"taken back", "红冲"}},
    {"late_reading", {"late reading", "迟到读数"}},
    {"late_event", {"late heat event", "迟到炉次事件"}},
    {"roster", {"crew on duty corrected", "当班班组更正"}},
    {"void", {"cancelled", "作废"}},
    {"conflict", {"better reading for the same time", "同一时刻更优读数"}},
    {"return", {"steel returned", "回炉钢水"}},
    {"split", {"heat split", "炉次拆分"}},
    {"merge", {"heats merged", "炉次合并"}},
    {"renumber", {"heat renumbered", "炉号更改"}},
    {"exchange", {"meter exchanged or reset", "换表或清零"}},
    {"multiplier", {"multiplier corrected", "倍率更正"}},
    {"decision", {"decided by a person", "人工裁定"}},
    {"after_handover", {"came after the handover", "交接后到达"}},
    {"after_close", {"came after the close", "结账后到达"}},
    {"transfer", {"quota transferred", "定额调剂"}},
    {"revise", {"quota revised", "定额修订"}},
    {"veto", {"veto", "否决"}},
    {"plan", {"plan changed", "计划变更"}},
    {"configuration", {"configuration changed", "配置变更"}},
    {"next_heat", {"idle use, given to the heat that came next", "待机耗用，归下一炉"}},
    {"shares", {"shared by other weights", "分摊依据变更"}},
    {"heats", {"weight or owner of heats", "炉次重量或归属"}},
};

const char *cause_words(const char *cause, enum handover_language language)
{
    for (size_t i = 0; i < sizeof causes / sizeof *causes; i++) {
        if (strcmp(causes[i].cause, cause) == 0) {
            return causes[i].words[language];
        }
    }
    return cause;
}

const char *cause_words_list(const char *list, enum handover_language language,
                             char text[CAUSE_WORDS_MAX])
{
    size_t used = 0;

    text[0] = '\0';
    while (*list != '\0') {
        char cause[64];
        size_t length = strcspn(list, ";");
        snprintf(cause, sizeof cause, "%.*s", (int)length, list);
        const char *words = cause_words(cause, language);
        const char *joint = used == 0 ? "" : language == HANDOVER_CHINESE ? "、" : ", ";
        if (used + strlen(joint) + strlen(words) >= CAUSE_WORDS_MAX) {
            break;
        }
        used += (size_t)sprintf(text + used, "%s%s", joint, words);
        list += length + (list[length] == ';');
    }
    return text;
}
