"""The same schools across the years: which audit counts, which number is whose."""

from careerbench.panel.lineage import resolve_urns
from careerbench.panel.waves import choose_audits

__all__ = ["choose_audits", "resolve_urns"]
