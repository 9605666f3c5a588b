"""TOML to ``Framework``: every fault of a file is listed, not only the first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from careerbench.errors import FrameworkError, closest, quoted
from careerbench.frameworks.model import (
    MISSING_RULES,
    ROUNDINGS,
    AnswerScale,
    Benchmark,
    Criterion,
    Framework,
    Item,
)
from careerbench.frameworks.parse_bands import parse_bands
from careerbench.frameworks.parse_rule import parse_rule
from careerbench.frameworks.words import folded
from careerbench.periods import YEAR_GROUPS
from careerbench.provenance import Source

if TYPE_CHECKING:
    from careerbench.frameworks.rule import Rule

Table = Mapping[str, Any]

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
_ANSWER_KEYS = {"code", "label", "from", "above"}
_SCALE_KEYS = {"about", "provisional", "answers", "meets", "not_applicable", "missing"}


def parse_framework(toml: Table, *, name: str) -> Framework:
    """Build a framework from the tables of a TOML file.

    Raises
    ------
    FrameworkError
        With every fault found, a line each.
    """
    reader = _Reader()
    framework = reader.framework(toml)
    if reader.faults or framework is None:
        faults = "\n".join(f"    - {fault}" for fault in reader.faults)
        raise FrameworkError(
            f"load_framework: '{name}' is not a sound framework: {len(reader.faults)} fault(s).",
            found="\n" + faults,
            hint="mend these in the file; frameworks/data/ in the package shows three sound ones",
        )
    return framework


class _Reader:
    """Reads the tables and gathers what is wrong with them."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.seen: set[str] = set()

    def framework(self, toml: Table) -> Framework | None:
        self._known(toml, _FRAMEWORK_KEYS, "the file")
        texts = {key: self._text(toml, key, "the file") for key in ("id", "title")}
        scales = {name: self._scale(name, said) for name, said in self._tables(toml, "scales")}
        benchmarks = tuple(self._benchmark(said, scales) for said in self._list(toml, "benchmark"))
        if not benchmarks:
            self.faults.append("there is no [[benchmark]]")
        missing = self._choice(toml, "missing", MISSING_RULES)
        display = self._choice(toml, "display", ROUNDINGS)
        valid_from, valid_to = self._day(toml, "valid_from"), self._day(toml, "valid_to")
        if valid_from is None:
            self.faults.append("valid_from is missing: the first day the edition was in force")
        if valid_from and valid_to and valid_to < valid_from:
            self.faults.append("valid_to lies before valid_from")
        source = toml.get("source", {"title": texts["title"]})
        if not isinstance(source, Mapping):
            self.faults.append("source must be a table: [source] with title, publisher, url")
        marks = (
            self._flag(toml, "provisional", "the file"),
            self._texts(toml, "notes", "the file"),
        )
        names = [
            self._optional(toml, key, other)
            for key, other in (("family", texts["id"]), ("setting", "school"))
        ]
        if self.faults or valid_from is None:
            return None
        return Framework(
            **texts,
            family=names[0],
            setting=names[1],
            valid_from=valid_from,
            valid_to=valid_to,
            benchmarks=benchmarks,
            scales=scales,
            source=Source.of_document(source),
            missing=missing,
            display=display,
            provisional=marks[0],
            notes=marks[1],
        )

    def _benchmark(self, said: Table, scales: Mapping[str, AnswerScale]) -> Benchmark:
        where = f"benchmark '{said.get('id', '?')}'"
        self._known(said, _BENCHMARK_KEYS, where)
        criteria = tuple(self._criterion(part, scales) for part in self._list(said, "criterion"))
        if not criteria:
            self.faults.append(f"{where} has no [[benchmark.criterion]]")
        return Benchmark(
            id=self._id(said, where),
            title=self._text(said, "title", where),
            summary=str(said.get("summary", "")),
            criteria=criteria,
            rule=self._rule(said, [criterion.id for criterion in criteria], where),
            source=str(said.get("source", "")),
            provisional=self._flag(said, "provisional", where),
        )

    def _criterion(self, said: Table, scales: Mapping[str, AnswerScale]) -> Criterion:
        where = f"criterion '{said.get('id', '?')}'"
        self._known(said, _CRITERION_KEYS, where)
        items = tuple(self._item(part, scales) for part in self._list(said, "item"))
        scored = [item.id for item in items if item.scored]
        if not items:
            self.faults.append(f"{where} has no [[benchmark.criterion.item]]")
        elif not scored:
            self.faults.append(f"{where} has no scored item, so it can never be met")
        return Criterion(
            id=self._id(said, where),
            text=self._text(said, "text", where),
            items=items,
            rule=self._rule(said, scored, where),
            provisional=self._flag(said, "provisional", where),
        )

    def _item(self, said: Table, scales: Mapping[str, AnswerScale]) -> Item:
        where = f"item '{said.get('id', '?')}'"
        self._known(said, _ITEM_KEYS, where)
        scale = self._text(said, "scale", where)
        given = self._texts(said, "meets", where)
        meets = given or (scales[scale].meets if scale in scales else ())
        if scale not in scales:
            self.faults.append(f"{where}: scale '{scale}' is not among {quoted(scales)}")
        elif not meets or not set(meets) <= set(scales[scale].answers):
            self.faults.append(f"{where}: meets = {list(meets)} are not answers of '{scale}'")
        years = self._texts(said, "year_groups", where)
        if not set(years) <= set(YEAR_GROUPS):
            self.faults.append(f"{where}: year_groups {quoted(years)} are not all year groups")
        across = said.get("across_years", "all_of")
        if across not in ("all_of", "any_of"):
            self.faults.append(f"{where}: across_years = '{across}' is not all_of or any_of")
        return Item(
            id=self._id(said, where),
            text=self._text(said, "text", where),
            scale=scale,
            meets=meets,
            scored=self._flag(said, "scored", where, default=True),
            by_year_group=self._flag(said, "by_year_group", where),
            across_years=across,
            year_groups=years,
            phases=self._texts(said, "phases", where),
            sixth_form=self._flag(said, "sixth_form", where) if "sixth_form" in said else None,
            provisional=self._flag(said, "provisional", where),
        )

    def _scale(self, name: str, said: Table) -> AnswerScale:
        where = f"scale '{name}'"
        self._known(said, _SCALE_KEYS, where)
        labels: dict[str, str] = {}
        groups = {
            key: self._codes(said.get(key, []), labels, f"{where}, {key}")
            for key in ("answers", "not_applicable", "missing")
        }
        meets = self._texts(said, "meets", where)
        if not groups["answers"]:
            self.faults.append(f"{where} has no answers")
        if not meets or not set(meets) <= set(groups["answers"]):
            self.faults.append(f"{where}: meets = {list(meets)} must be some of its answers")
        return AnswerScale(
            name=name,
            answers=groups["answers"],
            meets=meets,
            labels=labels,
            not_applicable=groups["not_applicable"],
            missing=groups["missing"],
            about=str(said.get("about", "")),
            provisional=self._flag(said, "provisional", where),
            bands=parse_bands(said.get("answers"), where, self.faults),
        )

    def _codes(self, said: Any, labels: dict[str, str], where: str) -> tuple[str, ...]:
        codes = []
        if not isinstance(said, list):
            self.faults.append(f"{where} must be a list of answers")
            return ()
        for answer in said:
            if isinstance(answer, Mapping):
                self._known(answer, _ANSWER_KEYS, where)
            if not isinstance(answer, str | Mapping):
                self.faults.append(f"{where}: {answer!r} is no answer: a text, or code and label")
                continue
            code, label = (answer, answer) if isinstance(answer, str) else _code_and_label(answer)
            if not code:
                self.faults.append(f"{where}: an answer has no code")
            taken = {folded(name) for pair in labels.items() for name in pair}
            if {folded(code), folded(label)} & taken:
                self.faults.append(f"{where}: the answer '{code}' stands there twice")
            labels[code] = label
            codes.append(code)
        return tuple(codes)

    def _rule(self, said: Table, known: list[str], where: str) -> Rule:
        return parse_rule(said.get("rule", "all_of"), known, where, self.faults)

    def _choice(self, said: Table, key: str, choices: tuple[str, ...]) -> str:
        value = said.get(key, choices[0])
        if value not in choices:
            self.faults.append(f"{key} = {value!r} is none of {quoted(choices)}")
        return str(value)

    def _id(self, said: Table, where: str) -> str:
        name = self._text(said, "id", where)
        if name and name in self.seen:
            self.faults.append(f"{where}: the id '{name}' stands in the file twice")
        self.seen.add(name)
        return name

    def _text(self, said: Table, key: str, where: str) -> str:
        value = said.get(key)
        if not isinstance(value, str) or not value.strip():
            self.faults.append(f"{where}: {key} is missing or no text")
            return ""
        return value

    def _optional(self, said: Table, key: str, default: str) -> str:
        return self._text(said, key, "the file") if key in said else default

    def _flag(self, said: Table, key: str, where: str, *, default: bool = False) -> bool:
        value = said.get(key, default)
        if not isinstance(value, bool):
            self.faults.append(f"{where}: {key} = {value!r} must be true or false, without quotes")
        return value is True

    def _texts(self, said: Table, key: str, where: str) -> tuple[str, ...]:
        values = said.get(key, [])
        if not isinstance(values, list) or any(isinstance(v, list | Mapping) for v in values):
            self.faults.append(f"{where}: {key} = {values!r} must be a list of texts")
            return ()
        return tuple(str(value) for value in values)

    def _day(self, said: Table, key: str) -> date | None:
        value = said.get(key)
        if value is None:
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        self.faults.append(f"{key} = {value!r} is no date such as 2025-09-01 (without quotes)")
        return None

    def _list(self, said: Table, key: str) -> list[Table]:
        parts = said.get(key, [])
        if not isinstance(parts, list) or not all(isinstance(part, Mapping) for part in parts):
            self.faults.append(f"'{key}' must be written as [[...{key}]]")
            return []
        return parts

    def _tables(self, said: Table, key: str) -> list[tuple[str, Table]]:
        tables = said.get(key, {})
        if not isinstance(tables, Mapping) or not tables:
            self.faults.append(f"there is no [{key}.name]")
            return []
        for name, part in tables.items():
            if not isinstance(part, Mapping):
                self.faults.append(f"{key}.{name} must be a table: [{key}.{name}]")
        return [(name, part) for name, part in tables.items() if isinstance(part, Mapping)]

    def _known(self, said: Table, keys: set[str], where: str) -> None:
        for key in said:
            if key not in keys:
                near = closest(key, keys)
                asked = f" (did you mean '{near}'?)" if near else ""
                self.faults.append(f"{where}: '{key}' is not a known entry{asked}")


def _code_and_label(answer: Table) -> tuple[str, str]:
    code = str(answer.get("code", ""))
    return code, str(answer.get("label", code))
