#!/bin/bash
# Papers: revisions and transfers that need two names, slips, causes. What was taken stands in
# `report papers`, what was not in `report rejects` with the reason; a replay comes to the same.
. "$(dirname "$0")/../support/harness.sh"
plant=$root/tests/scenarios/plant.json
book=$work/book

by() { # TIME WHO EVENT [FIELDS]: an entry
    echo "$1 entry {\"by\":\"$2\",\"event\":\"$3\"${4:+,$4}}"
}
refused() { # PATTERN: a refusal with such a reason
    report rejects | columns outcome,detail | grep -F -- "$1" ||
        { report rejects | columns outcome,detail | tail -n 4; return 1; }
}
give='"quota":"argon","period":"2026-03","crew":"A","to_crew":"B","reason":"B taps for A"'

# Heat 1 leaves crew A 2 of its 6 Nm3.
{
    echo '09:00:00 heat {"heat":"1","event":"start","station":"LF","id":"a"}'
    echo '09:20:00 LF/argon/AG {"from":"2026-03-10T09:00:00+08:00","value":4,"heat":"1","id":"g1"}'
    echo '09:30:00 heat {"heat":"1","event":"tap","steel_kg":1000,"grade":"Q","id":"b"}'
    by 09:40:00 wang transfer "\"id\":\"t1\",$give,\"amount\":3"
    by 09:41:00 li approve '"of":"t1"'
    by 09:42:00 li approve '"of":"t1"'
    by 09:42:01 "li " approve '"of":"t1"'
    by 09:43:00 zhao approve '"of":"t1"'
} | recording >"$work/first.jsonl"
check "the_first_hour_is_replayed" "$heatledger" replay -c "$plant" -d "$book" "$work/first.jsonl"
check "a_proposal_waits_for_the_second_name" shows id,kind,state,approvals,amount,crew,to_crew \
    t1,transfer,proposed,li,3,A,B papers --open
check "one_name_twice_is_refused" refused \
    'not_allowed,li has approved "t1" already: the second name must be another one'
check "a_space_makes_no_second_name" refused 'li  has approved "t1" already'
check "a_transfer_beyond_the_balance_is_refused_with_both_numbers" \
    refused 'crew A would give 3 Nm3 of quota argon in 2026-03, and has 2 Nm3 left of it'

# Heat 2 earns 6 more; the same name approves again.
{
    echo '10:10:00 heat {"heat":"2","event":"start","station":"LF","id":"c"}'
    echo '10:20:00 heat {"heat":"2","event":"tap","steel_kg":1000,"grade":"Q","id":"d"}'
    by 10:30:00 zhao approve '"of":"t1"'
    by 10:31:00 wu approve '"of":"t1"'
    by 10:40:00 wang transfer "\"id\":\"t2\",$give,\"amount\":6"
    by 10:41:00 wang approve '"of":"t2"'
    by 10:42:00 li approve '"of":"t2"'
    by 10:43:00 li decline '"of":"t2","reason":"too much"'
    by 10:44:00 wang transfer "\"id\":\"t1\",$give,\"amount\":3"
    by 10:45:00 wang transfer "\"id\":\"t1\",$give,\"amount\":2"
} | recording >"$work/second.jsonl"
check "the_second_hour_is_replayed" "$heatledger" replay -c "$plant" -d "$book" "$work/second.jsonl"
check "a_transfer_is_in_force_with_two_names" shows id,state,approvals "t1,in_force,li;zhao" papers
check "what_is_in_force_is_not_approved_again" refused 'paper "t1" is in force already'
check "what_was_given_is_left_no_more" refused 'would give 6 Nm3 of quota argon in 2026-03, and has 5 Nm3'
check "a_declined_proposal_says_so" shows id,state,approvals t2,declined,wang papers
check "an_id_is_taken_once" refused 'id "t1" is that of another paper'
check "nothing_waits" test "$(report papers --open | wc -l)" -eq 1

