#!/bin/bash
# A ledger that an earlier version wrote: whoever only looks is told what to do, `replay` and `run`
# put it aside and make it again from the journal, and what was published is not published again.
. "$(dirname "$0")/../support/harness.sh"
plant=$root/tests/scenarios/plant.json
book=$work/book
former=$book/ledger.db.former

command -v sqlite3 >/dev/null || { skipped earlier_ledger "no sqlite3"; finish; }
recording >"$work/day.jsonl" <<'MESSAGES'
08:00:00 LF/electricity/E {"value":100}
08:05:00 heat {"heat":"1","event":"start","station":"LF","id":"s1"}
08:30:00 LF/electricity/E {"value":130}
08:40:00 heat {"heat":"1","event":"end","station":"LF","id":"e1"}
09:00:00 LF/electricity/E {"value":160}
MESSAGES
: >"$work/nothing.jsonl"

replay() { "$heatledger" replay -c "$plant" -d "$book" "$1" >"$work/replay.log" 2>&1 || { cat "$work/replay.log"; return 1; }; }
refuses() { # PATTERN COMMAND...: status 3
    local pattern=$1 said status
    shift
    said=$("$heatledger" "$@" -d "$book" 2>&1)
    status=$?
    [ "$status" -eq 3 ] && grep -qF -- "$pattern" <<<"$said" || { echo "$status: $said"; return 1; }
}
same_history() { "$heatledger" dump --history -d "$book" >"$work/after.dump" && diff "$work/before.dump" "$work/after.dump"; }
outbox() { sqlite3 "$book/ledger.db" 'SELECT position, topic, payload FROM outbox_message'; }
sent_only() { [ "$(outbox)" = '3|heatledger/S/kept|{}' ] || { outbox; return 1; }; }

check "the_ledger_begins" replay "$work/day.jsonl" || finish
"$heatledger" dump --history -d "$book" >"$work/before.dump"
sqlite3 "$book/ledger.db" "INSERT INTO outbox_message (position, ordinal, topic, payload, retain)
    VALUES (3, 0, 'heatledger/S/kept', '{}', 0); DROP VIEW heat_use; PRAGMA user_version = 1"

for looking in "report crews" "report rejects" "handover --day 2026-03-10 --shift day" \
    "explain --heat 1 --item electricity" dump verify; do
    # shellcheck disable=SC2086
    check "an_earlier_ledger_is_not_read_by: ${looking%% --*}" refuses "written by an earlier heatledger" $looking
done
check "looking_leaves_it_where_it_is" test ! -e "$former"
check "it_is_made_again_from_the_journal" replay "$work/nothing.jsonl"
check "the_log_says_so" grep -q "event=ledger_made_again .*kept=$former" "$work/replay.log"
check "the_earlier_one_is_kept" test -s "$former"
check "the_ledger_is_the_same_history_included" same_history
check "the_ledger_verifies" "$heatledger" verify -d "$book"
check "only_what_was_not_sent_is_to_be_sent" sent_only
check "it_is_not_made_again_once_more" replay "$work/nothing.jsonl"
check "there_is_one_earlier_ledger" test ! -e "$former-2"

sqlite3 "$book/ledger.db" 'PRAGMA user_version = 1; UPDATE progress SET position = position + 1000000'
check "a_journal_that_ends_too_early_is_not_made_into_a_ledger" \
    refuses "the ledger is ahead of its journal" replay -c "$plant" "$work/nothing.jsonl"
check "and_nothing_is_put_aside" test ! -e "$former-2"
finish
