"""What is done of a build, and who does what: the rows of the table `partitions`.

A scheme-year has a row, and each portion of its unit-years one more, under the view's name with the portion's number
behind it ("scores/3"), which says of how many it is. On a server whoever works on a row holds its lock until the rows
of the view are committed with it: so nobody does it twice, and whoever is killed leaves it free again. A file has one
writer at a time; there whoever commits first counts, and the others try elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, func, or_, select, update

from gkevents.projections.checkpoint import Checkpoint, Overtaken
from gkevents.projections.tables import partitions
from gkevents.store.bulk import write_rows
from gkevents.store.tables import checkpoints

if TYPE_CHECKING:
    from gkevents.projections.view import View


class Part(NamedTuple):
    """Portion `number` (of `of`) of a scheme-year; or (None) its end, which comes when every portion is written.

    Of an end `of` says how many portions that had to wait for all others are written.
    """

    scheme: str
    year: int
    number: int | None
    of: int


def portions_of(units: int, size: int) -> int:
    """How many portions of about `size` unit-years there are of so many."""
    return -(-units // size)


def open_partitions(
    connection: Connection, view: View, build: Checkpoint, sizes: Mapping[tuple[str, int], int]
) -> None:
    """Write down what a new build will have to hold: scheme-years with so many unit-years each."""
    rows: list[tuple[Any, ...]] = [(view.name, build.build, *of, 0, 0) for of in sizes]
    for of, units in sizes.items():
        number = portions_of(units, view.size)
        rows += [(_row_name(view, place), build.build, *of, number, 0) for place in range(number)]
    write_rows(connection, partitions, rows)


def _row_name(view: View, number: int | None) -> str:
    return view.name if number is None else f"{view.name}/{number}"


def _of_view(view: View) -> ColumnElement[bool]:
    return or_(partitions.c.view == view.name, partitions.c.view.startswith(f"{view.name}/", autoescape=True))


def parts_left(connection: Connection, view: View, build: Checkpoint) -> list[Part]:
    """What can be done now: of the earliest year that is not finished, as limits run over into the later ones."""
    open_ = (partitions.c.build == build.build, partitions.c.finished == 0)
    first = select(func.min(partitions.c.year)).where(partitions.c.view == view.name, *open_).scalar_subquery()
    query = select(partitions).where(_of_view(view), *open_, partitions.c.year == first)
    rows = connection.execute(query.order_by(partitions.c.scheme, func.length(partitions.c.view), partitions.c.view))
    ends, found = dict[str, Part](), list[Part]()
    for row in rows:
        number = row.view.partition("/")[2]
        if number:
            ends.pop(row.scheme, None)
            found.append(Part(row.scheme, row.year, int(number), row.portions))
        else:  # the shortest name: it comes first
            ends[row.scheme] = Part(row.scheme, row.year, None, row.portions)
    return [*ends.values(), *found]


def end_of(connection: Connection, view: View, build: Checkpoint, part: Part) -> Part | None:
    """The end of a portion's scheme-year, where that is what is left of it."""
    mine = (partitions.c.build == build.build, partitions.c.scheme == part.scheme, partitions.c.year == part.year)
    rows = connection.execute(
        select(partitions).where(_of_view(view), *mine, partitions.c.finished == 0).limit(2)
    ).all()
    if [row.view for row in rows] != [view.name]:
        return None
    return part._replace(number=None, of=rows[0].portions)


def claim(connection: Connection, view: View, build: Checkpoint, part: Part) -> bool:
    """Whether a part is there to be done; on a server it is ours until the transaction ends."""
    query = select(partitions.c.build).where(*_open(view, build, part)).with_for_update(skip_locked=True)
    return connection.execute(query).first() is not None


def count(connection: Connection, view: View, build: Checkpoint, part: Part, **new: int) -> None:
    """Compare and swap what is done of a part, in the transaction that writes its rows. Raises Overtaken."""
    if connection.execute(update(partitions).where(*_open(view, build, part)).values(**new)).rowcount != 1:
        raise Overtaken


def _open(view: View, build: Checkpoint, part: Part) -> tuple[ColumnElement[bool], ...]:
    """A part as it was seen, not finished, of a build that is being made."""
    being_made = select(checkpoints.c.build).where(
        checkpoints.c.view == view.name,
        checkpoints.c.build == build.build,
        checkpoints.c.version == build.version,
        checkpoints.c.live == 0,
        checkpoints.c.stopped.is_(None),
    )
    return (
        partitions.c.view == _row_name(view, part.number),
        partitions.c.build == build.build,
        partitions.c.scheme == part.scheme,
        partitions.c.year == part.year,
        partitions.c.portions == part.of,
        partitions.c.finished == 0,
        being_made.exists(),
    )


def drop_partitions(connection: Connection, view: View) -> None:
    """Forget what was done of builds that are not being made any more."""
    made = select(checkpoints.c.build).where(checkpoints.c.view == view.name, checkpoints.c.live == 0)
    connection.execute(delete(partitions).where(_of_view(view), partitions.c.build.not_in(made)))
