#include "row_members.h"

#include <string.h>

/* The member of the mapping that a key of the row is; NULL: none. */
static const struct mapping_member *find(const struct mapping *mapping,
                                         const struct json_value *child)
{
    if (child->key_escaped) {
        for (unsigned i = 0; i < mapping->member_count; i++) {
            if (json_key_is(child, mapping_member_name(mapping, i), mapping->members[i].length)) {
                return &mapping->members[i];
            }
        }
        return NULL;
    }
    unsigned next = mapping->member_at[mapping_member_slot(child->key, child->key_length)];
    while (next != 0) {
        const struct mapping_member *member = &mapping->members[next - 1];
        if (member->length == child->key_length &&
            memcmp(mapping_member_name(mapping, next - 1), child->key, member->length) == 0) {
            return member;
        }
        next = member->next;
    }
    return NULL;
}

uint64_t row_members_find(struct row_members *members, const struct mapping *mapping,
                          const struct json_value *object)
{
    uint64_t fields = mapping->fields_elsewhere;
    const struct json_value *end = json_behind(object);
    memset(members->of, 0, mapping->member_count * sizeof *members->of);
    for (const struct json_value *v = json_first(object); v < end; v = json_behind(v)) {
        const struct mapping_member *member = find(mapping, v);
        if (member != NULL) {
            members->of[member - mapping->members] = v;
            fields |= member->fields;
        }
    }
    return fields;
}
