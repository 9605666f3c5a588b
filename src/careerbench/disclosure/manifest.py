"""What a release says of itself: policy, edition, versions, and what was proved."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from careerbench import __version__
from careerbench.disclosure.populations import areas_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from careerbench.disclosure.parse import Policy
    from careerbench.disclosure.release import Release
    from careerbench.study import Study

_PACKAGES = ("numpy", "pandas", "scipy", "highspy")


def manifest_of(
    study: Study,
    policy: Policy,
    certificates: list[dict[str, Any]],
    against: Sequence[Release],
    levels: dict[str, dict[str, int]],
) -> dict[str, Any]:
    """Describe a release; only totals are told of what is hidden, never which cell is which."""
    plan, framework = study.release, study.framework
    return {
        "title": study.title,
        "about": study.about,
        "policy": _said_of(policy),
        "framework": {
            "id": framework.id,
            "title": framework.title,
            "provisional": framework.provisional,
        },
        "crossing": {
            "characteristics": list(plan.characteristics),
            "depth": dict(plan.depth),
            "areas": list(areas_of(study)),
            "school_results": plan.school_results,
        },
        "waves": study.wave_titles,
        "wave_dates": {
            wave.id: {"opens": wave.opens.isoformat(), "closes": wave.closes.isoformat()}
            for wave in study.waves
        },
        "versions": {"careerbench": __version__, **{name: version(name) for name in _PACKAGES}},
        "against": [release.fingerprint for release in against],
        "certificate": _certificate(policy, certificates),
        "levels": levels,
        "notes": _notes(study, policy),
    }


def _said_of(policy: Policy) -> dict[str, Any]:
    """Lay a policy out, so that a reader of the file knows it without careerbench."""
    percentages, means = policy.percentages, policy.means
    return {
        "id": policy.id,
        "title": policy.title,
        "source": str(policy.source),
        "threshold": dict(policy.threshold),
        "width": policy.width,
        "zeros_sensitive": policy.zeros_sensitive,
        "zeros_always_shown": policy.zeros_always_shown,
        "percentages": {"least": percentages.least, "decimals": percentages.decimals},
        "means": {"least": means.least, "decimals": means.decimals},
    }


def _certificate(policy: Policy, tables: list[dict[str, Any]]) -> dict[str, Any]:
    """Say what was proved, in all and question by question."""
    counted = ("n_cells", "n_hidden")
    return {
        "assumptions": list(policy.assumptions),
        "width": policy.width,
        "n_tables": len(tables),
        **{name: sum(each[name] for each in tables) for name in counted},
        "n_narrow": 0,
        "tables": tables,
    }


def _notes(study: Study, policy: Policy) -> list[str]:
    """Say in words what the release promises, and what it does not."""
    schools = (
        "Each school's own Benchmark results are released, so no count of schools is hidden."
        if study.release.school_results
        else f"Counts of fewer than {policy.threshold.get('schools', 0)} schools by their result "
        "are hidden. How many schools of an area took part is shown, because the file lists them: "
        "of two schools, a hidden count may be 0 to 2 and no more."
    )
    dominance = [
        "No mean of an area is shown of which one or two schools make up more of the scores "
        "than the policy allows."
    ] * (policy.largest_percent is not None or policy.p_percent is not None)
    return [
        f"Policy {policy.id}: {policy.title} ({policy.source}).",
        f"Given everything in the tables of one question at one wave, no count below the "
        f"threshold can be narrowed down to fewer than {policy.width} steps.",
        schools,
        "n is those who answered the question. A hidden figure (c) may be anything and must "
        "not be read as 0; it is hidden for its own sake or for another's, which is not told "
        "apart.",
        "Questions are protected one by one; what the same people answered shares the sizes "
        "that are hidden. How many of a shown group skipped a question can be told from the "
        "other questions; what they answered cannot. Nothing adds waves up.",
        "A row stands for every group that there could be, so that a row does not tell that "
        "anybody is in it. An attacker who knows single pupils' answers, or who holds another "
        "release that was not given as an earlier one, is not covered.",
        *dominance,
    ]
