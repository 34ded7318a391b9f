"""`gk log` and `gk correct`: facts in."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final, Self

import click

from cli.asking import Asked, argument, chosen, json_option, option, scheme_option, source_of, year_option
from cli.columns import hang
from cli.speech import Command, spoken
from cli.trouble import DONE, REFUSED
from gkevents.aggregates.vocabulary import FACT_TYPES, FIELDS, TYPE_NAMES, FactType
from gkevents.exchange import Row
from gkevents.exchange.cells import from_form, plain
from gkevents.exchange.headings import field_of, listed, unknown
from gkevents.exchange.texts import unsound
from gkevents.words import N_, Message, Term, message, say

if TYPE_CHECKING:
    from gkevents.app.recording import Logged

_NO_OPTION: Final = frozenset({"type", "digest", "name", "media", "size"})
"""The type is the argument; what a file of evidence is, nobody types: `gk evidence add` reads it."""
_OPTIONS: Final = {name: name.replace("_", "-") for name in FIELDS if name not in _NO_OPTION} | {
    "effective_on": "on",
    "effective_at": "at",
}
"""The option that each field of a fact has, logged by hand."""

_PROGRESS_FROM: Final = 1000
_AT_ONCE: Final = 10_001
"""A file of fewer rows is read before the store is locked; a longer one while it is decided on, without the lock."""
_ON: Final = N_("The day it happened, such as 2020-09-14.")
_AT: Final = N_("The instant it happened, such as 2020-09-14T09:30:00+08:00; without an offset it is Beijing time.")
_SAID: Final = {
    "effective_on": _ON,
    "effective_at": _AT,
    "recorded_at": N_("When it was written down; only in a store with a simulated clock."),
    "ref": N_("The office's own number for it; without it one is given."),
    "unit": N_("The assessed office, by its official name."),
    "item": N_("The item's code, such as H19."),
    "problem": N_("The problem a card names; several are separated by 、 or ;."),
    "matter": N_("What it was about: facts of one matter count once where the rule says so."),
    "level": N_("The level: national, provincial, city or county."),
    "count": N_("How many times it happened."),
    "points": N_("The mark given."),
    "amount": N_("The points that the assessor takes off."),
    "reason": N_("The assessor's reason."),
    "key": N_("The number of the message or limit."),
    "limit": N_('The limit: "15 working days", "5 hours" or a day.'),
    "value": N_("The figure reported, such as 0.8 or 80%."),
    "numerator": N_("The figure's numerator."),
    "denominator": N_("The figure's denominator."),
    "previous": N_("Last year's figure."),
    "current": N_("This year's figure."),
    "threshold": N_("What the figure should reach; kept, not priced."),
    "for_year": N_("The year that a figure to compare with is of."),
    "about": N_("What a figure to compare with is of: parent, target or sub-units."),
    "met": N_("How many elements are there."),
    "missing": N_("How many elements are missing."),
    "of": N_("The number of the fact taken back or ruled a duplicate."),
    "kind": N_("Which of a rule's happenings it was, such as report."),
    "form": N_("Its form, where distinct forms count."),
    "message": N_("The number of the message it concerns."),
    "justified": N_("Whether it was justified: yes or no."),
    "serious": N_("Whether it was serious: yes or no."),
    "other_unit": N_("The other unit it concerns, where the rule charges that one."),
    "sub_unit": N_("The sub-unit it concerns, where the rule takes their mean."),
    "recorded_by": N_("Who writes it down."),
    "by": N_("Who gave the mark."),
    "source": N_("The document's number, or a link."),
    "note": N_("Anything else."),
}
"""What each field is; its Chinese label stands where its value goes."""


def _fields(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add an option for every field of a fact."""
    for name in reversed(list(_OPTIONS)):
        command = option(
            f"--{_OPTIONS[name]}", name, metavar=Term(name.replace("_", "-"), FIELDS[name].label), help=_SAID[name]
        )(command)
    return command


class _Log(Command):
    """The command's help, with the types of fact and what each needs."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the types of fact, then the options."""
        lang = spoken()
        with formatter.section(say(N_("Types of fact, with the fields of each"), lang)):
            formatter.write_dl([_type_line(kind, lang) for kind in FACT_TYPES.values()], 40)
        super().format_options(ctx, formatter)


