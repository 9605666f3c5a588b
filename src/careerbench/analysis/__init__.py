"""Scores become estimates, each with its interval, its denominators and its notes."""

from careerbench.analysis.agreement import agreement
from careerbench.analysis.change import change
from careerbench.analysis.describe import achieved_shares, scale_means
from careerbench.analysis.intervals import difference_interval, wilson_interval
from careerbench.analysis.item_statistics import item_statistics
from careerbench.analysis.quality_results import Agreement, ItemStatistics, ResponseQuality
from careerbench.analysis.reliability import scale_reliability
from careerbench.analysis.response_quality import response_quality
from careerbench.analysis.results import Change, Reliability, ScaleMeans, Shares

__all__ = [
    "Agreement",
    "Change",
    "ItemStatistics",
    "Reliability",
    "ResponseQuality",
    "ScaleMeans",
    "Shares",
    "achieved_shares",
    "agreement",
    "change",
    "difference_interval",
    "item_statistics",
    "response_quality",
    "scale_means",
    "scale_reliability",
    "wilson_interval",
]
