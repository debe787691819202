#!/bin/bash
# The analysis of the demo day: what was lost and why, who did best on the same mix, electricity
# against its baseline, cost against the plan. The plant is the demo's with a plan and baselines.
. "$(dirname "$0")/../support/demo_day.sh"

sed -e 's/{"id": "LF", "name"/{"id": "LF", "run_min": "28", "name"/' -e '/^  "settlement": {/i\
  "plan": [{"period": "2026-03-10", "tonnes": "4000"}],\
  "baselines": [\
    {"item": "electricity", "station": "LF", "fixed": "0", "per_tonne": "36"},\
    {"item": "electricity", "fit_from": "2026-03-10", "fit_to": "2026-03-10"}],\
  "causes": [{"id": "MEA-02", "name": {"zh": "天车秤零点漂移", "en": "Crane scale out of zero"}}],' \
    "$plant" >"$work/plant.json"
plant=$work/plant.json
check "a_plan_and_baselines_are_accepted" "$heatledger" check -c "$plant"
"$heatledger" simulate -c "$plant" "$timetable" --record "$work/day.jsonl" >/dev/null 2>&1

# entry NAME EVENT: an entry of 2026-03-11 10:05, after the night shift's overruns are known.
entry() {
    printf '{"at":"2026-03-11T10:05:00+08:00","topic":"plant/BOF1/entry","payload":'
    printf '{"ts":"2026-03-11T10:05:00+08:00","by":"%s",%s}}\n' "$1" "$2"
}
check "replay_books_the_day" "$heatledger" replay -c "$plant" -d "$book" "$work/day.jsonl" || finish

day="--day 2026-03-10"
# C used 4,701 kg of hot metal too much, at 2.80 yuan; A 421.6 kWh at the furnace, at 0.62.
loss=key,over,overruns,loss,share_pct,cumulated_pct,vital
check "most_of_the_loss_is_hot_metal" \
    shows "$loss" hot_metal,4701,1,13162.8,98.05,98.05,true pareto $day
check "the_rest_is_electricity" \
    shows "$loss" lf_electricity,421.6,1,261.39,1.95,100,false pareto $day
check "the_loss_is_that_of_crew_c" shows key,loss,vital C,13162.8,true pareto --by crew $day
check "what_has_no_price_is_named" \
    shows key,over,loss,without_price femn,119.9,,femn pareto $day
check "a_way_to_divide_that_is_none_is_refused" bash -c "
    ! '$heatledger' report pareto --by colour -d '$book' 2>'$work/said' &&
    grep -q 'quota, crew, cause or item' '$work/said'"

place=rank,crew,heats,used,rate,gap,few_heats
check "a_used_the_least_ferro_manganese" \
    shows "$place" 1,A,12,8216,6.850092,0,false ranking --quota femn $day
check "c_used_the_most" \
    shows "$place" 3,C,12,8522,7.099892,0.2498,false ranking --quota femn $day
check "the_spread_stands_below" bash -c "
    '$heatledger' report ranking --quota femn $day -d '$book' | grep -q '0.2498 kg/t'"
check "few_heats_have_no_rank" \
    shows "$place" ,D,3,2072,6.899767,,true ranking --quota femn --period 2026-03-09

energy=day,crew,per_tonne,expected,difference,cusum,improvement_pct
check "furnace_energy_of_a_tonne_is_36_35_kwh" shows "$energy" \
    2026-03-10,A,36.351509,43178.4,421.6,421.6,-0.98 enpi --item electricity --station LF $day
check "its_sum_falls_with_what_b_and_c_saved" shows "$energy" \
    2026-03-10,C,35.991002,43210.8,-10.8,200,0.02 enpi --item electricity --station LF $day
check "a_shift_that_runs_is_held_against_nothing" shows "$energy" \
    2026-03-11,A,41.164659,,,, enpi --item electricity --station LF --day 2026-03-11
check "a_line_through_three_points_is_not_advised" bash -c "
    '$heatledger' report enpi --item electricity $day -d '$book' --csv | grep -q ',3,false,'"

check "cost_is_held_against_the_plan" shows \
    planned_t,done_t,earned_value,actual_cost,cost_variance,cost_index,schedule_index \
    4000,3600,11168352,11539556.3,-371204.3,0.9678,0.9 progress

# 12 heats of half an hour in eight hours, of which 28 minutes each were planned.
check "the_furnace_was_used_three_quarters" shows \
    crew,production_min,heats,availability,effectiveness,quality_ratio,oee \
    A,360,12,0.75,0.9333,1,0.7 kpi --station LF $day
check "the_text_is_chinese_where_it_is_asked_for" bash -c "
    '$heatledger' report pareto $day -d '$book' --lang zh | grep -q '无标准单价' &&
    '$heatledger' report enpi --item electricity -d '$book' --lang zh | grep -q '上升即浪费' &&
    '$heatledger' report kpi -d '$book' --lang zh | grep -q '时间开动率'"