def _type_line(kind: FactType, lang: str) -> tuple[str, str]:
    """A type by both its names, and its fields: those it needs, then those it may have."""
    names = (kind.label, kind.name) if lang == "zh" else (kind.name, kind.label)
    needs, may = _fields_said(kind.required, lang), _fields_said(kind.optional, lang)
    said = say(message(N_("{needs} (may have {may})"), needs=needs or "–", may=may), lang) if may else needs
    return " ".join(names), said


def _fields_said(names: Sequence[str], lang: str) -> str:
    return "、".join(FIELDS[name].label for name in names) if lang == "zh" else ", ".join(names)


@click.command(
    cls=_Log,
    help=N_("Log facts from a file, or one by hand."),
    more=(
        N_("WHAT is a file (JSON Lines, CSV or XLSX; - for standard input), or a type of fact, its fields as options."),
        N_("A file is stored whole or not at all, unless --skip-refused stores its good rows."),
        N_("Headings may be Chinese or English. A fact recorded already, with the same content, is passed over."),
        N_("--on and --at are the columns effective_on and effective_at of a file."),
        N_("Every row of a file needs a number of its own (ref); a fact logged by hand is given one."),
        N_("Every fact needs its unit and its day (--on) or instant (--at)."),
    ),
    examples=(
        "gk log facts.csv --scheme luancheng-2020 --year 2020",
        "gk log - --scheme luancheng-2020 --year 2020 --skip-refused < facts.jsonl",
        "gk log 台账.xlsx --scheme luancheng-2020 --year 2020 --dry-run",
        N_("gk log supervision-card --unit 河北省统计局 --item H19 --on 2018-05-03 --problem 栏目未更新"),
    ),
)
@argument("what", metavar=N_("WHAT"))
@scheme_option
@year_option
@option("--skip-refused", is_flag=True, help=N_("Store the good rows of a file and leave out those refused."))
@option("--dry-run", is_flag=True, help=N_("Say what would come of it and store nothing."))
@_fields
@json_option
@click.pass_obj
def log(
    asked: Asked,
    /,
    what: str,
    *,
    scheme: str | None,
    year: int | None,
    skip_refused: bool,
    dry_run: bool,
    as_json: bool,
    **fields: str | None,
) -> int:
    """Log them; 1 where any was refused."""
    given = {name: text for name, text in fields.items() if text is not None}
    gk, by_hand = asked.gk(), plain(what) in TYPE_NAMES or bool(given)
    rows = _Counted([_row(what, given)] if by_hand else _rows(asked, what))
    of, during = chosen(asked, gk, scheme=scheme, year=year, unit=given.get("unit"))
    with _Progress(rows) as progress:
        logged = gk.log_facts(
            rows,
            scheme=of,
            year=during,
            skip_refused=skip_refused,
            dry_run=dry_run,
            by_hand=by_hand,
            progress=progress.at,
        )
    simulated, would = gk.report().simulated, rows.number if dry_run else None
    _say_logged(
        asked, logged, simulated=simulated, would=would, by_hand=by_hand, skipping=skip_refused, as_json=as_json
    )
    return REFUSED if logged.refused else DONE


def _row(type_name: str, given: dict[str, str]) -> Row:
    """The one row that a fact logged by hand makes."""
    values = {name: from_form(name, text) for name, text in given.items()}
    fields = {"type": type_name} | {name: value for name, value in values.items() if value is not None}
    fault = unsound(fields)
    return Row(1, None, fault) if fault else Row(1, fields, None)


def _rows(asked: Asked, what: str) -> Iterator[Row]:
    """The rows of a file."""
    from gkevents.exchange.reading import rows_of

    source = source_of(what)
    if source is None:
        said = message(
            N_("{what} is neither a file here nor a type of fact ({types})"),
            what=what,
            types=listed([Term(kind.name, kind.label) for kind in FACT_TYPES.values()]),
        )
        raise click.UsageError(say(said, asked.lang))
    return rows_of(source, sys.stdin.buffer)


