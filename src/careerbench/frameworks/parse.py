"""TOML to ``Framework``: every fault of a file is listed, not only the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerbench.errors import quoted
from careerbench.frameworks.faults import Faults, Table
from careerbench.frameworks.model import (
    MISSING_RULES,
    ROUNDINGS,
    AnswerScale,
    Benchmark,
    Criterion,
    Framework,
    Item,
)
from careerbench.frameworks.parse_answers import parse_answers
from careerbench.frameworks.parse_rule import parse_rule
from careerbench.periods import YEAR_GROUPS
from careerbench.provenance import Source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from careerbench.frameworks.rule import Rule

_FRAMEWORK_KEYS = {
    "id", "family", "setting", "title", "valid_from", "valid_to", "provisional", "missing",
    "display", "notes", "source", "scales", "benchmark",
}  # fmt: skip
_BENCHMARK_KEYS = {"id", "title", "summary", "source", "provisional", "rule", "criterion"}
_CRITERION_KEYS = {"id", "text", "provisional", "rule", "item"}
_ITEM_KEYS = {
    "id", "text", "scale", "meets", "scored", "by_year_group", "across_years", "year_groups",
    "phases", "sixth_form", "provisional",
}  # fmt: skip
_AFTER_16 = {"12", "13", "14"}


def parse_framework(toml: Table, *, name: str) -> Framework:
    """Build a framework from the tables of a TOML file.

    Raises
    ------
    FrameworkError
        With every fault found, a line each.
    """
    reader = _Reader()
    fields = reader.fields(toml)
    reader.raise_any(
        "load_framework",
        name,
        "framework",
        "mend these in the file; docs/frameworks.md says what each entry means",
    )
    return Framework(**fields)


class _Reader(Faults):
    """Reads the tables and gathers what is wrong with them."""

    def fields(self, toml: Table) -> dict:
        """Read every field of the framework."""
        self.known(toml, _FRAMEWORK_KEYS, "the file")
        said_id, title = (self.text(toml, key, "the file") for key in ("id", "title"))
        scales = {
            name: parse_answers(name, said, self) for name, said in self.tables(toml, "scales")
        }
        benchmarks = tuple(
            self._benchmark(said, _place("benchmark", said, number), scales)
            for number, said in enumerate(self.parts(toml, "benchmark"), start=1)
        )
        if not benchmarks:
            self.add("", "there is no [[benchmark]]")
        valid_from, valid_to = self.day(toml, "valid_from"), self.day(toml, "valid_to")
        if "valid_from" not in toml:
            self.add("", "valid_from is missing: the first day the edition was in force")
        if valid_from and valid_to and valid_to < valid_from:
            self.add("", "valid_to lies before valid_from")
        return {
            "id": said_id,
            "title": title,
            "family": self.optional(toml, "family", "the file", said_id),
            "setting": self.optional(toml, "setting", "the file", "school"),
            "valid_from": valid_from,
            "valid_to": valid_to,
            "benchmarks": benchmarks,
            "scales": scales,
            "source": Source.of_document(self.source(toml, title)),
            "missing": self.choice(toml, "missing", MISSING_RULES, "the file"),
            "display": self.choice(toml, "display", ROUNDINGS, "the file"),
            "provisional": self.flag(toml, "provisional", "the file"),
            "notes": self.texts(toml, "notes", "the file"),
        }

    def _benchmark(self, said: Table, where: str, scales: Mapping[str, AnswerScale]) -> Benchmark:
        self.known(said, _BENCHMARK_KEYS, where)
        criteria = tuple(
            self._criterion(part, _place("criterion", part, number, where), scales)
            for number, part in enumerate(self.parts(said, "criterion", where), start=1)
        )
        if not criteria:
            self.add("", f"{where} has no [[benchmark.criterion]]")
        return Benchmark(
            id=self.id(said, where),
            title=self.text(said, "title", where),
            summary=self.optional(said, "summary", where),
            criteria=criteria,
            rule=self._rule(said, [criterion.id for criterion in criteria], where),
            source=self.optional(said, "source", where),
            provisional=self.flag(said, "provisional", where),
        )

    def _criterion(self, said: Table, where: str, scales: Mapping[str, AnswerScale]) -> Criterion:
        self.known(said, _CRITERION_KEYS, where)
        items = tuple(
            self._item(part, _place("item", part, number, where), scales)
            for number, part in enumerate(self.parts(said, "item", where), start=1)
        )
        scored = [item.id for item in items if item.scored]
        if not items:
            self.add("", f"{where} has no [[benchmark.criterion.item]]")
        elif not scored:
            self.add("", f"{where} has no scored item, so it can never be met")
        return Criterion(
            id=self.id(said, where),
            text=self.text(said, "text", where),
            items=items,
            rule=self._rule(said, scored, where, [item.id for item in items if not item.scored]),
            provisional=self.flag(said, "provisional", where),
        )

    def _item(self, said: Table, where: str, scales: Mapping[str, AnswerScale]) -> Item:
        self.known(said, _ITEM_KEYS, where)
        scale = self.text(said, "scale", where)
        years = self.texts(said, "year_groups", where)
        sixth_form = self.flag(said, "sixth_form", where) if "sixth_form" in said else None
        if not set(years) <= set(YEAR_GROUPS):
            self.add(where, f"year_groups {quoted(years)} are not all year groups")
        if sixth_form is False and years and set(years) <= _AFTER_16:
            self.add(where, "Years 12 to 14 without a sixth form: no school is ever asked")
        return Item(
            id=self.id(said, where),
            text=self.text(said, "text", where),
            scale=scale,
            meets=self._meets(said, scale, scales, where),
            scored=self.flag(said, "scored", where, default=True),
            by_year_group=self.flag(said, "by_year_group", where),
            across_years=self.choice(said, "across_years", ("all_of", "any_of"), where),
            year_groups=years,
            phases=self.texts(said, "phases", where),
            sixth_form=sixth_form,
            provisional=self.flag(said, "provisional", where),
        )

    def _meets(
        self, said: Table, scale: str, scales: Mapping[str, AnswerScale], where: str
    ) -> tuple[str, ...]:
        """Read which answers meet an item: its own list, or else its scale's."""
        given = self.texts(said, "meets", where)
        if scale and scale not in scales:
            self.add(where, f"scale '{scale}' is not among {quoted(scales)}")
            return given
        if not scale:
            return given
        meets = given or scales[scale].meets
        unknown = [answer for answer in given if answer not in scales[scale].answers]
        if unknown:
            self.add(where, f"meets = {list(given)} are not answers of '{scale}'")
        elif "meets" in said and not given:
            self.add(where, "meets is empty, so the item can never be met")
        return meets

    def _rule(
        self, said: Table, known: list[str], where: str, unscored: Sequence[str] = ()
    ) -> Rule:
        rule = said.get("rule", "all_of")
        return parse_rule(rule, known, where, self.faults, unscored=unscored)


def _place(kind: str, said: Table, number: int, within: str = "the file") -> str:
    """Name a part by its id, or by where it stands."""
    name = said.get("id")
    return f"{kind} '{name}'" if isinstance(name, str) and name else f"{kind} {number} of {within}"
