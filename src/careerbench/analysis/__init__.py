"""Scores become estimates, each with its interval, its denominators and its notes."""

from careerbench.analysis.change import change
from careerbench.analysis.describe import achieved_shares, scale_means
from careerbench.analysis.intervals import difference_interval, wilson_interval
from careerbench.analysis.multilevel import MultilevelFit, fit_multilevel
from careerbench.analysis.reliability import scale_reliability
from careerbench.analysis.results import Change, Reliability, ScaleMeans, Shares

__all__ = [
    "Change",
    "MultilevelFit",
    "Reliability",
    "ScaleMeans",
    "Shares",
    "achieved_shares",
    "change",
    "difference_interval",
    "fit_multilevel",
    "scale_means",
    "scale_reliability",
    "wilson_interval",
]