# A revision of the past judges heat 2 again, and not heat 1.
{
    echo '10:50:00 LF/argon/AG {"from":"2026-03-10T10:10:00+08:00","value":5,"heat":"2","id":"g2"}'
    by 11:00:00 wang revise '"id":"r1","quota":"argon","from":"2026-03-10T10:00:00+08:00","target":"2","limit":3,"reason":"new plug"'
    by 11:01:00 wang approve '"of":"r1"'
} | recording >"$work/third.jsonl"
by 11:02:00 li approve '"of":"r1"' | recording >"$work/fourth.jsonl"
check "a_revision_is_proposed" "$heatledger" replay -c "$plant" -d "$book" "$work/third.jsonl"
check "before_its_second_name_nothing_changes" shows quota,scope,heat,allowed_limit,used,state \
    argon,heat,2,6,5,green quotas
check "its_second_name_comes" "$heatledger" replay -c "$plant" -d "$book" "$work/fourth.jsonl"
check "a_heat_that_started_behind_it_is_judged_by_it" shows quota,scope,heat,allowed_target,allowed_limit,used,state \
    argon,heat,2,2,3,5,red quotas
check "a_heat_that_started_before_it_is_not" shows quota,scope,heat,allowed_limit,used,state \
    argon,heat,1,6,4,green quotas
check "the_crew_has_what_its_heats_have" shows quota,scope,crew,allowed_target,allowed_limit,used \
    argon,crew,A,7,9,9 quotas
check "its_alert_rises" shows id,state argon/heat/2/limit,raised alerts

# What needs nobody, and slips.
{
    by 11:10:00 li revise '"id":"r2","quota":"argon","from":"2026-03-10T10:00:00+08:00","limit":4,"reason":"x"'
    by 11:11:00 li revise '"quota":"argon","from":"2026-03-11T10:00:00+08:00","target":5,"limit":4,"reason":"x"'
    by 11:12:00 li cause '"of":"argon/heat/2/limit","code":"MEA","reason":"meter stuck"'
    by 11:13:00 li cause '"of":"argon/heat/2/limit","code":"MAC","action":"plug renewed"'
    by 11:14:00 li cause '"of":"argon/heat/9/limit","code":"MAC"'
    by 11:15:00 li cause '"of":"argon/heat/2/limit","code":"XYZ"'
    by 11:16:00 li plan '"period":"2026-03","tonnes":"300000"'
    by 11:17:00 li veto '"crew":"C","period":"2026-03-X1","code":"safety","reason":"helmet"'
    by 11:18:00 li slip '"id":"s1","item":"femn","crew":"A","order":"P-77","tonnes":50,"rate":7'
    by 11:19:00 li issue '"of":"s1","amount":350'
    by 11:20:00 li issue '"of":"s1","amount":1'
    by 11:20:30 li issue '"of":"s1","amount":1,"approved_by":" li"'
    by 11:21:00 li issue '"of":"s1","amount":1,"approved_by":"zhao"'
    by 11:22:00 li put_back '"of":"s1","amount":20'
    by 11:23:00 li close_slip '"of":"s1","amount":11'
    by 11:24:00 li close_slip '"of":"s1","amount":11'
    by 11:25:00 li approve '"reason":"of what?"'
} | recording >"$work/fifth.jsonl"
check "the_rest_is_replayed" "$heatledger" replay -c "$plant" -d "$book" "$work/fifth.jsonl"
check "two_revisions_from_one_instant_are_refused" refused 'quota argon has other rates from 2026-03-10T10:00:00+08:00 on already'
check "a_target_above_its_limit_is_refused" refused '"target" is greater than "limit"'
check "a_later_cause_counts_instead" shows kind,of,code,replaced cause,argon/heat/2/limit,MEA,true papers
check "the_latest_cause_counts" shows kind,of,code,replaced,action cause,argon/heat/2/limit,MAC,false,plug\ renewed papers
check "a_cause_of_no_alert_is_refused" refused '"argon/heat/9/limit", which is no alert'
check "a_code_that_is_not_known_is_refused_with_those_that_are" refused 'no cause of plant.json; there are'
check "a_plan_is_noted" shows kind,state,period,tonnes plan,noted,2026-03,300000 papers
check "a_veto_is_noted" shows kind,crew,period,code veto,C,2026-03-X1,safety papers
check "an_issue_over_the_limit_needs_another_name" refused 'goes 1 kg over the limit of slip "s1", which is 350 kg'
check "with_another_name_it_is_taken" shows kind,of,amount,approved_by issue,s1,1,zhao papers
check "a_slip_is_closed_once" refused 'slip "s1" is closed'
check "a_closed_slip_says_so" shows id,kind,state s1,slip,closed papers
check "a_paper_without_its_fields_is_refused" refused '"of" is missing'
check "no_refused_paper_is_listed" test "$(report papers | grep -c ',revise,')" -eq 1

