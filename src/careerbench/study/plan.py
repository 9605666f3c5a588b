"""``ReleasePlan``: which slices of a study are released, and how deep they cross."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from careerbench.errors import StudyError, closest, counted, quoted

AREAS = ("region_name", "la_name")
LEVELS = ("programme", *AREAS, "school")
CHARACTERISTICS = ("year_group", "sex", "fsm")
_DEPTH = {"programme": 3, "region_name": 2, "la_name": 1, "school": 1}
_KEYS = {"policy", "surveys", "characteristics", "depth", "school_results"}


@dataclass(frozen=True)
class ReleasePlan:
    """What ``[release]`` in ``study.toml`` says; without it, the defaults.

    Attributes
    ----------
    policy : str
        Name of a disclosure policy, or of a .toml file in the study's folder.
    surveys : tuple of str or None
        Names of the surveys that are released beside the Benchmarks; None: all.
    characteristics : tuple of str
        Columns of the surveys that slices are made by; ``year_group`` also gives key stages.
    depth : mapping of str to int
        How many characteristics may be told at a time, for the programme, a region, a local
        authority and a school.
    school_results : bool
        Whether each school's own Benchmark results are released under its name. Then no count of
        schools is hidden, because it could be added up from them.
    """

    policy: str = "default"
    surveys: tuple[str, ...] | None = None
    characteristics: tuple[str, ...] = CHARACTERISTICS
    depth: Mapping[str, int] = field(default_factory=lambda: dict(_DEPTH))
    school_results: bool = False


def read_plan(said: object, surveys: Collection[str], faults: list[str]) -> ReleasePlan:
    """Read the ``[release]`` table; what is wrong with it is added to ``faults``.

    Parameters
    ----------
    said : object
        What ``study.toml`` holds under ``release``; None where it has no such table.
    surveys : collection of str
        The names of the study's surveys.
    faults : list of str

    Examples
    --------
    >>> faults = []
    >>> read_plan({"depth": {"school": 0}, "polcy": "dfe"}, [], faults).depth["school"]
    0
    >>> faults
    ["release: 'polcy' is not known: did you mean 'policy'?"]
    """
    if said is None:
        return ReleasePlan()
    if not isinstance(said, Mapping):
        faults.append("release must be a table: [release]")
        return ReleasePlan()
    for key in said:
        if key not in _KEYS:
            near = closest(key, _KEYS)
            asked = f": did you mean '{near}'?" if near else f"; known are {quoted(sorted(_KEYS))}"
            faults.append(f"release: '{key}' is not known{asked}")
    policy, results = said.get("policy", "default"), said.get("school_results", False)
    if not isinstance(policy, str) or not policy:
        faults.append(f"release: policy = {policy!r} is no name")
    if not isinstance(results, bool):
        faults.append(f"release: school_results = {results!r} must be true or false")
    return ReleasePlan(
        policy=str(policy),
        surveys=_surveys(said, surveys, faults),
        characteristics=_characteristics(said, faults),
        depth=_depth(said.get("depth", {}), faults),
        school_results=results is True,
    )


def changed_plan(
    plan: ReleasePlan, said: Mapping[str, Any], surveys: Collection[str]
) -> ReleasePlan:
    """Change what is said of a plan and keep the rest; None says nothing.

    Raises
    ------
    StudyError
        If a value cannot be used; every fault is listed.
    """
    changes = {name: value for name, value in said.items() if value is not None}
    faults: list[str] = []
    read = read_plan(changes, surveys, faults)
    if faults:
        raise StudyError(
            f"with_release: {counted(len(faults), 'fault')}.",
            found="".join(f"\n    - {fault}" for fault in faults),
            hint='with_release(surveys=["pupils"], depth={"school": 0})',
        )
    changed = {name: getattr(read, name) for name in changes}
    if "depth" in changes:
        changed["depth"] = {**plan.depth, **changes["depth"]}
    return replace(plan, **changed)


def _surveys(
    said: Mapping[str, Any], known: Collection[str], faults: list[str]
) -> tuple[str, ...] | None:
    names = said.get("surveys")
    if names is None:
        return None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        faults.append("release: surveys must be a list of names of surveys")
        return None
    unknown = [name for name in names if name not in known]
    faults += [
        f"release: there is no survey '{name}'; known are {quoted(known)}" for name in unknown
    ]
    return tuple(names)


def _characteristics(said: Mapping[str, Any], faults: list[str]) -> tuple[str, ...]:
    names = said.get("characteristics", list(CHARACTERISTICS))
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        faults.append("release: characteristics must be a list of columns")
        return CHARACTERISTICS
    taken = [name for name in names if name in {*LEVELS, "school_urn", "item", "answer", "wave"}]
    if taken or len(set(names)) < len(names):
        faults.append(f"release: characteristics {quoted(names)} name a column that is taken")
    return tuple(names)


def _depth(said: object, faults: list[str]) -> dict[str, int]:
    given = said if isinstance(said, Mapping) else {}
    if given is not said:
        faults.append("release: depth must be a table such as { school = 1, la_name = 1 }")
    for level, depth in given.items():
        if level not in LEVELS:
            faults.append(f"release: depth knows no '{level}'; known are {quoted(LEVELS)}")
        elif not isinstance(depth, int) or isinstance(depth, bool) or not 0 <= depth <= 9:
            faults.append(f"release: depth of {level} = {depth!r} is no number of characteristics")
    known = {level: depth for level, depth in given.items() if level in LEVELS}
    return {**_DEPTH, **known}
