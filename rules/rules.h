/* Postings → verdicts → alerts. Pure: values and the time in, values out.
 *
 * The rules keep one balance for each (quota, heat), (quota, crew-shift) and (quota, period) that
 * anything counted on, made of what is booked and of what stands in open segments, and judge a
 * balance when something in it changes:
 *
 *   green:  used - target <  one scale division of the item
 *   amber:  used - limit  <  one scale division <= used - target
 *   red:    one scale division <= used - limit
 *
 * Heat balances count the postings of the heat that the quota counts. Allowance: per tonne floor
 * (rate x steel), unknown until the heat is weighed; per heat the rate. A quota names the weighing:
 * tapped, good (the latest, after all moves) or cast; its rates may be those of the heat's grade.
 * Crew balances in the owner view are the sums over the heats that the crew-shift owns, used and
 * allowed alike; a per-tonne quota leaves out heats whose weight is unknown. In the clock view
 * used is what was posted under the crew-shift, heats or not; a per-tonne or per-heat allowance is
 * still that of the heats owned, and unknown before the first. Per shift: the rate, by the actual
 * length of a shift in which the clocks change (rules_slot_length); used is all
 * there is: in the owner view that is the heats owned, weighed or not, and the idle use on watch.
 * Linear: as per shift, a fixed amount, and floor(rate x steel) for each heat owned besides;
 * unknown while one of them has no weight.
 * Period balances are the shop's, in a day, ten days or a month: as those of a shift, summed over
 * all its crew-shifts, those of nobody included. The allowance is that of the whole period, by the
 * rates in force as it begins.
 * The months of a season multiply the rates, by the production day of the instant that rates.
 * Use under a hole in the roster, and heats that came to be owned in one, are on no crew's balance.
 *
 * A balance is kept for a heat that used something, or has a weight or an owner, and for a
 * crew-shift that owns a heat or has use of its own, a period likewise. A heat's is provisional
 * until the heat has ended everywhere; a crew's or a period's, until it is over and every heat it
 * owns has ended.
 *
 * Alerts: level target rises when the balance leaves green, level limit when it becomes red; where
 * both rates are equal only level limit exists. An alert that has risen stays until used is at
 * least one division below the allowance (hysteresis), or the allowance is no longer known:
 * cleared; it may rise again. It is closed when its balance is no longer provisional, cleared or
 * not, so that whoever shows it can forget it. What changes after that is raised or cleared, and
 * closed again, marked retro; what came with the end itself is not retro. A balance with unknown
 * allowance raises nothing.
 *
 * A quota that was revised judges each heat by the rates in force at its first start, and each
 * shift by those at the shift's start; a crew-shift's heats bring what each is allowed. A revision
 * changes nothing for what began before it.
 *
 * A quota that came or went within the life of the ledger counts whole crew-shifts and whole heats:
 * a heat with all it used, ever, where the crew-shift that owns it is counted; while none owns it,
 * where the crew-shift of its first use is (holder_counts); and whole periods, by the first shift
 * of each. In the clock view a crew-shift that is
 * counted is so with all that was used under it. A heat that comes to be owned by a crew-shift
 * that is not counted loses its balance: it is gone, its alerts are cleared.
 *
 * What is allowed is entered on quota accounts (quota_entry.h), each time by the difference to what
 * was entered before: of a heat whose weight is known, of a shift or a period by itself from its
 * first shift on; of a heat that is void nothing. What crews are given beside that, transfers and
 * what is left of their months, stands on accounts of their periods and changes no judgement.
 *
 * Alerts about a meter, and about a trouble of the program, stand as long as their cause, and are
 * closed with it. */
#ifndef HEATLEDGER_RULES_H
#define HEATLEDGER_RULES_H

#include "alert.h"
#include "heat.h"
#include "papers.h"
#include "posting.h"
#include "quota.h"
#include "quota_entry.h"
#include "verdict.h"
#include "zone.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rules;

/* `catalog` must outlive the rules; the quotas are copied, since papers revise them. */
struct rules *rules_create(const struct catalog *catalog, const struct quota *quotas,
                           uint32_t quota_count);
void rules_destroy(struct rules *rules);

/* The zone of production days, by which seasons and periods begin; UTC until it is said. Said
 * before anything else; copied. */
void rules_zone(struct rules *rules, const struct zone *zone);

/* The catalog with which the rules were made holds another configuration now: rows that
 * it had kept their places, quotas too, and what a quota counts did not change (plant_adopt.h). The
 * open use of every meter is forgotten: rules_open must be called for each that rules_watch names
 * before the next rules_judge. The quotas are copied. */
void rules_follow(struct rules *rules, const struct quota *quotas, uint32_t quota_count);

/* A posting (or reversal) was booked. */
void rules_post(struct rules *rules, const struct segment *segment);

/* A heat is new, or its weight, owner or end changed. Every heat that a segment names must have
 * come through here first. Moves what the heat has counted from crew-shift to crew-shift where its
 * owner changed. */
void rules_heat(struct rules *rules, const struct heat *heat);

/* The shift is longer or shorter than on a usual day, because the clocks change in it: a per-shift
 * quota allows it floor(rate x actual / nominal). Both are > 0. Said before the crew-shift is first
 * heard of otherwise, also while showing. */
void rules_slot_length(struct rules *rules, struct crew_slot slot, int64_t actual_us,
                       int64_t nominal_us);

/* When the shift starts: the rates in force then are a per-shift quota's. Said before the
 * crew-shift is first heard of otherwise, also while showing. */
void rules_slot_start(struct rules *rules, struct crew_slot slot, int64_t start_us);

/* Nobody of that crew was on duty in that shift after all, or somebody was again. */
void rules_slot_absent(struct rules *rules, struct crew_slot slot, bool absent);