check "the_ledger_verifies" "$heatledger" verify -d "$book"
"$heatledger" dump -d "$book" --history >"$work/in-parts"
cat "$work"/{first,second,third,fourth,fifth}.jsonl >"$work/all.jsonl"
check "all_is_replayed_at_once" "$heatledger" replay -c "$plant" -d "$work/whole" "$work/all.jsonl"
"$heatledger" dump -d "$work/whole" --history >"$work/at-once"
check "papers_stand_in_the_history" test "$(grep -c '^paper' "$work/at-once")" -ge 16
check "restarts_change_nothing" diff "$work/in-parts" "$work/at-once"
check "papers_are_told_by_explain_and_handover" "$heatledger" handover -d "$book" --day 2026-03-10 --shift day --json
explained() { "$heatledger" explain -d "$book" --heat 2 --json | tr '{' '\n' | grep -F -- "$1"; }
check "a_revised_rule_is_explained" explained '"from":"2026-03-10T10:00:00+08:00","target":"2","limit":"3"'
check "beside_the_versions_of_the_configuration" explained '"from":"2026-03-10T12:00:00+08:00"'

# At the keyboard a slip of the pen is refused before it is sent.
typed() { # PATTERN ENTRY
    local said status
    said=$("$heatledger" entry -c "$plant" --broker mqtt://127.0.0.1:1 "$2" 2>&1)
    status=$?
    [ "$status" -eq 2 ] && grep -qF -- "$1" <<<"$said" || { echo "$status: $said"; return 1; }
}
check "a_paper_that_lacks_a_field_is_not_sent" typed 'event "transfer" needs "amount", a number' \
    "{\"by\":\"li\",\"event\":\"transfer\",$give}"
check "a_misspelt_field_is_not_sent" typed 'knows no "aproved_by"; did you mean "approved_by"?' \
    '{"by":"li","event":"issue","of":"s1","amount":1,"aproved_by":"zhao"}'
check "a_misspelt_paper_is_not_sent" typed 'no event "tranfer"; did you mean "transfer"?' \
    '{"by":"li","event":"tranfer"}'

# And live: typed, through the broker, into the ledger of a daemon that is killed in between.
entry() { "$heatledger" entry -c "$plant" --broker "$broker_url" "$1" >/dev/null; }
live_start "$plant" "$work/live" || finish
book=$work/live
check "a_slip_is_typed" entry '{"ts":"2026-03-10T09:00:00+08:00","by":"li","event":"slip","id":"s1","item":"femn","crew":"A","order":"P-77","tonnes":50,"limit":"350.5"}'
check "a_revision_is_typed" entry "{\"ts\":\"2026-03-10T09:00:01+08:00\",\"by\":\"wang\",\"event\":\"revise\",\"id\":\"r1\",\"quota\":\"gas\",\"from\":\"2026-03-10T10:00:00+08:00\",\"limit\":5,\"reason\":\"new burner\"}"
check "it_is_approved_once" entry '{"ts":"2026-03-10T09:00:02+08:00","by":"wang","event":"approve","of":"r1"}'
check "both_stand_in_the_ledger" wait_for 30 shows id,state,approvals r1,proposed,wang papers
kill -KILL "$daemon_pid" && wait "$daemon_pid" 2>/dev/null
daemon_start "$plant" "$book" || not_ok the_daemon_starts_again "$(tail -n 2 "$book.log")"
check "after_a_crash_one_name_twice_is_still_one_name" entry '{"ts":"2026-03-10T09:00:03+08:00","by":"wang","event":"approve","of":"r1"}'
check "it_is_refused" wait_for 30 refused 'wang has approved "r1" already'
check "another_name_approves" entry '{"ts":"2026-03-10T09:00:04+08:00","by":"li","event":"approve","of":"r1"}'
check "then_it_is_in_force" wait_for 30 shows id,state,approvals "r1,in_force,wang;li" papers
check "the_slip_is_there_after_the_crash" shows id,kind,limit,state s1,slip,350.5,open papers
stop_process "$daemon_pid"
check "the_live_ledger_verifies" "$heatledger" verify -d "$book"
finish
