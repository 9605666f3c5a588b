"""How alike two wordings are: suggestions for headings and answers that are not recognised."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SURE, MAYBE = 80, 60
_GRID_ROW = re.compile(r".*\[(?P<row>[^\[\]]+)\]\s*(?:_\d+)?$", re.DOTALL)
_QUOTES = str.maketrans("‘’“”–—", "''\"\"--")


@dataclass(frozen=True)
class Match:
    """A wording that was probably meant, and how alike it is (0 to 100)."""

    name: str
    score: float

    @property
    def percent(self) -> str:
        """The likeness, cut to a whole number so that 100% is the same words."""
        return f"{int(self.score)}%"


def plain(text: str) -> str:
    """Reduce an answer to what matters: no case, one kind of quote, single spaces.

    Examples
    --------
    >>> plain("Don’t  Know ") == plain("don't know")
    True
    """
    return " ".join(text.translate(_QUOTES).casefold().split())


def likeness(said: str, meant: str) -> float:
    """Compare two wordings, 0 to 100; of a grid's ``Question [row]`` the row counts too.

    Examples
    --------
    >>> likeness("How true is this? [I know jobs]", "I know jobs")
    100.0
    """
    from rapidfuzz import fuzz

    row = _GRID_ROW.match(said)
    wordings = [said, row["row"]] if row else [said]
    return max(
        max(
            fuzz.ratio(plain(each), plain(meant)),
            0.95 * fuzz.token_sort_ratio(plain(each), plain(meant)),
        )
        for each in wordings
    )


def nearest(said: str, known: Iterable[str], *, least: float = MAYBE) -> Match | None:
    """Find the known wording that is most alike."""
    found = [Match(name, likeness(said, name)) for name in known]
    best = max(found, key=lambda match: match.score, default=None)
    return best if best is not None and best.score >= least else None


def pair_off(
    left: Mapping[str, str], right: Mapping[str, str], *, least: float = MAYBE
) -> dict[str, Match]:
    """Give each name on the left at most one on the right, the most alike first."""
    scores = [
        (likeness(words, meant), mine, other)
        for mine, words in left.items()
        for other, meant in right.items()
    ]
    paired: dict[str, Match] = {}
    taken: set[str] = set()
    for score, mine, other in sorted(scores, key=lambda each: -each[0]):
        if score >= least and mine not in paired and other not in taken:
            paired[mine] = Match(other, score)
            taken.add(other)
    return paired
