"""A score and its ledger -> rows of the view `scores`. Back again: `told`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, Final

import msgspec

from gkevents.aggregates.stored import due_text
from gkevents.scoring.ledger import Ledger
from gkevents.scoring.score import Score
from gkevents.terms import show

Row = tuple[Any, ...]
Key = tuple[int, str, int, str]
"""(build, scheme, year, unit): what every row begins with."""

_encoder: Final = msgspec.json.Encoder()


def text(value: object) -> str:
    """Anything plain as JSON; a message becomes its template and its values."""
    return _encoder.encode(value).decode()


def _points(value: Fraction | None) -> str | None:
    return None if value is None else show(value)


def unit_row(key: Key, score: Score, *, number: int, start: Fraction | None, asks_others: bool) -> Row:
    """The row of `unit_scores`, without a rank: that is told from all units at the end."""
    costs = score.deducted_by_quarter  # told anew whenever it is asked for
    q1, q2, q3, q4 = (show(costs[quarter]) for quarter in ("Q1", "Q2", "Q3", "Q4"))
    ties = score.edition.ties.by
    return (
        *key, number, score.category, None, _points(score.total), _points(score.low), _points(score.high),
        _points(score.base), _points(score.bonus), _points(score.deduction), int(score.zeroed), score.band,
        None if score.eligible is None else int(score.eligible), q1, q2, q3, q4, _points(start),
        text({code: (moved.facts, show(moved.points)) for code, moved in score.moved.items()}),
        text({
            name: (show(part.weight), _points(part.score), show(part.low), show(part.high), _points(part.weighted))
            for name, part in score.parts.items()
        }),
        text([veto.code for veto in score.vetoes]),
        text({key: (limit.item, due_text(limit.due), limit.state) for key, limit in score.limits.items()}),
        text(score.flags),
        text(_measures(score, ties)), int(asks_others),
        int(bool(score.priced.next_year)),
    )  # fmt: skip


def _measures(score: Score, names: Iterable[str]) -> Mapping[str, str]:
    return {name: show(score.measure(name)) for name in names}


def item_rows(key: Key, score: Score) -> list[Row]:
    """The rows of `item_scores`."""
    return [
        (*key, code, number, _points(item.score), _points(item.low), _points(item.high), _points(item.points_max),
         item.state)
        for number, (code, item) in enumerate(score.items.items(), 1)
    ]  # fmt: skip


def entry_rows(key: Key, ledger: Ledger) -> Iterator[Row]:
    """The rows of `ledger_entries`."""
    carried, encode = ledger.carried, _encoder.encode
    for number, entry in enumerate(ledger.entries, 1):
        position, ref, kind, day, recorded_at, recorded_by, item, clause, raw, applied, after, total, why, by = entry
        yield (
            *key, number, position, ref, kind, None if day is None else day.isoformat(), recorded_at, recorded_by,
            item, clause, None if raw is None else show(raw), show(applied), None if after is None else show(after),
            None if total is None else show(total), encode(why).decode(), text(by) if by else None,
            int(position in carried) if carried else 0,
        )  # fmt: skip
