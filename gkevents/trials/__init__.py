"""A scheme tried before it is adopted: what is odd in it, what it changes, what it would make of an existing log.

What is odd is not wrong: it is found by reasoning, and by trying small logs on the real core. A fault keeps a file from
being adopted; an oddity (a warning) does not, because a paper may mean it. Each says what is odd and what would be
right, and shows a small log with what it scores, so that a clerk sees it without knowing the program. Nothing here
decides a score: it only asks the scoring core.

Reading order: `differences` (two schemes compared, with `pairs` and `shifts`); `trying` (a log under another scheme,
with `mapping` and `translating`); of the warnings `oddity` (what is put down), `warned` (every look, in order), `bench`
and `probes` (trying), then `sums`, `roster`, `caps`, `figures`, `effect`, `twice`, `monotone`, `vetoes`, `whole`.
"""
