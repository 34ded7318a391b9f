"""The use cases that end in a paper: bulletins, comparisons, the year's result."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from gkevents.app.yearly import Yearly

if TYPE_CHECKING:
    from gkevents.app.asking import Question
    from gkevents.app.bulletins import Asking, Issued, IssuedNow, Made
    from gkevents.app.differing import Proof
    from gkevents.reports.movement import Comparison


_TRIES: Final = 5
"""So often the views are brought up for one bulletin while others go on logging."""


class Papers(Yearly):
    """Bulletins, comparisons, the year's result."""

    # ---------------------------------------------------------------- bulletins

    def draft_bulletin(self, asked: Asking) -> Made:
        """A bulletin as it would be issued now; nothing is stored. Raises a Refusal or StoreTrouble."""
        from gkevents.app.bulletins import drafted  # noqa: PLC0415
        from gkevents.app.memory import Memory  # noqa: PLC0415

        with self._reading() as reader:
            return drafted(reader, asked, self._clock(reader, Memory()))

    def issue_bulletin(self, asked: Asking) -> IssuedNow:
        """Issue a bulletin; it is issued once. Raises a Refusal or StoreTrouble.

        The views are brought up first. It is derived on a snapshot, so that nobody waits for it who logs meanwhile.
        """
        from gkevents import paper  # noqa: PLC0415
        from gkevents.app.bulletins import (  # noqa: PLC0415
            Issued,
            IssuedNow,
            issuing_event,
            same_or_refused,
            sha256,
        )

        made = self._made_for_issue(asked)
        if isinstance(made, Issued):
            return IssuedNow(made, fresh=False, files={})
        files = {kind: paper.render(kind, made.content) for kind in paper.FORMATS}
        digests = {kind: sha256(data) for kind, data in files.items()}
        with self._writing() as session:
            before = same_or_refused(session.writing, made.terms)
            if before is None:
                session.add(issuing_event(made, digests, paper.made_with(), session.clock.now()))
        return IssuedNow(before or self.bulletin(made.terms.id), before is None, files if before is None else {})

    def _made_for_issue(self, asked: Asking) -> Made | Issued:
        """A bulletin derived for issue, the views up with all of it: others may go on logging meanwhile."""
        from gkevents.aggregates.bulletin_refusals import ViewBehind  # noqa: PLC0415
        from gkevents.app.bulletins import made_for_issue  # noqa: PLC0415
        from gkevents.app.memory import Memory  # noqa: PLC0415
        from gkevents.app.views import Views  # noqa: PLC0415

        for left in reversed(range(_TRIES)):
            Views(self.store).catch_up()
            with self._reading() as reader, suppress(*((ViewBehind,) if left else ())):
                return made_for_issue(reader, asked, self._clock(reader, Memory()))
        raise AssertionError  # the last try says why

    def bulletins(self, *, scheme: str | None = None, year: int | None = None) -> list[Issued]:
        """The issued bulletins, or those of a scheme or a scheme-year, in the order of issue. Raises StoreTrouble."""
        from gkevents.app.bulletins import all_issued  # noqa: PLC0415

        with self._reading() as reader:
            return all_issued(reader, scheme, year)

    def bulletin(self, name: str) -> Issued:
        """An issued bulletin by its id. Raises NoSuchBulletin, StoreTrouble."""
        from gkevents.app.bulletins import issued  # noqa: PLC0415

        with self._reading() as reader:
            return issued(reader, name)

    def prove_bulletins(self, names: Sequence[str] = (), *, files: bool = True) -> list[Proof]:
        """Derive issued bulletins again, all of them where none is named. Raises NoSuchBulletin, StoreTrouble."""
        from gkevents.app.bulletins import all_issued, kept  # noqa: PLC0415
        from gkevents.app.proving import proved  # noqa: PLC0415

        with self._reading() as reader:
            found = [kept(reader, name) for name in names] if names else all_issued(reader)
            return [proved(reader, one, files=files) for one in found]

    # ---------------------------------------------------------------- comparisons

    def compare_bulletins(self, earlier: str, later: str, units: Collection[str] | None = None) -> Comparison:
        """Why units moved from one issued bulletin to another one, each as it was printed.

        Raises NoSuchBulletin, TwoYears, NoSuchUnit, StoreTrouble.
        """
        from gkevents.app.bulletins import sides_of  # noqa: PLC0415
        from gkevents.app.comparing import compare  # noqa: PLC0415

        with self._reading() as reader:
            before, after, unranked = sides_of(reader, earlier, later)
            simulated = self._simulated(reader)
            return compare(reader, before, after, units, unranked=unranked, rulings_known=True, simulated=simulated)

    def compare(
        self,
        before: Question,
        after: Question,
        units: Collection[str] | None = None,
        *,
        unranked: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset()),
    ) -> Comparison:
        """Why units moved between two questions about one scheme-year; `unranked`: who was given no rank, on each side.

        Raises NotAdopted, NoSuchUnit, NoSuchPosition, StoreTrouble.
        """
        from gkevents.app.comparing import compare  # noqa: PLC0415

        with self._reading() as reader:
            return compare(reader, before, after, units, unranked=unranked, simulated=self._simulated(reader))
