"""Scores become estimates, each with its interval, its denominators and its notes."""

from careerbench.analysis.adjusted import adjusted_change
from careerbench.analysis.change import change
from careerbench.analysis.comparisons import Adjusted, adjust
from careerbench.analysis.describe import achieved_shares, state_shares
from careerbench.analysis.intervals import difference_interval, exact_interval, wilson_interval
from careerbench.analysis.mean_change import mean_change
from careerbench.analysis.means import scale_means
from careerbench.analysis.meter import ComparisonMeter
from careerbench.analysis.movement import movement, net_shift
from careerbench.analysis.number import number_achieved
from careerbench.analysis.over_waves import cochran_waves, friedman_waves
from careerbench.analysis.paired import mcnemar
from careerbench.analysis.reliability import scale_reliability
from careerbench.analysis.response import response_rates
from careerbench.analysis.results import Change, Reliability, ScaleMeans, Shares
from careerbench.analysis.returners import who_came_back
from careerbench.analysis.scale_change import scale_change
from careerbench.analysis.wilcoxon import wilcoxon_change

__all__ = [
    "Adjusted",
    "Change",
    "ComparisonMeter",
    "Reliability",
    "ScaleMeans",
    "Shares",
    "achieved_shares",
    "adjust",
    "adjusted_change",
    "change",
    "cochran_waves",
    "difference_interval",
    "exact_interval",
    "friedman_waves",
    "mcnemar",
    "mean_change",
    "movement",
    "net_shift",
    "number_achieved",
    "response_rates",
    "scale_change",
    "scale_means",
    "scale_reliability",
    "state_shares",
    "who_came_back",
    "wilcoxon_change",
    "wilson_interval",
]
