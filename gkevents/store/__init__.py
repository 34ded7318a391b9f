"""How events lie in the database: the only room that knows `eventsourcing`, Alembic, and the tables of the log.

The store itself: `tables` (what lies there), `engine` (how it is opened), `making` with `migrations/` (made, brought up
to date), `guards` and `roles` (who may do what), `trouble` (what can be wrong, a sentence each).
Reading: `forms` and `loading` (each event as it is stored), `reading` (rows -> events and facts), `outline` (only what
decisions need), `archive` (the log as the scoring core wants it), `chain` (what makes a row right in its place),
`salvage` (rows on a page that cannot be read), `pausing` (no search for garbage in between).
Writing: `rows` (what is appended, chained by digests), `bulk` (many rows at once), `log` (a write, start to end).
For eventsourcing: `codec`, `recorder`, `tracking`, `factory`. `waking`: who waits for the next event.
Copies: `transfer` (the log as text), `backup`; `placing` gives a finished file its name.
"""