class _Counted:
    """Rows that count themselves while they are read; a file of no great length is read at once."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._coming = iter(rows)
        self._first = list(islice(self._coming, _AT_ONCE))
        self.number = 0

    @property
    def all(self) -> int | None:
        """How many there are, where that is known."""
        return len(self._first) if len(self._first) < _AT_ONCE else None

    def __iter__(self) -> Iterator[Row]:
        for row in chain(self._first, self._coming):
            self.number += 1
            yield row


def _say_logged(
    asked: Asked, logged: Logged, *, simulated: bool, would: int | None, by_hand: bool, skipping: bool, as_json: bool
) -> None:
    """Say what became of it; `would`: of so many rows, in a dry run."""
    if as_json:
        asked.answer(logged_answer(logged, asked.lang), simulated=simulated)
        return
    from cli.render import dry_page, logged_page, refused_page

    voice = asked.voice(simulated=simulated)
    if logged.refused and by_hand:
        asked.note(voice.say(logged.refused[0].message))
        return
    summary = logged_page(logged, voice, skipping=skipping) if would is None else dry_page(logged, voice, rows=would)
    if logged.refused:
        asked.note(refused_page(logged, voice))
    if logged.refused and not logged.stored:
        asked.note(summary)
    else:
        asked.out(summary)


def logged_answer(logged: Logged, lang: str) -> dict[str, Any]:
    """The contract's answer to a log."""
    return {
        "recorded": [{"ref": ref, "position": position} for ref, position in logged.recorded],
        "already_recorded": logged.already_recorded,
        "refused": [
            {"row": row.row, "ref": row.ref, "code": row.code, "message": say(row.message, lang)}
            for row in logged.refused
        ],
    }


class _Progress:
    """A bar on stderr for a long import, on a terminal only."""

    def __init__(self, rows: _Counted) -> None:
        self._bar: Any = None
        if (rows.all is None or rows.all >= _PROGRESS_FROM) and sys.stderr.isatty():
            from tqdm import tqdm

            self._bar = tqdm(total=rows.all, unit="", file=sys.stderr, leave=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def at(self, done: int) -> None:
        """So many rows are done."""
        if self._bar is not None:
            self._bar.update(done - self._bar.n)


@click.command(
    cls=Command,
    help=N_("Take a fact back and log it anew, corrected, in one transaction."),
    more=(
        N_("CHANGES are FIELD=VALUE, the field by its name or Chinese label; FIELD= leaves a field out."),
        N_("Both facts stay in the log; the new one has a number of its own."),
    ),
    examples=(
        "gk correct HB-0012 --reason 日期登记有误 effective_on=2018-05-04",
        "gk correct HB-0012 --reason 问题写错 问题=链接失效",
    ),
)
@argument("ref", metavar=N_("REF"))
@argument("changes", metavar=N_("CHANGES…"), nargs=-1)
@option(
    "--reason",
    required=True,
    metavar=N_("REASON"),
    help=N_("Why it is corrected; it stays in the log with the retraction."),
)
@json_option
@click.pass_obj
def correct(asked: Asked, /, ref: str, changes: tuple[str, ...], *, reason: str, as_json: bool) -> None:
    """Correct it."""
    read = _changes(asked, changes)
    gk = asked.gk()
    simulated = gk.report().simulated
    voice = asked.voice(simulated=simulated and not as_json)
    corrected = gk.correct(ref, reason=reason, changes=read)
    if as_json:
        pairs = {"retraction": corrected.retraction, "fact": corrected.fact}
        asked.answer({name: {"ref": of, "position": at} for name, (of, at) in pairs.items()}, simulated=simulated)
        return
    said = N_(
        "{ref} is taken back by {retraction} (position {first}) and logged anew (position {second}). "
        "The fact now stands under the number {fact}."
    )
    (retraction, first), (fact, second) = corrected.retraction, corrected.fact
    said = voice.say(said, ref=ref, retraction=retraction, first=first, fact=fact, second=second)
    asked.out(hang(said, voice.columns))


def _changes(asked: Asked, changes: Iterable[str]) -> dict[str, Any]:
    """The changes by field; wrong usage where one is not FIELD=VALUE."""
    read: dict[str, Any] = {}
    for change in changes:
        name, equals, value = change.partition("=")
        field = field_of(name)
        wrong: Message | None = None
        if not equals:
            wrong = message(N_("{change} is not of the form FIELD=VALUE"), change=change)
        elif field is None:
            wrong = unknown(name)
        elif field in read:
            wrong = message(N_("{field} is changed twice"), field=name)
        if wrong is not None or field is None:
            raise click.UsageError(say(wrong or "", asked.lang))
        read[field] = from_form(field, value) if value.strip() else ""
    fault = unsound(read)
    if fault is not None:
        raise click.UsageError(say(fault, asked.lang))
    return read