/* The shift is over. Once for every crew-shift, those included that a late takeover makes after
 * the fact; said again it changes nothing. */
void rules_slot_ended(struct rules *rules, struct crew_slot slot);

/* That production day has begun: periods that end before it are over. */
void rules_begin_day(struct rules *rules, int32_t day);

/* The use that stands in the meter's open segment now, divided; replaces what was said of this
 * meter before; count 0 empties it. Returns how many base units the meter's open use may still
 * grow before the state of any balance could change: >= 1, INT64_MAX for never. Call it again when
 * the use has grown by that much, when it fell, and when it is divided in another way; segments of
 * nothing count, for they say where growth will go. Where several meters count on one balance each
 * is given a part of what is left. */
int64_t rules_open(struct rules *rules, meter_id meter, const struct segment *open, size_t count);

/* Names a meter whose open use must be heard before the next rules_judge: it was given more
 * headroom than is left now (another meter, a posting, a new weight or owner took of it), or
 * stands open on a balance whose state is about to change. The caller answers with rules_open for
 * it and asks again until the result is false. Then no change of state is seen late, and all are
 * told with exact figures; left out, a balance on which several meters stand open is judged by
 * what they last said. */
bool rules_ask(struct rules *rules, meter_id *meter);

/* Whether any quota counts this meter: others need no rules_open. */
bool rules_watch(const struct rules *rules, meter_id meter);

/* The newest readings of a meter are held, and would book `amount_base` if they were true; or they
 * are not held (any more). A meter is silent, or is not. Judged by the next rules_judge. */
void rules_meter_held(struct rules *rules, meter_id meter, bool held, int64_t amount_base);
void rules_meter_silent(struct rules *rules, meter_id meter, bool silent);

/* Whether the meter's alert stands. */
bool rules_meter_stands(const struct rules *rules, meter_id meter, enum alert_matter matter);

/* A trouble of the program began at `at_us` (`text`: why, in a person's words), or was over then:
 * its alert is raised, or cleared and closed, at once. What is so already stays so. */
void rules_trouble(struct rules *rules, enum trouble_kind trouble, bool stands, int64_t at_us,
                   const char *text, alert_emit *emit, void *context);

/* Takes a paper, whose effects have the identity `id`: what became of it goes to `answer`, and
 * lives until the next call. Exact where every watched meter's open use was given just before. A
 * revision that comes into force is judged by the next rules_judge, with all that began since its
 * instant. */
void rules_paper(struct rules *rules, struct effect_id id, const struct paper *paper,
                 struct paper_answer *answer);

/* What was kept of them, and the quotas as they are in force: those given, with the revisions; both
 * live until the rules change. */
const struct papers *rules_papers(const struct rules *rules);
const struct quota *rules_quotas(const struct rules *rules, uint32_t *count);

/* Whether a trouble stands, and since when. */
bool rules_trouble_stands(const struct rules *rules, enum trouble_kind trouble, int64_t *since_us);

/* Judges what changed since the last call. Transitions are handed to `emit` in an order that
 * depends on nothing but the sequence of calls (quota, then scope, then heat or slot, then level;
 * a raise before its close; meters last). */
void rules_judge(struct rules *rules, int64_t now_us, alert_emit *emit, void *context);

/* Enters on the quota accounts what changed since rules_judge was last called, which is called
 * next: one entry an account at most, in the order of rules_judge. Called again in between it
 * enters nothing. */
void rules_enter(struct rules *rules, int64_t now_us, quota_entry_emit *emit, void *context);

/* A month is over: what each crew has left in it of quotas that are carried on goes to its next
 * month. What changes in it later follows by rules_enter. Once a month, in their order. */
void rules_carry(struct rules *rules, struct period month, int64_t now_us, quota_entry_emit *emit,
                 void *context);

/* A month is over, for which so much steel had been planned: what was not earned of that goes to
 * the reserve of each quota per tonne. Before rules_carry. */
void rules_reserve(struct rules *rules, struct period month, int64_t planned_g, int64_t now_us,
                   quota_entry_emit *emit, void *context);

/* The transfer that came into force by a paper (rules_paper) is entered. */
void rules_transfer(struct rules *rules, const struct kept_paper *paper, int64_t now_us,
                    quota_entry_emit *emit, void *context);

/* A person acknowledges or shelves an alert: `asked` tells which (of a heat: its number), the
 * state, at_us, by, reason and until_us. Emits the transition where the answer is ALERT_DONE;
 * ALERT_CROWDED: SHELVES_MAX alerts are on the shelf. */
enum alert_answer rules_handle(struct rules *rules, const struct alert_transition *asked,
                               alert_emit *emit, void *context);

/* Whether the alert that `asked` names has ever risen. */
bool rules_alert_known(struct rules *rules, const struct alert_transition *asked);

/* When the next shelf ends (INT64_MAX: none), and: one that ends at or before `now_us` is over, its
 * alert is raised again where it still stands. False: there was none. */
int64_t rules_due_us(const struct rules *rules);
bool rules_unshelve(struct rules *rules, int64_t now_us, alert_emit *emit, void *context);

/* For showing only, never judging: what stands open everywhere at one moment. Between
 * rules_show_begin and rules_show_end every meter's open segments are given once; _end hands each
 * balance that changed since it was last shown to `emit`, with used = booked + shown, in the order
 * of rules_judge; one that only what stood open had made, and that nothing stands open on any more,
 * or of a heat that the quota does not count any more, is `gone`. What the rules know is the same
 * however often they are asked to show it. Nothing else is called in between. */
void rules_show_begin(struct rules *rules);
void rules_show_open(struct rules *rules, const struct segment *open, size_t count);
void rules_show_end(struct rules *rules, void (*emit)(void *context, const struct balance *balance),
                    void *context);

#endif
