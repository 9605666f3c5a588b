"""Answers become scores, on any frame engine."""

from careerbench.scoring.benchmarks import score_benchmarks, score_criteria
from careerbench.scoring.cheapest import cheapest_path
from careerbench.scoring.holding import holding_back
from careerbench.scoring.scales import score_items, score_scale
from careerbench.scoring.states import STATES

__all__ = [
    "STATES",
    "cheapest_path",
    "holding_back",
    "score_benchmarks",
    "score_criteria",
    "score_items",
    "score_scale",
]
