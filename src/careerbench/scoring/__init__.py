"""Answers become scores, on any frame engine."""

from careerbench.scoring.benchmarks import score_benchmarks, score_criteria
from careerbench.scoring.bridging import bridge
from careerbench.scoring.by_rater import score_by_rater
from careerbench.scoring.cheapest import cheapest_path
from careerbench.scoring.claims import compare_with_claims
from careerbench.scoring.encounters import count_encounters
from careerbench.scoring.holding import holding_back
from careerbench.scoring.raters import beside
from careerbench.scoring.scales import score_items, score_scale
from careerbench.scoring.shown import show_percent
from careerbench.scoring.states import STATES

__all__ = [
    "STATES",
    "beside",
    "bridge",
    "cheapest_path",
    "compare_with_claims",
    "count_encounters",
    "holding_back",
    "score_benchmarks",
    "score_by_rater",
    "score_criteria",
    "score_items",
    "score_scale",
    "show_percent",
]
