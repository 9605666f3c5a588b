"""Chance from a seed that gives the same numbers on every machine and Python version."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


class Chance:
    """Draws built on ``random.Random.random`` alone, the one stream Python promises to keep."""

    def __init__(self, seed: int, name: str) -> None:
        self._draw = random.Random(f"{seed}/{name}").random  # noqa: S311

    def share(self) -> float:
        """Draw a number from 0 to 1."""
        return self._draw()

    def happens(self, probability: float) -> bool:
        """Say yes with a probability."""
        return self._draw() < probability

    def whole(self, low: int, high: int) -> int:
        """Draw a whole number, both ends included."""
        return low + int(self._draw() * (high - low + 1))

    def one_of(self, options: Sequence[T]) -> T:
        """Draw one of several."""
        return options[int(self._draw() * len(options))]

    def bell(self) -> float:
        """Draw from a bell of mean 0 and standard deviation 1 (twelve uniforms added up)."""
        return sum(self._draw() for _ in range(12)) - 6

    def some(self, options: Sequence[T], n: int) -> list[T]:
        """Draw ``n`` different ones, in their own order."""
        keyed = sorted((self._draw(), place) for place in range(len(options)))
        return [options[place] for place in sorted(place for _, place in keyed[:n])]


def logistic(log_odds: float) -> float:
    """Turn log-odds into a probability."""
    return 1 / (1 + math.exp(-log_odds))
