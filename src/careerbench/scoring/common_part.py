"""The common part of two editions: what a crosswalk links, as a framework of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from careerbench.frameworks import Benchmark, Criterion, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from careerbench.frameworks import Crosswalk, Framework, Link


class Comparability(Enum):
    """What a difference between two editions can be taken for."""

    COMPARABLE = "comparable"
    WITH_CARE = "with care"
    NOT = "not"

    def __str__(self) -> str:
        return self.value


INCLUDED = {"same": ("same",), "overlapping": ("same", "broader", "narrower")}
"""Which relations enter the common part."""

_RELATIONS = {
    "same": "the same",
    "broader": "broader since",
    "narrower": "narrower since",
    "new": "new",
    "gone": "gone",
}


@dataclass(frozen=True)
class Pair:
    """One Benchmark of the later edition with its links, or one that is gone (no later one)."""

    before: tuple[str, ...]
    after: str
    links: tuple[Link, ...]


def pairs_of(crosswalk: Crosswalk) -> list[Pair]:
    """Gather the links by Benchmark of the later edition, in its order.

    A link belongs to every later Benchmark that its criteria stand in, *gone* to the one that the
    other criteria of its earlier Benchmark lead to. A Benchmark none of whose criteria lead
    anywhere stands alone at the end.
    """
    old, new = (_owners(one) for one in (crosswalk.from_framework, crosswalk.to_framework))
    leads: dict[str, list[str]] = {}
    for link in crosswalk.links:
        for criterion in link.before:
            leads.setdefault(old[criterion], []).extend(new[name] for name in link.after)
    found: dict[str, list[Link]] = {one.id: [] for one in crosswalk.to_framework.benchmarks}
    alone: dict[str, list[Link]] = {}
    for link in crosswalk.links:
        targets = {new[name] for name in link.after}
        if not targets:
            first = [leads[old[name]][0] if leads[old[name]] else "" for name in link.before]
            targets = {name for name in first if name}
            for name, lead in zip(link.before, first, strict=True):
                if not lead and link not in alone.setdefault(old[name], []):
                    alone[old[name]].append(link)
        for target in targets:
            found[target].append(link)
    pairs = [
        Pair(
            _in_order(old[name] for link in links for name in link.before), benchmark, tuple(links)
        )
        for benchmark, links in found.items()
    ]
    return pairs + [Pair((benchmark,), "", tuple(links)) for benchmark, links in alone.items()]


def common_framework(
    crosswalk: Crosswalk, side: str, include: str, *, missing: str
) -> Framework | None:
    """Build the common part as one edition asks for it: a criterion for each link.

    A link's criterion is met when all of its criteria are. Of Benchmarks whose rule is *any of* in
    both editions any link will do; otherwise all links are asked for. The edition's other items
    stay, unscored, so that a school that answered nothing else is still there.
    """
    edition = crosswalk.from_framework if side == "before" else crosswalk.to_framework
    criteria = {part.id: part for one in edition.benchmarks for part in one.criteria}
    numbers = {link: number for number, link in enumerate(crosswalk.links, start=1)}
    titles = {one.id: one for one in crosswalk.to_framework.benchmarks}
    benchmarks = []
    for pair in pairs_of(crosswalk):
        links = [link for link in pair.links if link.relation in INCLUDED[include]]
        parts = tuple(
            _linked(f"link {numbers[link]}", [criteria[name] for name in getattr(link, side)])
            for link in links
        )
        if parts:
            rule = Rule(common_rule(crosswalk, pair) or "all_of")
            benchmarks.append(
                replace(titles[pair.after], criteria=parts, rule=rule, provisional=True)
            )
    if not benchmarks:
        return None
    benchmarks[-1] = _with_the_rest(benchmarks, edition)
    return replace(edition, id=crosswalk.id, title=crosswalk.title, missing=missing,
                   benchmarks=tuple(benchmarks))  # fmt: skip


def common_rule(crosswalk: Crosswalk, pair: Pair) -> str | None:
    """Name the plain rule that both editions have for a Benchmark; None where they differ."""
    rules = {
        one.rule.kind if not one.rule.parts else str(one.rule)
        for edition, names in (
            (crosswalk.from_framework, pair.before),
            (crosswalk.to_framework, (pair.after,)),
        )
        for one in edition.benchmarks
        if one.id in names
    }
    only = rules.pop() if len(rules) == 1 else ""
    return only if only in ("all_of", "any_of") else None


def judge_pair(crosswalk: Crosswalk, pair: Pair, include: str) -> tuple[Comparability, str]:
    """Say how far a Benchmark's common part can be compared, and why."""
    words = _in_words(pair) + (" (provisional judgements)" if crosswalk.provisional else "")
    inside = [link for link in pair.links if link.relation in INCLUDED[include]]
    if not inside:
        return Comparability.NOT, f"nothing of it is asked for alike: {words}"
    reasons = []
    if len(inside) < len(pair.links):
        reasons.append("only a part of the Benchmark is common")
    if any(link.relation != "same" for link in inside):
        reasons.append("parts of it ask for more or less than before")
    if len(pair.before) > 1:
        reasons.append("it stood in several Benchmarks before")
    if _is_split(crosswalk, inside):
        reasons.append("a link reaches over several Benchmarks and is counted in each")
    if common_rule(crosswalk, pair) is None:
        reasons.append("the editions' rules are not alike, so all of the common part is asked for")
    if reasons:
        return Comparability.WITH_CARE, f"{'; '.join(reasons)}: {words}"
    return Comparability.COMPARABLE, f"all of it is asked for alike: {words}"


def _in_words(pair: Pair) -> str:
    """Say which criteria are the same, broader, narrower, new and gone."""
    said = []
    for relation, words in _RELATIONS.items():
        names = [
            " + ".join(link.after or link.before)
            if link.before == link.after or not (link.before and link.after)
            else f"{' + '.join(link.before)} to {' + '.join(link.after)}"
            for link in pair.links
            if link.relation == relation
        ]
        if names:
            said.append(f"{words} {', '.join(names)}")
    return "; ".join(said)


def _is_split(crosswalk: Crosswalk, links: Iterable[Link]) -> bool:
    new = _owners(crosswalk.to_framework)
    return any(len({new[name] for name in link.after}) > 1 for link in links)


def _with_the_rest(benchmarks: list[Benchmark], edition: Framework) -> Benchmark:
    """Add the edition's other items, unscored, to the last criterion."""
    there = {item.id for one in benchmarks for item in one.items}
    rest = tuple(
        replace(item, scored=False) for item in edition.items.values() if item.id not in there
    )
    *first, last = benchmarks[-1].criteria
    return replace(benchmarks[-1], criteria=(*first, replace(last, items=(*last.items, *rest))))


def _linked(name: str, criteria: list[Criterion]) -> Criterion:
    """Join criteria into one that is met when all of them are."""
    rules = tuple(
        part.rule
        if part.rule.parts
        else replace(part.rule, parts=tuple(item.id for item in part.items if item.scored))
        for part in criteria
    )
    return Criterion(
        name,
        "; ".join(part.text for part in criteria),
        tuple(item for part in criteria for item in part.items),
        rules[0] if len(rules) == 1 else Rule("all_of", parts=rules),
        provisional=True,
    )


def _owners(edition: Framework) -> dict[str, str]:
    return {part.id: one.id for one in edition.benchmarks for part in one.criteria}


def _in_order(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
