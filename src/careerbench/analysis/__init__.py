"""Scores become estimates, each with its interval, its denominators and its notes."""

from careerbench.analysis.agreement import agreement
from careerbench.analysis.change import change
from careerbench.analysis.describe import achieved_shares, scale_means
from careerbench.analysis.fair_results import Funnel, Ranks, Shrunken
from careerbench.analysis.funnel import funnel
from careerbench.analysis.intervals import difference_interval, wilson_interval
from careerbench.analysis.item_statistics import item_statistics
from careerbench.analysis.quality_results import Agreement, ItemStatistics, ResponseQuality
from careerbench.analysis.ranks import rank_intervals
from careerbench.analysis.reliability import scale_reliability
from careerbench.analysis.response_quality import response_quality
from careerbench.analysis.results import Change, Reliability, ScaleMeans, Shares
from careerbench.analysis.shrinkage import shrunken_estimates

__all__ = [
    "Agreement",
    "Change",
    "Funnel",
    "ItemStatistics",
    "Ranks",
    "Reliability",
    "ResponseQuality",
    "ScaleMeans",
    "Shares",
    "Shrunken",
    "achieved_shares",
    "agreement",
    "change",
    "difference_interval",
    "funnel",
    "item_statistics",
    "rank_intervals",
    "response_quality",
    "scale_means",
    "scale_reliability",
    "shrunken_estimates",
    "wilson_interval",
]
