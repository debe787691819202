#!/bin/bash
# A month's quota divided down to shifts and posts, and what is left of it over the rest. The plant is
# the demo's with planned steel and allocations; the first ten days of March end with its recording.
. "$(dirname "$0")/../support/demo_day.sh"

sed '/^  "settlement": {/i\
  "plan": [{"period": "2026-03-X1", "tonnes": "3600"}, {"period": "2026-03-X2", "tonnes": "36000"},\
           {"period": "2026-03-X3", "tonnes": "39600"}],\
  "allocations": [\
    {"quota": "femn", "period": "2026-03", "periods": ["ten_days", "day", "shift"]},\
    {"quota": "sial", "period": "2026-03", "growth": {"last": "50000", "factor": "1.2"},\
     "periods": ["ten_days"], "parts": [{"station": "BOF", "weight": 1, "parts": [\
       {"post": "炉长", "weight": 2}, {"post": "合金工", "weight": 1}]}]}],' \
    "$plant" >"$work/plant.json"
plant=$work/plant.json
check "a_plan_and_allocations_are_accepted" "$heatledger" check -c "$plant"
sed 's/"2026-03-X3", "tonnes": "39600"/"2026-03", "tonnes": "108000"/' "$plant" >"$work/hole.json"
check "a_hole_in_the_plan_is_refused_with_its_line" bash -c "
    ! '$heatledger' check -c '$work/hole.json' >'$work/said' &&
    grep -q ':[0-9]*: allocations\[0\].periods: 2026-03-X3 has no planned tonnes' '$work/said'"
"$heatledger" simulate -c "$plant" "$timetable" --record "$work/day.jsonl" >/dev/null 2>&1
check "replay_books_the_day" "$heatledger" replay -c "$plant" -d "$book" "$work/day.jsonl" || finish

# 79,200 t x 7 kg; A to D used 8,216 + 8,342 + 8,522 + 2,072 kg of it in the first ten days.
line=level,period,shift,holder,name,planned_t,allowed
check "the_month_is_the_limit_times_the_planned_tonnes" \
    shows "$line" month,2026-03,,shop,,79200,554400 plan --quota femn
check "a_shift_has_a_third_of_its_day" \
    shows "$line" shift,2026-03-11,day,crew,A,1200,8400 plan --quota femn
check "a_crew_is_shown_with_what_it_used" \
    shows period,shift,name,used,done_t,rate 2026-03-10,day,A,8216,1199.4,6.850092 plan --crew A
check "a_post_has_its_part_of_the_growth" \
    shows "$line" month,2026-03,,post,BOF/炉长,79200,40000 plan --quota sial

# (554,400 - 27,152) / 75,600 t, and the best was A's 8,216 kg for 1,199.4 t
rest=left,left_t,rate_left,best_rate,gap,unattainable,new_limit
check "what_is_left_is_divided_by_the_tonnes_left" \
    shows "$rest" 527248,75600,6.97418,6.850092,0,false,6.974179894 reallocation --quota femn
check "what_is_over_is_locked" \
    shows period,level,holder,state,reallocated 2026-03-X1,ten_days,shop,closed,27152 \
    reallocation --quota femn
# 60,000 - 3,582 kg for 75,600 t; A's 984 kg for 1,199.4 t is the best: 62,023.011 kg would be needed
check "a_rate_below_the_best_is_unattainable" \
    shows left,rate_left,best_rate,unattainable 56418,0.74627,0.82041,true reallocation --quota sial
check "it_is_said_in_words" bash -c "
    '$heatledger' report reallocation --quota sial -d '$book' | grep -q 'nobody is tightened' &&
    '$heatledger' report reallocation --quota sial -d '$book' --lang zh | grep -q '无法达到：'"
check "the_entry_that_puts_it_in_force_is_shown" bash -c "
    '$heatledger' report reallocation --quota femn -d '$book' | grep -qF \
    '\"event\":\"revise\",\"quota\":\"femn\",\"from\":\"2026-03-11T08:00:00+08:00\",\"limit\":\"6.974179894\"'"
# At 14:00 A has made 900 t of 1,200 t with 6,165 kg; at 10:00 of the next day less than a fifth.
awk '{ if (substr($0, 8, 16) >= "2026-03-10T06:00") exit; print }' "$work/day.jsonl" >"$work/part.jsonl"
sed '/^  "settlement": {/i\
  "plan": [{"period": "2026-03-10", "tonnes": "3600"}],' "$root/deploy/demo/plant.json" >"$work/day.json"
"$heatledger" replay -c "$work/day.json" -d "$work/at_two" "$work/part.jsonl" >/dev/null 2>&1
check "a_crew_shift_that_runs_forecasts_its_end" bash -c "
    '$heatledger' report quotas --quota femn -d '$work/at_two' --csv |
    grep -q '^femn,crew,2026-03-10 day A,A,,femn,kg,owner,6120,6300,6165,135,8220,'"
check "too_little_steel_forecasts_nothing" bash -c "
    '$heatledger' report quotas --quota femn -d '$book' --csv |
    grep -q '^femn,crew,2026-03-11 day A,A,,femn,kg,owner,[^,]*,[^,]*,682,[^,]*,,'"

# The sums of every level, whatever stands in between.
for level in ten_days day shift; do
    check "the_${level}_of_the_month_add_up" bash -c "
        for report in 'plan 4 10' 'reallocation 3 14'; do
            read -r name level_at amount_at <<<\"\$report\"
            '$heatledger' report \$name --quota femn -d '$book' --csv |
            awk -F, -v level=$level -v at=\$level_at -v amount=\$amount_at '
                \$at == level && /,shop,/ { sum += \$amount }
                END { exit !(sum > 554399.9995 && sum < 554400.0005) }' || exit 1
        done"
done

# Wu plans 30,000 t for the second ten days in place of 36,000 t: amounts stay, the rate' rises.
cat >"$work/plan.jsonl" <<'END'
{"at":"2026-03-11T10:10:00+08:00","topic":"plant/BOF1/entry","payload":{"ts":"2026-03-11T10:10:00+08:00","by":"Wu","event":"plan","period":"2026-03-X2","tonnes":"30000"}}
END
"$heatledger" replay -c "$plant" -d "$book" "$work/plan.jsonl" >/dev/null 2>&1
check "steel_planned_anew_counts_in_the_plan" \
    shows "$line" ten_days,2026-03-X2,,shop,,30000,252000 plan --quota femn
check "and_in_the_rate_that_is_left" \
    shows planned_t,left,left_t,rate_left 73200,527248,69600,7.575402 reallocation --quota femn
finish
