"""gkevents: yearly assessments of government offices on an immutable log. The map of the house, in reading order.

Inner rooms, pure, standard library only (the scheme reader also has its YAML and validation libraries):

- `terms`       exact points, levels, the effective and the recorded axis of time
- `words`       messages that become sentences, in Chinese or English, only at the edge
- `calendar`    working days, from dated notices of the State Council
- `schemes/`    model and edition (Scheme > Edition > Item > rule parts), reading (text -> content, or every fault with
                line:column), compiling (content -> edition, once), catalog (the built-in schemes and calendars),
                overlay (points decided for a scheme that prints none)
- `scoring/`    score (the heart, read it first), items and adjustments (what facts make of a rule), whole (sections,
                parts, gates, vetoes: from items to the total), peers (the second pass: means, places, ranks), ledger
                (every tenth)
- `aggregates/` vocabulary (fields and types), facts and values (what people write), pairing, fitting and unit_year
                (whether it may be recorded), refusals (every reason to say no)
- `trials/`     a scheme tried before it is adopted: warnings with the small log that shows each, differences between
                two schemes, an existing log under another scheme
- `upcasts`     names and versions of every stored event, old shapes -> today's

Outer rooms:

- `store/`       the only place that knows eventsourcing and how events lie in the database
- `projections/` views: rows derived from the log, made again at will
- `exchange/`    files in: JSON Lines, CSV, XLSX
- `app/`         the use cases: load -> decide -> append; `Gk` puts everything together
- `reports/`     what is said about scores, apart from how it looks
- `demo`         a year of sample facts on a published scheme

The command line is in `cli/`, the published schemes and calendars in `schemes/`, both beside this package.
"""

__version__ = "0.1.0"
