#include "reallocation_words.h"

#include <stdio.h>

static void say_unattainable(const struct reallocation_words *words,
                             char note[REALLOCATION_NOTE_MAX])
{
    if (words->best == NULL && words->chinese) {
        snprintf(note, REALLOCATION_NOTE_MAX, "无法达到：配额已用完；各期保持原有份额，缺口 %s %s",
                 words->gap, words->unit);
    } else if (words->best == NULL) {
        snprintf(
            note, REALLOCATION_NOTE_MAX,
            "unattainable: the quota is used up; all keep what they had, and %s %s are missing",
            words->gap, words->unit);
    } else if (words->chinese) {
        snprintf(note, REALLOCATION_NOTE_MAX,
                 "无法达到：剩余 %s %s/t，低于班组最好实绩 %s %s/t；不再压低，缺口 %s %s",
                 words->rate, words->unit, words->best, words->unit, words->gap, words->unit);
    } else {
        snprintf(note, REALLOCATION_NOTE_MAX,
                 "unattainable: %s %s/t are left, and %s %s/t is the best that any crew-shift has "
                 "shown; nobody is tightened below it, and %s %s are missing",
                 words->rate, words->unit, words->best, words->unit, words->gap, words->unit);
    }
}

const char *reallocation_note(const struct reallocation *result,
                              const struct reallocation_words *words,
                              char note[REALLOCATION_NOTE_MAX])
{
    if (result->left_g == 0) {
        return words->chinese ? "没有未结束的期间可再分配" : "nothing is left to be re-allocated";
    }
    if (result->unattainable) {
        say_unattainable(words, note);
        return note;
    }
    if (result->gap_base > 0) {
        snprintf(note, REALLOCATION_NOTE_MAX,
                 words->chinese ? "下限合计超过剩余配额 %s %s"
                                : "the floors are more than what is left, by %s %s",
                 words->gap, words->unit);
        return note;
    }
    if (!result->judged) {
        return words->chinese ? "尚无已结束的班次可比，能否达到未知"
                              : "no crew-shift is over yet: whether it can be reached is not known";
    }
    return NULL;
}
