/* Postings → verdicts → alerts. Pure: values and the time in, values out.
 *
 * The rules keep one balance for each (quota, heat) and (quota, crew-shift) that anything counted
 * on, made of what is booked and of what stands in open segments, and judge a balance when
 * something in it changes:
 *
 *   green:  used - target <  one scale division of the item
 *   amber:  used - limit  <  one scale division <= used - target
 *   red:    one scale division <= used - limit
 *
 * Heat balances count the postings of the heat that the quota counts. Allowance: per tonne floor
 * (rate x steel), unknown until the heat is weighed; per heat the rate.
 * Crew balances in the owner view are the sums over the heats that the crew-shift owns, used and
 * allowed alike; a per-tonne quota leaves out heats whose weight is unknown. In the clock view
 * used is what was posted under the crew-shift, heats or not; a per-tonne or per-heat allowance is
 * still that of the heats owned, and unknown before the first. Per shift: the rate; used is all
 * there is: in the owner view that is the heats owned, weighed or not, and the idle use on watch.
 * Use under a hole in the roster, and heats that came to be owned in one, are on no crew's balance.
 *
 * A balance is kept for a heat that used something, or has a weight or an owner, and for a
 * crew-shift that owns a heat or has use of its own. A heat's is provisional until the heat has
 * ended everywhere; a crew's, until its shift has ended and every heat it owns has ended.
 *
 * Alerts: level target rises when the balance leaves green, level limit when it becomes red; where
 * both rates are equal only level limit exists. An alert that has risen stays until used is at
 * least one division below the allowance (hysteresis), or the allowance is no longer known:
 * cleared; it may rise again. It is closed when its balance is no longer provisional, cleared or
 * not, so that whoever shows it can forget it. What changes after that is raised or cleared, and
 * closed again, marked retro; what came with the end itself is not retro. A balance with unknown
 * allowance raises nothing. */
#ifndef HEATLEDGER_RULES_H
#define HEATLEDGER_RULES_H

#include "heat.h"
#include "posting.h"
#include "quota.h"
#include "verdict.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rules;

/* `catalog` and `quotas` must outlive the rules. */
struct rules *rules_create(const struct catalog *catalog, const struct quota *quotas,
                           uint32_t quota_count);
void rules_destroy(struct rules *rules);

/* A posting (or reversal) was booked. */
void rules_post(struct rules *rules, const struct segment *segment);

/* A heat is new, or its weight, owner or end changed. Every heat that a segment names must have
 * come through here first. Moves what the heat has counted from crew-shift to crew-shift where its
 * owner changed. */
void rules_heat(struct rules *rules, const struct heat *heat);

/* The shift is over. Once for every crew-shift, those included that a late takeover makes after
 * the fact; said again it changes nothing. */
void rules_slot_ended(struct rules *rules, struct crew_slot slot);

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

/* Judges what changed since the last call. Transitions are handed to `emit` in an order that
 * depends on nothing but the sequence of calls (quota, then scope, then heat or slot, then level;
 * a raise before its close). */
void rules_judge(struct rules *rules, int64_t now_us,
                 void (*emit)(void *context, const struct alert_transition *transition),
                 void *context);

/* For showing only, never judging: what stands open everywhere at one moment. Between
 * rules_show_begin and rules_show_end every meter's open segments are given once; _end hands each
 * balance that changed since it was last shown to `emit`, with used = booked + shown, in the order
 * of rules_judge. Nothing else is called in between. */
void rules_show_begin(struct rules *rules);
void rules_show_open(struct rules *rules, const struct segment *open, size_t count);
void rules_show_end(struct rules *rules, void (*emit)(void *context, const struct balance *balance),
                    void *context);

#endif
