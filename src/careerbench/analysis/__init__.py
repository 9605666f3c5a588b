"""Scores become estimates, each with its interval, its denominators and its notes."""

from careerbench.analysis.change import change
from careerbench.analysis.describe import achieved_shares, scale_means
from careerbench.analysis.differences import DifferenceInDifferences, difference_in_differences
from careerbench.analysis.intervals import difference_interval, wilson_interval
from careerbench.analysis.reliability import scale_reliability
from careerbench.analysis.results import Change, Reliability, ScaleMeans, Shares
from careerbench.analysis.similar import (
    SimilarSchools,
    SimilarSets,
    similar_schools,
    similar_sets,
)
from careerbench.analysis.trials import (
    BootstrapEffect,
    PermutedEffect,
    TrialEffect,
    bootstrap_effect,
    permute_effect,
    trial_effect,
)

__all__ = [
    "BootstrapEffect",
    "Change",
    "DifferenceInDifferences",
    "PermutedEffect",
    "Reliability",
    "ScaleMeans",
    "Shares",
    "SimilarSchools",
    "SimilarSets",
    "TrialEffect",
    "achieved_shares",
    "bootstrap_effect",
    "change",
    "difference_in_differences",
    "difference_interval",
    "permute_effect",
    "scale_means",
    "scale_reliability",
    "similar_schools",
    "similar_sets",
    "trial_effect",
    "wilson_interval",
]
