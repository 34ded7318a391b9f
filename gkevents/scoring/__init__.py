"""How points come about: pure, exact, without clock, files or database.

Read `score` first, then `view` (which facts stand), `limits`, `pricing` and `worth` (what they cost), `items`,
`adjustments`, `peers` (the second pass over all units) and `ledger` (how every tenth is shown).
"""
