/* docs/interfaces.md says what papers are: every form, and every field of it. */
#include "paper.h"
#include "source_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Its row in the manual's table of papers begins with the event and names every field but the id.
 */
static void the_manual_has_a_row_for_each_form(void **state)
{
    (void)state;
    char *manual = source_file("docs/interfaces.md");
    char *papers = strstr(manual, "### Papers");
    assert_non_null(papers);
    for (int kind = 0; kind < PAPER_KINDS; kind++) {
        const struct paper_form *form = paper_form((enum paper_kind)kind);
        char begin[64];
        (void)snprintf(begin, sizeof begin, "\n| `%s` |", form->event);
        const char *row = strstr(papers, begin);
        if (row == NULL) {
            fail_msg("docs/interfaces.md has no row of %s", form->event);
            return;
        }
        char *fields = strdup(row + strlen(begin));
        fields[strcspn(fields, "|")] = '\0';
        for (size_t i = 0; i < form->field_count; i++) {
            const struct paper_field *field = &form->fields[i];
            if (!field->required && strcmp(field->key, "id") == 0) {
                continue;
            }
            if (strstr(fields, field->key) == NULL) {
                fail_msg("docs/interfaces.md does not name \"%s\" of %s", field->key, form->event);
            }
        }
        free(fields);
    }
    free(manual);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_manual_has_a_row_for_each_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
