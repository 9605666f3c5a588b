"""Effect sizes of trials: simple, cluster and multisite, with bootstrap and permutation."""

from careerbench.analysis.trials.bootstrap import bootstrap_effect
from careerbench.analysis.trials.estimate import trial_effect
from careerbench.analysis.trials.permute import permute_effect
from careerbench.analysis.trials.results import BootstrapEffect, PermutedEffect, TrialEffect

__all__ = [
    "BootstrapEffect",
    "PermutedEffect",
    "TrialEffect",
    "bootstrap_effect",
    "permute_effect",
    "trial_effect",
]
