"""Answers become scores, on any frame engine."""

from importlib import import_module
from typing import TYPE_CHECKING

from careerbench.scoring.states import STATES

if TYPE_CHECKING:
    from careerbench.scoring.benchmarks import score_benchmarks, score_criteria
    from careerbench.scoring.scales import score_items, score_scale

__all__ = ["STATES", "score_benchmarks", "score_criteria", "score_items", "score_scale"]

_FILES = {
    "score_benchmarks": "benchmarks",
    "score_criteria": "benchmarks",
    "score_items": "scales",
    "score_scale": "scales",
}


def __getattr__(name: str) -> object:
    """Hand a function on when it is first asked for: rooms above need the states alone."""
    if name in _FILES:
        return getattr(import_module(f"careerbench.scoring.{_FILES[name]}"), name)
    raise AttributeError(f"module 'careerbench.scoring' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
