"""Scores become estimates, each with its interval, its denominators and its notes."""

from careerbench.analysis.agreement import agreement
from careerbench.analysis.change import change
from careerbench.analysis.describe import achieved_shares, scale_means
from careerbench.analysis.designs import (
    BeforeAfter,
    ClusterTrial,
    MultisiteTrial,
    SchoolsBeforeAfter,
)
from careerbench.analysis.fair_results import Funnel, Ranks, Shrunken
from careerbench.analysis.funnel import funnel
from careerbench.analysis.intervals import difference_interval, wilson_interval
from careerbench.analysis.item_statistics import item_statistics
from careerbench.analysis.planning_results import Planning
from careerbench.analysis.power import minimum_detectable_effect, power
from careerbench.analysis.quality_results import Agreement, ItemStatistics, ResponseQuality
from careerbench.analysis.ranks import rank_intervals
from careerbench.analysis.reliability import scale_reliability
from careerbench.analysis.response_quality import response_quality
from careerbench.analysis.results import Change, Reliability, ScaleMeans, Shares
from careerbench.analysis.sensitivity import sensitivity
from careerbench.analysis.sensitivity_results import Sensitivity
from careerbench.analysis.shrinkage import shrunken_estimates

__all__ = [
    "Agreement",
    "BeforeAfter",
    "Change",
    "ClusterTrial",
    "Funnel",
    "ItemStatistics",
    "MultisiteTrial",
    "Planning",
    "Ranks",
    "Reliability",
    "ResponseQuality",
    "ScaleMeans",
    "SchoolsBeforeAfter",
    "Sensitivity",
    "Shares",
    "Shrunken",
    "achieved_shares",
    "agreement",
    "change",
    "difference_interval",
    "funnel",
    "item_statistics",
    "minimum_detectable_effect",
    "power",
    "rank_intervals",
    "response_quality",
    "scale_means",
    "scale_reliability",
    "sensitivity",
    "shrunken_estimates",
    "wilson_interval",
]
