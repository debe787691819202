#!/bin/bash
# A ledger that has booked what its journal does not hold (a disk that lost what it had promised to
# keep): it is put aside and made again from the journal where that is whole, and refused otherwise.
. "$(dirname "$0")/../support/harness.sh"
plant=$root/tests/scenarios/plant.json
book=$work/book

command -v sqlite3 >/dev/null || { skipped ledger_ahead "no sqlite3"; finish; }
recording >"$work/day.jsonl" <<'MESSAGES'
08:00:00 LF/electricity/E {"value":100}
08:05:00 heat {"heat":"1","event":"start","station":"LF","id":"s1"}
08:30:00 LF/electricity/E {"value":130}
08:40:00 heat {"heat":"1","event":"end","station":"LF","id":"e1"}
09:00:00 LF/electricity/E {"value":160}
MESSAGES
: >"$work/nothing.jsonl"

replay() { "$heatledger" replay -c "$plant" -d "$book" "$1" >"$work/replay.log" 2>&1 || { cat "$work/replay.log"; return 1; }; }
same_history() { "$heatledger" dump --history -d "$book" >"$work/after.dump" && diff "$work/before.dump" "$work/after.dump"; }
outbox() { sqlite3 "$book/ledger.db" 'SELECT position, topic FROM outbox_message'; }
sent_only() { [ "$(outbox)" = '3|heatledger/S/kept' ] || { outbox; return 1; }; }
go_ahead() { sqlite3 "$book/ledger.db" 'UPDATE progress SET position = position + 1000'; }

check "the_ledger_begins" replay "$work/day.jsonl" || finish
"$heatledger" dump --history -d "$book" >"$work/before.dump"
ahead=$(sqlite3 "$book/ledger.db" 'SELECT position + 1000 FROM progress')
sqlite3 "$book/ledger.db" "INSERT INTO outbox_message (position, ordinal, topic, payload, retain)
    VALUES (3, 0, 'heatledger/S/kept', '{}', 0), ($ahead - 1, 0, 'heatledger/S/lost', '{}', 0)"
go_ahead

check "edge_33_it_is_made_again_from_the_journal" replay "$work/nothing.jsonl"
check "the_log_says_so" grep -q "event=ledger_made_again .*kept=$book/ledger.db.ahead-$ahead" "$work/replay.log"
check "the_one_that_was_ahead_is_kept" test -s "$book/ledger.db.ahead-$ahead"
check "edge_33_the_ledger_is_that_of_the_journal_history_included" same_history
check "the_ledger_verifies" "$heatledger" verify -d "$book"
check "what_the_journal_has_lost_is_not_told" sent_only

go_ahead
rm -r "$book/journal"
refused() {
    "$heatledger" replay -c "$plant" -d "$book" "$work/nothing.jsonl" >"$work/replay.log" 2>&1
    [ $? -eq 3 ] && grep -q "the ledger is ahead of its journal" "$work/replay.log" || { cat "$work/replay.log"; return 1; }
}
check "beside_a_new_journal_it_is_refused" refused
check "and_stays_where_it_is" test "$(find "$book" -name 'ledger.db.ahead-*' | wc -l)" -eq 1
finish
