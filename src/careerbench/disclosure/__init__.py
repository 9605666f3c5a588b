"""Results made safe: policies, protection of tables, and an audit of what was published."""

from careerbench.disclosure.audit import Audit, audit
from careerbench.disclosure.axes import Dimension
from careerbench.disclosure.build import build_release
from careerbench.disclosure.cube import Cube, build_cube
from careerbench.disclosure.parse import Policy
from careerbench.disclosure.policy import list_policies, load_policy
from careerbench.disclosure.protect import protect
from careerbench.disclosure.protection import Protected, protect_cells
from careerbench.disclosure.release import Release, open_release
from careerbench.disclosure.released import Released, Verdict, worst

__all__ = [
    "Audit",
    "Cube",
    "Dimension",
    "Policy",
    "Protected",
    "Release",
    "Released",
    "Verdict",
    "audit",
    "build_cube",
    "build_release",
    "list_policies",
    "load_policy",
    "open_release",
    "protect",
    "protect_cells",
    "worst",
]
