"""How a figure is measured and said: beside a reference from the same run, never asserted.

One line a figure: figure, ours, reference, ratio, goal, ok or short, with tabs between. Where GK_FIGURES names a file,
the lines go there too: `make bench` makes docs/benchmarks.md of them.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path


def seconds(run: Callable[[], object]) -> float:
    """How long one run takes."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def median(run: Callable[[], object], times: int = 9) -> float:
    """The median duration of a run, in seconds."""
    return statistics.median(seconds(run) for _ in range(times))


def in_turn(ours: Callable[[], object], reference: Callable[[], object], times: int = 5) -> tuple[float, float]:
    """The median durations of two runs, taken in turn, so that a busy moment of the machine hits both."""
    pairs = [(seconds(ours), seconds(reference)) for _ in range(times)]
    return statistics.median(one for one, _ in pairs), statistics.median(other for _, other in pairs)


def figure(name: str, ours: float, reference: float, goal: float, *, unit: str = "ms") -> None:
    """Say a duration: ours may be at most `goal` times the reference."""
    ratio, scale = ours / reference, 1000 if unit == "ms" else 1
    verdict = "ok" if ratio <= goal else "short"
    _say(f"{name}\t{ours * scale:.2f} {unit}\t{reference * scale:.2f} {unit}\t{ratio:.2f}\t<= {goal}\t{verdict}")


def rate(name: str, number: int, ours: float, reference: float, goal: float, *, of: str = "facts") -> None:
    """Say a speed: `number` in `ours` seconds must be at least `goal` times as fast as in `reference` seconds."""
    ratio = reference / ours
    verdict = "ok" if ratio >= goal else "short"
    _say(f"{name}\t{number / ours:,.0f} {of}/s\t{number / reference:,.0f} {of}/s\t{ratio:.2f}\t>= {goal}\t{verdict}")


def within(name: str, ours: float, most: float) -> None:
    """Say a duration that has a limit of its own, in seconds."""
    verdict = "ok" if ours <= most else "short"
    _say(f"{name}\t{ours * 1000:.2f} ms\t-\t-\t<= {most * 1000:.0f} ms\t{verdict}")


def said(name: str, value: str) -> None:
    """Say something that was measured and has no goal."""
    _say(f"{name}\t{value}\t-\t-\t-\t-")


def _say(line: str) -> None:
    print(f"\n{line}", end="", flush=True)  # noqa: T201 - this is what a benchmark is for
    if "GK_FIGURES" in os.environ:
        with Path(os.environ["GK_FIGURES"]).open("a", encoding="utf-8") as file:
            file.write(line + "\n")
