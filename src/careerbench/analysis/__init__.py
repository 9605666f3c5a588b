"""Scores become estimates, each with its interval, its denominators and its notes."""

from careerbench.analysis.change import change
from careerbench.analysis.describe import achieved_shares, scale_means
from careerbench.analysis.intervals import difference_interval, wilson_interval
from careerbench.analysis.reliability import scale_reliability
from careerbench.analysis.results import Change, Reliability, ScaleMeans, Shares
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
    "PermutedEffect",
    "Reliability",
    "ScaleMeans",
    "Shares",
    "TrialEffect",
    "achieved_shares",
    "bootstrap_effect",
    "change",
    "difference_interval",
    "permute_effect",
    "scale_means",
    "scale_reliability",
    "trial_effect",
    "wilson_interval",
]
