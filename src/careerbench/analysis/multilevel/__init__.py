"""Pupils in schools: linear models with a random intercept and at most one random slope."""

from careerbench.analysis.multilevel.fit import fit_multilevel
from careerbench.analysis.multilevel.results import MultilevelFit

__all__ = ["MultilevelFit", "fit_multilevel"]
