#include "report_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *report_parameter(const struct report_source *source, const char *name)
{
    for (int i = 0; i < source->parameter_count; i++) {
        if (strcmp(source->parameters[i].name, name) == 0) {
            return source->parameters[i].value;
        }
    }
    return NULL;
}

const char *report_period(const struct report_source *source, char text[TIMESTAMP_TEXT_MAX])
{
    const char *day = report_parameter(source, ":day");
    return day != NULL ? timestamp_format_day((int32_t)report_number(day), text)
                       : report_parameter(source, ":period");
}

int64_t report_number(const char *text)
{
    return text == NULL ? 0 : strtoll(text, NULL, 10);
}

void report_name_add(char list[REPORT_NAMES_MAX], const char *name)
{
    size_t length = strlen(name), used = strlen(list);
    for (const char *at = strstr(list, name); at != NULL; at = strstr(at + 1, name)) {
        if ((at == list || at[-1] == ';') && (at[length] == ';' || at[length] == '\0')) {
            return;
        }
    }
    if (used + length + 2 <= REPORT_NAMES_MAX) {
        snprintf(list + used, REPORT_NAMES_MAX - used, "%s%s", used > 0 ? ";" : "", name);
    }
}
