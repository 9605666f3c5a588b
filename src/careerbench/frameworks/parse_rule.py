"""TOML to ``Rule``: ``"all_of"``, ``{ at_least = 2 }``, ``{ any_of = ["a", { ... }] }``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from careerbench.errors import did_you_mean, quoted
from careerbench.frameworks.rule import PLAIN, Rule

_SHAPES = "all_of, any_of, first_of, { at_least = k } or { all_of = [...] }"


def parse_rule(
    said: object,
    known: Sequence[str],
    where: str,
    faults: list[str],
    *,
    unscored: Sequence[str] = (),
) -> Rule:
    """Read a rule over the parts ``known``; what is wrong with it is added to ``faults``.

    ``unscored`` are ids that stand there but cannot be part of a rule.

    Examples
    --------
    >>> faults = []
    >>> rule = parse_rule({"any_of": ["a", {"all_of": ["b", "d"]}]}, ["a", "b", "c"], "b1", faults)
    >>> print(rule)
    any of (a, all of (b, d))
    >>> faults
    ["b1: the rule names 'd'; one of 'a', 'b', 'c'", "b1: the rule leaves out 'c'"]
    """
    rule = _rule(said, known, where, faults)
    named = Counter(rule.names())
    faults.extend(
        f"{where}: the rule names '{name}'; "
        + ("it is not scored" if name in unscored else did_you_mean(name, known))
        for name in named
        if name not in known
    )
    repeated = [name for name, times in named.items() if times > 1]
    if repeated:
        faults.append(f"{where}: the rule names {quoted(repeated)} more than once")
    left_out = [name for name in known if name not in named]
    if named and left_out:
        faults.append(f"{where}: the rule leaves out {quoted(left_out)}")
    return rule


def _rule(said: object, known: Sequence[str], where: str, faults: list[str]) -> Rule:
    if isinstance(said, str) and said in PLAIN:
        return Rule(said)
    if isinstance(said, Mapping):
        plain = [kind for kind in PLAIN if kind in said]
        if len(said) == 1 and plain:
            return Rule(plain[0], parts=_parts(said[plain[0]], known, where, faults))
        if "at_least" in said and set(said) <= {"at_least", "of"}:
            return _at_least(said, known, where, faults)
    faults.append(f"{where}: rule {said!r} is not {_SHAPES}")
    return Rule()


def _at_least(said: Mapping[str, Any], known: Sequence[str], where: str, faults: list[str]) -> Rule:
    k = said["at_least"]
    parts = _parts(said["of"], known, where, faults) if "of" in said else ()
    if not isinstance(k, int) or isinstance(k, bool) or k < 1:
        faults.append(f"{where}: at_least = {k!r} must be a whole number from 1")
        return Rule("at_least", 1, parts)
    n_parts = len(parts) if "of" in said else len(known)
    if k > n_parts:
        faults.append(f"{where}: at least {k} of {n_parts} parts can never hold")
    return Rule("at_least", k, parts)


def _parts(
    said: object, known: Sequence[str], where: str, faults: list[str]
) -> tuple[str | Rule, ...]:
    if not isinstance(said, list) or not said:
        faults.append(f"{where}: a rule's parts must be a list of ids and rules, not {said!r}")
        return ()
    return tuple(
        part if isinstance(part, str) and part not in PLAIN else _rule(part, known, where, faults)
        for part in said
    )
