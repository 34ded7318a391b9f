"""What hangs on contested cases, as text. Pure."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from cli.columns import hang
from cli.render import Voice, points
from gkevents.words import N_

if TYPE_CHECKING:
    from gkevents.app.asking import Standing
    from gkevents.scoring.outcome import Outcome


def contest_lines(standing: Standing[Outcome], score: Outcome, voice: Voice) -> str:
    """The cases that a unit contests: three totals, and the ranks that are still possible."""
    contest = standing.contests.get(score.unit)
    if contest is None or not contest.refs:
        return ""
    lines = [voice.alarm(voice.say(N_("Contested and undecided: {refs}"), refs=voice.list(contest.refs)))]
    said = N_("Confirmed {confirmed}, contested {contested}, if upheld {upheld}")
    values = {
        "confirmed": between(contest.confirmed, contest.confirmed_low, contest.confirmed_high),
        "contested": points(contest.contested, signed=True) if contest.contested is not None else "–",
        "upheld": between(contest.if_upheld, score.low, score.high),
    }
    lines.append(voice.say(said, **values))
    if contest.ranks is not None:
        best, worst = contest.ranks
        ranks = N_("Rank {best}, whatever is decided") if best == worst else N_("Rank {best} to {worst}")
        lines.append(voice.say(ranks, best=best, worst=worst))
    return "\n".join(hang(line, voice.columns, indent=4) for line in lines)


def ranks_possible(standing: Standing[Outcome], score: Outcome) -> str:
    """The ranks that contested cases leave open, where they leave more than one."""
    contest = standing.contests.get(score.unit)
    ranks = contest.ranks if contest is not None else None
    return "" if ranks is None or ranks[0] == ranks[1] else f"{ranks[0]}–{ranks[1]}"


def between(value: Fraction | None, low: Fraction | None, high: Fraction | None) -> str:
    """Points, or the bounds between which they lie."""
    if value is None and low is not None and low != high:
        return f"{points(low)}…{points(high)}"
    return points(value if value is not None else low)