c_hot_metal='"of":"hot_metal/crew/2026-03-10 night C/limit"'
{
    cat "$work/day.jsonl"
    entry foreman-c "\"event\":\"cause\",$c_hot_metal,\"code\":\"MEA-02\",\"action\":\"秤已校零\""
    entry foreman-c "\"event\":\"cause\",$c_hot_metal,\"code\":\"XXX\""
} >"$work/told.jsonl"
why=id,loss,cause,cause_en,charged_to,by,pending
of_c="hot_metal/crew/2026-03-10 night C/limit"
check "an_overrun_waits_for_its_cause" shows "$why" "$of_c,13162.8,,,,,true" overruns --open --crew C
book=$work/told
check "replay_with_the_cause" "$heatledger" replay -c "$plant" -d "$book" "$work/told.jsonl" || finish
check "an_overrun_has_its_cause" shows "$why" \
    "$of_c,13162.8,MEA-02,Crane scale out of zero,instruments,foreman-c,false" overruns --crew C
check "its_heats_wait_no_longer" bash -c "
    ! '$heatledger' report overruns --open --crew C --quota hot_metal -d '$book' --csv | grep -q ,true"
check "the_loss_is_the_instrument_sections" \
    shows key,loss instruments,13162.8 pareto --by crew $day
check "a_code_that_there_is_not_is_refused" bash -c "
    '$heatledger' report rejects -d '$book' --csv | grep -q XXX"
check "the_handover_counts_what_nobody_has_explained" bash -c "
    '$heatledger' handover -d '$book' --day 2026-03-11 --shift day --json |
        grep -q '\"causes_pending\":7' &&
    '$heatledger' handover -d '$book' --day 2026-03-11 --shift day --text --lang zh | grep -q 待填：7"
check "verify_proves_the_ledger" "$heatledger" verify -d "$book"

# DOMAIN 5: four crew-shifts against 12,000 kWh + 35 kWh/t, and from a fifth on another line.
cat >"$work/shop.json" <<'PLANT'
{"shop": "S", "zone": "Asia/Shanghai", "production_day_start": "08:00",
 "items": [{"id": "electricity", "unit": "kWh", "resolution": "0.001"}],
 "stations": [{"id": "LF", "last": true}],
 "meters": [{"id": "E1", "item": "electricity", "station": "LF", "kind": "event", "max": "100000"}],
 "shifts": [{"id": "day", "start": "08:00"}], "crews": [{"id": "A"}],
 "roster": {"epoch": "2026-03-10", "cycle": ["day"], "offsets": {"A": 0}},
 "baselines": [
   {"item": "electricity", "fixed": "12000", "per_tonne": "35"},
   {"item": "electricity", "from": "2026-03-14", "fit_from": "2026-03-10", "fit_to": "2026-03-12"}]}
PLANT
crew_shift() { # DAY TONNES KWH
    echo "$1T09:00:00 heat {\"heat\":\"h$1\",\"event\":\"start\",\"station\":\"LF\"}"
    echo "$1T09:10:00 LF/electricity/E1 {\"value\":$3,\"id\":\"e$1\"}"
    echo "$1T09:20:00 heat {\"heat\":\"h$1\",\"event\":\"tap\",\"steel_kg\":${2}000,\"id\":\"t$1\"}"
    echo "$1T09:30:00 heat {\"heat\":\"h$1\",\"event\":\"end\",\"station\":\"LF\"}"
}
{
    crew_shift 10 1200 54300
    crew_shift 11 1180 52900
    crew_shift 12 1210 54900
    crew_shift 13 1150 53000
    crew_shift 14 1200 54000
    echo '15T09:00:00 LF/electricity/E1 {"value":1,"id":"e15"}'
} | recording >"$work/shop.jsonl"
book=$work/shop
check "replay_books_five_crew_shifts" \
    "$heatledger" replay -c "$work/shop.json" -d "$book" "$work/shop.jsonl" || finish
printf '%s\n' day,used,expected,difference,cusum 2026-03-10,54300,54000,300,300 \
    2026-03-11,52900,53300,-400,-100 2026-03-12,54900,54350,550,450 \
    2026-03-13,53000,52250,750,1200 >"$work/domain.csv"
domain_5() {
    report enpi --item electricity | grep -E '^(item|electricity,,2026-03-1[0-3])' >"$work/enpi.csv"
    same_rows "$work/domain.csv" "$work/enpi.csv" day,used,expected,difference,cusum
}
check "the_cusum_is_300_minus_100_450_1200" domain_5
# By least squares through the first three: 470/7 kWh/t and -184,200/7 kWh; the sum begins anew.
check "another_baseline_begins_its_sum_anew" shows \
    day,baseline_from,slope,points,expected,difference,cusum \
    2026-03-14,2026-03-14,67.142857,3,54257.142857,-257.142857,-257.142857 enpi --item electricity
finish
