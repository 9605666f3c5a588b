"""The same schools across the years: waves, numbers that change, joins, attrition."""

from careerbench.panel.attrition import Attrition, attrition
from careerbench.panel.lineage import OUTCOMES, resolve_urns
from careerbench.panel.link import Linked, link
from careerbench.panel.waves import Wave, choose_audits, latest_audits, list_audits

__all__ = [
    "OUTCOMES",
    "Attrition",
    "Linked",
    "Wave",
    "attrition",
    "choose_audits",
    "latest_audits",
    "link",
    "list_audits",
    "resolve_urns",
]
