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
                (every tenth), contest (what hangs on contested cases; settled and reach: what decisions can make of a
                score), movement (why a unit moved; between: the facts that only one side sees; way and anew: the worlds
                that lie there, priced), outcome (what is said of a score, worked out or read from rows)
- `aggregates/` vocabulary (fields and types), facts and values (what people write; quick: the plain ones), pairing,
                fitting, reversals and unit_year (whether it may be recorded), cases and case_rules (the life of a
                case), scanning (what a scan records), bulletin and result (what is issued, proposed, approved), and the
                refusals of each (every reason to say no)
- `trials/`     a scheme tried before it is adopted: warnings with the small log that shows each, differences between
                two schemes, an existing log under another scheme
- `upcasts`     names and versions of every stored event, old shapes -> today's

Outer rooms:

- `store/`       the only place that knows eventsourcing, Alembic and how events lie in SQLite and PostgreSQL:
                 tables, engine (how a store is opened), making and migrations/ (made, brought up to date), guards and
                 roles (who may do what), forms (events as they are stored), reading, rows and log (writing), recorder,
                 tracking and factory (eventsourcing's interfaces), chain (what makes a row right), salvage, waking (who
                 waits for the next event), backup and transfer (copies), archive (the log as the core wants it)
- `oracle/`      a second reckoning of the same scores, which shares nothing with the first; rows are held against it
- `projections/` views: rows derived from the log, built beside the old ones and swapped in, compared with a replay
- `exchange/`    files in: JSON Lines, CSV, XLSX
- `evidence/`    the files that show a fact, kept once each under their digest in a folder or elsewhere
- `servers/`     a PostgreSQL and a Valkey of our own on this machine, for a trial and for tests
- `app/`         the use cases: load -> decide -> append (recording; bulk and drafts for large files; memory: what a
                 process keeps between two writes), cases, correcting, limits and missing (what a scan records and takes
                 back), calendars and notices, evidence, questions (asking: from rows, or by replaying), views (the rows
                 brought up, made anew, compared), working (what is done while nobody waits), doctoring, keeping
                 (copies), bulletins (drafted, issued; restating: what holds now of an earlier one; proving: derived
                 again), comparing, results, kept_results and after_result (the year's end), sources (what papers say
                 of the log), files and paper_files; opening, casework, yearly and papers are parts of `Gk`, which puts
                 everything together
- `reports/`     what is said about scores, apart from how it looks: answers for programs, and the contents of papers as
                 data (document and blocks: headings, paragraphs, tables, charts): bulletin/ (a case, gathered and told
                 by the sentences of the office's template), year/ (the result, each unit's feedback), movement
- `paper/`       how a content looks: JSON, HTML, PDF, DOCX, XLSX, each a function of the content alone
- `tasks/`       workers, the scheduler and `work --once`: hints over a broker, which nothing depends on; logs,
                 metrics
- `demo`         a year of sample facts on a published scheme

The command line is in `cli/`, the published schemes and calendars in `schemes/`, both beside this package.
"""

__version__ = "0.1.0"
