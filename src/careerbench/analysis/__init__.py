"""Scores become estimates, each with its interval, its denominators and its notes."""

from careerbench.analysis.adjusted import adjusted_change
from careerbench.analysis.agreement import agreement
from careerbench.analysis.answer_shares import answer_shares
from careerbench.analysis.change import change
from careerbench.analysis.combinations import combinations
from careerbench.analysis.comparisons import Adjusted, adjust
from careerbench.analysis.describe import achieved_shares, state_shares
from careerbench.analysis.designs import (
    BeforeAfter,
    ClusterTrial,
    MultisiteTrial,
    SchoolsBeforeAfter,
)
from careerbench.analysis.differences import DifferenceInDifferences, difference_in_differences
from careerbench.analysis.fair_results import Funnel, Ranks, Shrunken
from careerbench.analysis.funnel import funnel
from careerbench.analysis.intervals import difference_interval, exact_interval, wilson_interval
from careerbench.analysis.item_statistics import item_statistics
from careerbench.analysis.mean_change import mean_change
from careerbench.analysis.means import scale_means
from careerbench.analysis.meter import ComparisonMeter
from careerbench.analysis.movement import movement, net_shift
from careerbench.analysis.multilevel import MultilevelFit, fit_multilevel
from careerbench.analysis.number import number_achieved
from careerbench.analysis.over_waves import cochran_waves, friedman_waves
from careerbench.analysis.paired import mcnemar
from careerbench.analysis.planning_results import Planning
from careerbench.analysis.power import minimum_detectable_effect, power
from careerbench.analysis.quality_results import Agreement, ItemStatistics, ResponseQuality
from careerbench.analysis.ranks import rank_intervals
from careerbench.analysis.reliability import scale_reliability
from careerbench.analysis.response import response_rates
from careerbench.analysis.response_quality import response_quality
from careerbench.analysis.results import Change, Reliability, ScaleMeans, Shares
from careerbench.analysis.results_pictures import AnswerShares, Combinations
from careerbench.analysis.returners import who_came_back
from careerbench.analysis.scale_change import scale_change
from careerbench.analysis.sensitivity import sensitivity
from careerbench.analysis.sensitivity_results import Sensitivity
from careerbench.analysis.shrinkage import shrunken_estimates
from careerbench.analysis.similar import SimilarSchools, SimilarSets, similar_schools, similar_sets
from careerbench.analysis.trials import (
    BootstrapEffect,
    PermutedEffect,
    TrialEffect,
    bootstrap_effect,
    permute_effect,
    trial_effect,
)
from careerbench.analysis.wilcoxon import wilcoxon_change

__all__ = [
    "Adjusted",
    "Agreement",
    "AnswerShares",
    "BeforeAfter",
    "BootstrapEffect",
    "Change",
    "ClusterTrial",
    "Combinations",
    "ComparisonMeter",
    "DifferenceInDifferences",
    "Funnel",
    "ItemStatistics",
    "MultilevelFit",
    "MultisiteTrial",
    "PermutedEffect",
    "Planning",
    "Ranks",
    "Reliability",
    "ResponseQuality",
    "ScaleMeans",
    "SchoolsBeforeAfter",
    "Sensitivity",
    "Shares",
    "Shrunken",
    "SimilarSchools",
    "SimilarSets",
    "TrialEffect",
    "achieved_shares",
    "adjust",
    "adjusted_change",
    "agreement",
    "answer_shares",
    "bootstrap_effect",
    "change",
    "cochran_waves",
    "combinations",
    "difference_in_differences",
    "difference_interval",
    "exact_interval",
    "fit_multilevel",
    "friedman_waves",
    "funnel",
    "item_statistics",
    "mcnemar",
    "mean_change",
    "minimum_detectable_effect",
    "movement",
    "net_shift",
    "number_achieved",
    "permute_effect",
    "power",
    "rank_intervals",
    "response_quality",
    "response_rates",
    "scale_change",
    "scale_means",
    "scale_reliability",
    "sensitivity",
    "shrunken_estimates",
    "similar_schools",
    "similar_sets",
    "state_shares",
    "trial_effect",
    "who_came_back",
    "wilcoxon_change",
    "wilson_interval",
]
