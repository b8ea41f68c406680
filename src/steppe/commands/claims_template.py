"""The claims file that ``steppe claims new`` writes: commented, valid, to be filled in."""

from __future__ import annotations

TEMPLATE = """\
# The claims of one text, each tied to what would test it. Say what would count against a claim
# before you run anything: margins, seeds and probabilities are part of this file, and its hash is
# kept with every verdict. `steppe claims check CASE` checks it, `steppe judge CASE` gives verdicts.
format: 1
source: "Author, title, outlet, date, address"

# Runs behind each verdict, and the share of them that must agree where a test does not say.
seeds: 20
minimum_probability: 0.8

# Changes that both arms of a test share, by name. Uncomment to use with `base: free` in a test.
# bases:
#   free:
#     title: "The actors decide for themselves"
#     set: {mode: endogenous}

claims:
  # A statement in your own words; quote nobody at length.
  - id: C1
    text: "Protest began over a price."
    asserted_by: author
    locator: "first paragraph"
    kind: causal              # fact, figure, causal, prediction, framing or normative
    # rests_on: [C2]          # claims that this one is an inference from
    # mechanisms: [grievance] # roles of the model that carry it: their rivals are tried
    note: "Without the price there should be no protest of 0.1 % of citizens."
    test:                     # one kind of test; others are shown below
      cause:
        set: {prices.shock: 0.0}
        quantity: {outcome: large_protest}
        role: necessary

  # A claim that nothing here could test is listed all the same, with the reason.
  - id: C2
    text: "The crowd did not know what it wanted."
    asserted_by: author
    kind: framing
    test:
      not_testable: {reason: "Motives are not observed."}

  # Further kinds of test, to copy from:
  #   record: {finding: supported, source: "address or table", note: "what it says"}
  #   evidence:
  #     claimed: {value: 3000, tolerance: 0.1}
  #     observed: {figure: {low: 2030, value: 2030, high: 2500, source: "address"}}
  #     unit: persons
  #   event: {id: TIMELINE_ID, from: "2022-01-05T00:00", until: "2022-01-05T23:59"}
  #   run:
  #     quantity: {outcome: killed, at_least: 100}
  #   counterfactual:
  #     patch: COUNTERFACTUAL      # by its name in the case, or: set: {path: value}
  #     quantity: {series: survival_belief, reduce: mean}
  #     direction: increase        # what the thing that is taken away had added
  #     margin: 0.05
  #   dose_response:
  #     path: prices.shock
  #     doses: [0.0, 0.25, 0.5, 1.0]
  #     quantity: {outcome: peak_active}
  #     shape: enough_at           # rising, falling, flat, enough_at or jump
  #     dose: 0.25
  #     fraction: 0.5
  #     margin: 1000
"""
