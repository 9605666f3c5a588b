"""``Framework`` and what it is made of: Benchmarks, criteria, items, answer scales, rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from careerbench.frameworks.codebook import show_codebook
from careerbench.frameworks.rule import Rule
from careerbench.frameworks.words import answer_lookup, folded, percent_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    import pandas as pd

    from careerbench.provenance import Source

MISSING_RULES = ("as_not_met", "exclude", "not_scored")
ROUNDINGS = ("half_up", "truncate")


@dataclass(frozen=True)
class AnswerScale:
    """The answers an item can have, in order, and which of them meet it.

    ``answers``, ``not_applicable`` and ``missing`` are codes; ``labels`` gives each code's words.
    ``missing`` holds answers that say nothing ("don't know"); a blank is missing as well.
    ``bands``, where the answers are bands of a percentage, gives for each answer the percentage
    at which it begins, and whether that percentage itself is in it.
    """

    name: str
    answers: tuple[str, ...]
    meets: tuple[str, ...]
    labels: Mapping[str, str]
    not_applicable: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    about: str = ""
    provisional: bool = False
    bands: tuple[tuple[float, bool], ...] = ()

    def read(self, said: object) -> str | None:
        """Return the code of an answer as someone wrote it; None where it is not on the scale.

        A percentage ("67", "67.5%") is read into its band. A bare fraction such as "0.67" is not:
        it could be either.
        """
        word = folded(said)
        code = self.lookup.get(word)
        percent = percent_of(word) if code is None and self.bands else None
        if percent is None:
            return code
        begun = [
            answer
            for answer, (start, inside) in zip(self.answers, self.bands, strict=True)
            if percent > start or (inside and percent == start)
        ]
        return begun[-1] if begun else None

    @cached_property
    def lookup(self) -> dict[str, str]:
        """Every way of writing an answer, folded (``words.folded``), to its code."""
        return answer_lookup((*self.answers, *self.not_applicable, *self.missing), self.labels)


@dataclass(frozen=True)
class Item:
    """One question put to a school.

    ``year_groups``, ``phases`` (of the school register) and ``sixth_form`` limit the schools, and
    ``year_groups`` the year groups, that it is put to; empty and None set no limit.
    """

    id: str
    text: str
    scale: str
    meets: tuple[str, ...]
    scored: bool = True
    by_year_group: bool = False
    across_years: str = "all_of"
    year_groups: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    sixth_form: bool | None = None
    provisional: bool = False

    @property
    def is_conditional(self) -> bool:
        """Say whether some schools are not asked."""
        return bool(self.year_groups or self.phases) or self.sixth_form is not None


@dataclass(frozen=True)
class Criterion:
    """One thing a Benchmark asks for, met when its rule holds over its scored items."""

    id: str
    text: str
    items: tuple[Item, ...]
    rule: Rule = field(default_factory=Rule)
    provisional: bool = False


@dataclass(frozen=True)
class Benchmark:
    """One of the (usually eight) Benchmarks, achieved when its rule holds over its criteria."""

    id: str
    title: str
    summary: str
    criteria: tuple[Criterion, ...]
    rule: Rule = field(default_factory=Rule)
    source: str = ""
    provisional: bool = False

    @property
    def items(self) -> tuple[Item, ...]:
        """Every item of the Benchmark, in order, scored or not."""
        return tuple(item for criterion in self.criteria for item in criterion.items)


@dataclass(frozen=True, eq=False)
class Framework:
    """One edition of what schools are judged against, for one kind of setting.

    Attributes
    ----------
    id, title, family, setting : str
        ``gatsby-2014`` is an edition of the family ``gatsby`` for the setting ``school``.
    valid_from, valid_to : date
        First and last day on which the edition was in force; ``valid_to`` may be None.
    benchmarks : tuple of Benchmark
    scales : mapping of str to AnswerScale
    missing : {"as_not_met", "exclude", "not_scored"}
        What a missing answer does to the score unless the caller says otherwise.
    display : {"half_up", "truncate"}
        How the publisher rounds a percentage on screen; never used in a calculation.
    provisional : bool
        True when the edition is not known well enough to be cited; ``notes`` says why.
    source : Source
    """

    id: str
    title: str
    family: str
    setting: str
    valid_from: date
    benchmarks: tuple[Benchmark, ...]
    scales: Mapping[str, AnswerScale]
    source: Source
    missing: str = "as_not_met"
    display: str = "half_up"
    valid_to: date | None = None
    provisional: bool = False
    notes: tuple[str, ...] = ()

    @cached_property
    def items(self) -> dict[str, Item]:
        """Every item by its id, in the framework's order."""
        return {item.id: item for _, _, item in self._walk()}

    @property
    def labels(self) -> dict[str, str]:
        """Short title of each Benchmark by its id, as pictures and pickers show it."""
        return {benchmark.id: benchmark.title for benchmark in self.benchmarks}

    def to_frame(self) -> pd.DataFrame:
        """Lay the framework out as a codebook.

        Returns
        -------
        DataFrame
            One row per item, in order: ``benchmark``, ``criterion``, ``item`` (ids), ``scale``,
            ``scored``, ``by_year_group``, ``across_years``, ``year_groups``, ``phases`` and
            ``sixth_form`` (empty: no limit), ``meets`` (answers that meet the item),
            ``criterion_rule``, ``benchmark_rule``, ``text``, ``provisional``.
        """
        import pandas as pd

        rows = [
            {
                "benchmark": benchmark.id,
                "criterion": criterion.id,
                "item": item.id,
                "scale": item.scale,
                "scored": item.scored,
                "by_year_group": item.by_year_group,
                "across_years": item.across_years if item.by_year_group else "",
                "year_groups": ", ".join(item.year_groups),
                "phases": ", ".join(item.phases),
                "sixth_form": {None: "", True: "yes", False: "no"}[item.sixth_form],
                "meets": ", ".join(item.meets),
                "criterion_rule": str(criterion.rule),
                "benchmark_rule": str(benchmark.rule),
                "text": item.text,
                "provisional": self._is_provisional(benchmark, criterion, item),
            }
            for benchmark, criterion, item in self._walk()
        ]
        return pd.DataFrame(rows)

    def __repr__(self) -> str:
        mark = ", provisional" if self.provisional else ""
        return (
            f"<Framework {self.id}: {len(self.benchmarks)} Benchmarks, "
            f"{len(self.items)} items, from {self.valid_from}{mark}>"
        )

    def _repr_html_(self) -> str:
        """Show the codebook in a notebook, rules and conditions in words."""
        return show_codebook(self)

    def _walk(self) -> Iterator[tuple[Benchmark, Criterion, Item]]:
        for benchmark in self.benchmarks:
            for criterion in benchmark.criteria:
                for item in criterion.items:
                    yield benchmark, criterion, item

    def _is_provisional(self, benchmark: Benchmark, criterion: Criterion, item: Item) -> bool:
        parts = (self, benchmark, criterion, item, self.scales[item.scale])
        return any(part.provisional for part in parts)
