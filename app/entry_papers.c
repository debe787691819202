#include "entry_papers.h"

#include "memory.h"
#include "plant_suggest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_MAX 24 /* bytes of a field's key, NUL included */

static const char *const of_all[] = {"by", "event", "ts"};
#define OF_ALL (sizeof of_all / sizeof of_all[0])

/* The keys that a paper may have. Returns how many. */
static size_t list_keys(const struct paper_form *form,
                        char keys[PAPER_FIELDS_MAX + OF_ALL][KEY_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < form->field_count; i++) {
        snprintf(keys[count++], KEY_MAX, "%s", form->fields[i].key);
    }
    for (size_t i = 0; i < OF_ALL; i++) {
        snprintf(keys[count++], KEY_MAX, "%s", of_all[i]);
    }
    return count;
}

static bool check_keys(const cJSON *entry, const struct paper_form *form, struct failure *failure)
{
    char keys[PAPER_FIELDS_MAX + OF_ALL][KEY_MAX];
    size_t count = list_keys(form, keys);
    const cJSON *member;
    cJSON_ArrayForEach(member, entry)
    {
        bool known = false;
        for (size_t i = 0; i < count && !known; i++) {
            known = strcmp(keys[i], member->string) == 0;
        }
        if (!known) {
            const char *near = plant_suggest(member->string, keys, count, KEY_MAX);
            return failure_set(failure, FAILURE_INPUT,
                               "JSON: event \"%s\" knows no \"%.64s\"%s%s%s; `heatledger entry "
                               "--help` lists its fields",
                               form->event, member->string, near == NULL ? "" : "; did you mean \"",
                               near == NULL ? "" : near, near == NULL ? "" : "\"?");
        }
    }
    return true;
}

bool entry_papers_check(const cJSON *entry, enum paper_kind kind, struct failure *failure)
{
    const struct paper_form *form = paper_form(kind);
    for (size_t i = 0; i < form->field_count; i++) {
        const struct paper_field *field = &form->fields[i];
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(entry, field->key);
        if (field->required && (value == NULL || cJSON_IsNull(value))) {
            return failure_set(failure, FAILURE_INPUT, "JSON: event \"%s\" needs \"%s\", %s",
                               form->event, field->key, paper_type_right(field->type));
        }
    }
    return check_keys(entry, form, failure);
}

char *entry_papers_help(void)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    REQUIRE(out != NULL);
    fputs("\n\nPapers: what is handed in about quotas, plans and money (fields in brackets may be "
          "left out);\nwhat became of them stands in `report papers`:\n",
          out);
    for (int kind = 0; kind < PAPER_KINDS; kind++) {
        const struct paper_form *form = paper_form((enum paper_kind)kind);
        fprintf(out, "  %-10s %s\n            ", form->event, form->does);
        for (size_t i = 0; i < form->field_count; i++) {
            const struct paper_field *field = &form->fields[i];
            fprintf(out, field->required ? " %s" : " [%s]", field->key);
        }
        putc('\n', out);
    }
    fputs("  {\"by\":\"leader-a\",\"event\":\"transfer\",\"id\":\"t-7\",\"quota\":\"femn\","
          "\"period\":\"2026-03\",\n   \"crew\":\"A\",\"to_crew\":\"B\",\"amount\":12.5,"
          "\"reason\":\"B tapped for A\"}\n"
          "  {\"by\":\"engineer-1\",\"event\":\"approve\",\"of\":\"t-7\"}",
          out);
    REQUIRE(fclose(out) == 0);
    return text;
}
