"""The gate on the mutation score: reads what mutmut counted and says whether it is enough.

The score is the share of changed programs that a test noticed. A change that made the tests hang was noticed too;
one that no test reaches was not.
"""

import json
import sys
from fractions import Fraction
from pathlib import Path

COUNTS = Path("mutants/mutmut-cicd-stats.json")
SCORE_MIN = Fraction(90, 100)


def main() -> int:
    """Exit status 0 if the score reaches the least one allowed, else 1; prints the score either way."""
    counts: dict[str, int] = json.loads(COUNTS.read_text(encoding="utf-8"))
    noticed = sum(counts.get(outcome, 0) for outcome in ("killed", "timeout", "segfault"))
    missed = sum(counts.get(outcome, 0) for outcome in ("survived", "no_tests", "suspicious"))
    if not noticed + missed:
        print("No mutant was tried: nothing is known about the tests.")
        return 1
    score = Fraction(noticed, noticed + missed)
    print(f"Mutation score {float(score):.1%}: {noticed} noticed, {missed} missed (at least {float(SCORE_MIN):.0%}).")
    if missed:
        print("Those missed: .venv/bin/mutmut results; one of them: .venv/bin/mutmut show NAME")
    return 0 if score >= SCORE_MIN else 1


if __name__ == "__main__":
    sys.exit(main())
