"""What is answered from rows beside what a replay of the log answers: as JSON and as pages, in both languages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from cli.render import Voice, limits_page
from cli.render_score import rank_page, replay_page, score_page, scores_page
from gkevents.app import Gk
from gkevents.projections.told import Told
from gkevents.reports.answers import rank_answer, replay_answer, standing_answer
from tests.app.worlds import World

LANGUAGES = ("zh", "en")


def _said(answer: Any) -> str:  # noqa: ANN401 - whatever becomes JSON
    return json.dumps(answer, ensure_ascii=False)


def _answers(gk: Gk, scheme: str, year: int) -> Iterator[tuple[str, str]]:
    """Every answer about a scheme-year, by what was asked."""
    everybody = gk.score(scheme=scheme, year=year)
    table = gk.rank(scheme=scheme, year=year)
    limits = gk.limits(scheme=scheme, year=year)
    yield "limits", _said([row._asdict() for row in limits])
    yield "rank", _said(rank_answer(*table))
    for lang in LANGUAGES:
        voice = Voice(lang)
        yield f"scores {lang}", _said(standing_answer(everybody, lang))
        yield f"scores page {lang}", scores_page(everybody, voice)
        yield f"rank page {lang}", rank_page(*table, voice)
        yield f"limits page {lang}", limits_page(limits, voice)
    for unit in everybody.scores:
        alone = gk.score(scheme=scheme, year=year, unit=unit)
        replayed = gk.replay(unit, scheme=scheme, year=year)
        for lang in LANGUAGES:
            voice = Voice(lang)
            yield f"score {unit} {lang}", _said(standing_answer(alone, lang, unit))
            yield f"score page {unit} {lang}", score_page(alone, alone.scores[unit], voice)
            yield f"replay {unit} {lang}", _said(replay_answer(*replayed, lang))
            yield f"replay page {unit} {lang}", replay_page(*replayed, voice)


def differing(world: World, scheme: str, year: int) -> list[tuple[str, str, str]]:
    """What is answered otherwise from rows than by a replay: what was asked, and both answers."""
    with world.gk() as gk:
        scores = gk.score(scheme=scheme, year=year).scores
        assert all(isinstance(score, Told) for score in scores.values()), "answered without rows"
        told = dict(_answers(gk, scheme, year))
        gk.replaying = True
        replayed = dict(_answers(gk, scheme, year))
    assert told.keys() == replayed.keys()
    return [(asked, told[asked], replayed[asked]) for asked in told if told[asked] != replayed[asked]]
