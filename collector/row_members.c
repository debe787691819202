#include "row_members.h"

#include <cjson/cJSON.h>
#include <string.h>

void row_members_begin(struct row_members *members, const struct mapping *mapping)
{
    members->count = mapping->member_count;
    for (unsigned i = 0; i < members->count; i++) {
        members->names[i] = mapping_member_name(mapping, i);
    }
}

void row_members_find(struct row_members *members, const struct cJSON *object)
{
    memset(members->of, 0, members->count * sizeof *members->of);
    for (const cJSON *child = object->child; child != NULL; child = child->next) {
        for (unsigned i = 0; i < members->count; i++) {
            const char *name = members->names[i];
            /* Nearly all differ in their first byte: the call is for those that do not. */
            if (name[0] == child->string[0] && strcmp(name, child->string) == 0) {
                members->of[i] = child;
                break;
            }
        }
    }
}
