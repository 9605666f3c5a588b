"""``Plan``: a mapping laid over one file, or an error that lists all that does not fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import careerbench.loaders.privacy as privacy
from careerbench.errors import ReadError
from careerbench.loaders.exports.likeness import nearest
from careerbench.loaders.exports.mapping import ROW
from careerbench.loaders.schema import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from careerbench.loaders.exports.mapping import ItemRule, SurveyMapping
    from careerbench.loaders.exports.model import Export

_LEFT_OUT = ("metadata", "personal", "upn", "empty")


@dataclass(frozen=True)
class Plan:
    """Where everything stands in one file; all names are columns of the export.

    Attributes
    ----------
    columns : mapping of str to str
        What the library calls it, to the column.
    items : mapping of str to (str, ItemRule)
        Item to its column and rule.
    asked : mapping of str to str
        Item to the column that decides whether it was asked.
    free_text : tuple of str
        Columns of free text.
    left_out : mapping of str to str
        Columns dropped, and what each is.
    """

    columns: Mapping[str, str]
    items: Mapping[str, tuple[str, ItemRule]]
    asked: Mapping[str, str]
    free_text: tuple[str, ...]
    left_out: Mapping[str, str]


def lay_over(mapping: SurveyMapping, export: Export, kept: Collection[str], *, step: str) -> Plan:
    """Find every column that the mapping names, and account for all the others."""
    finder = _Finder(export)
    columns = {
        name: finder.find(said, f"columns.{name}")
        for name, said in mapping.columns.items()
        if said != ROW
    }
    items = {
        item: (finder.find(rule.column, f"items.{item}"), rule)
        for item, rule in mapping.items.items()
    }
    asked = {
        item: finder.find(rule.asked_column, f"items.{item}.asked_when")
        for item, rule in mapping.items.items()
        if rule.asked_column
    }
    free = tuple(finder.find(said, "free_text") for said in mapping.free_text)
    dropped = [finder.find(said, "drop", required=False) for said in mapping.drop]
    used = {*columns.values(), *(column for column, _ in items.values()), *asked.values(), *free}
    left = _left_out(export, used, dropped, kept, mapping, finder.faults)
    finder.faults += _private_faults(export, columns, items, kept)
    finder.faults += _lacking(mapping)
    if finder.faults:
        listed = "".join(f"\n    - {fault}" for fault in finder.faults)
        raise ReadError(
            f"{step}: '{mapping.file}' does not fit '{export.source.title}': "
            f"{len(finder.faults)} fault(s).",
            found=listed,
            hint=f"mend these in '{mapping.file}'; every column of the file must be named there, "
            "if only under drop",
        )
    return Plan(columns, items, asked, free, left)


class _Finder:
    """Finds columns by heading or question, and gathers what it does not find."""

    def __init__(self, export: Export) -> None:
        self.faults: list[str] = []
        self._words = {each.column: each.text for each in export.questions}

    def find(self, said: str, where: str, *, required: bool = True) -> str:
        matches = [said] if said in self._words else self._alike(said)
        if len(matches) == 1:
            return matches[0]
        if matches:
            which = ", ".join(f"'{privacy.show_heading(each)}'" for each in matches)
            self.faults.append(f"{where}: '{said}' stands over several columns: {which}")
        elif required:
            shown = {privacy.show_heading(text): name for name, text in self._words.items()}
            shown |= {privacy.show_heading(name): name for name in self._words}
            near = nearest(said, shown)
            asked = f"; did you mean '{near.name}' ({near.percent} alike)?" if near else ""
            self.faults.append(f"{where}: the file has no column '{said}'{asked}")
        return ""

    def _alike(self, said: str) -> list[str]:
        wanted = fold(said)
        if not wanted:
            return []
        by_name = [name for name in self._words if fold(name) == wanted]
        return by_name or [name for name, text in self._words.items() if fold(text) == wanted]


def _left_out(
    export: Export,
    used: set[str],
    dropped: Collection[str],
    kept: Collection[str],
    mapping: SurveyMapping,
    faults: list[str],
) -> dict[str, str]:
    """Say what becomes of the columns that are neither items nor describe the respondent."""
    unnamed = [
        each for each in export.questions if each.column not in used and each.column not in kept
    ]
    left: dict[str, str] = {}
    missing_items = {
        item.id: item.text
        for scale in mapping.scales
        for item in scale.items
        if item.id not in mapping.items
    }
    for each in unnamed:
        if each.kind in _LEFT_OUT:
            left[each.column] = each.kind
        elif each.column in dropped:
            left[each.column] = "dropped"
        else:
            faults.append(_say_unnamed(each.column, each.text, each.kind, missing_items))
    return left


def _say_unnamed(column: str, text: str, kind: str, missing: Mapping[str, str]) -> str:
    shown = privacy.show_heading(column)
    said = f"column '{shown}' is in the file and not in the mapping"
    if kind == "text":
        return f"{said}: it looks like free text: name it under free_text or drop"
    near = nearest(text, missing.values()) if missing else None
    if near:
        item = next(name for name, words in missing.items() if words == near.name)
        return f"{said}: is it item '{item}' ({near.percent} alike)?"
    return f"{said}: name it under items, columns or drop"


def _private_faults(
    export: Export,
    columns: Mapping[str, str],
    items: Mapping[str, tuple[str, ItemRule]],
    kept: Collection[str],
) -> list[str]:
    kinds = {each.column: each.kind for each in export.questions}
    described = {f"columns.{name}": column for name, column in columns.items()}
    described.pop("columns.respondent", None)  # is replaced by a keyed hash
    asked = {f"items.{item}": column for item, (column, _) in items.items()}
    return [
        f"{where}: column '{privacy.show_heading(column)}' says who somebody is: take it out, or "
        "ask for it with keep_personal"
        for where, column in (described | asked).items()
        if kinds.get(column) in ("personal", "upn") and column not in kept
    ]


def _lacking(mapping: SurveyMapping) -> list[str]:
    """Name the columns without which there are no survey rows."""
    given = {*mapping.columns, *mapping.constants}
    faults = [
        f"{name} stands neither in [columns] nor in [constants]"
        for name in ("school_urn", "wave")
        if name not in given
    ]
    if "respondent" not in mapping.columns:
        faults.append(
            f'respondent does not stand in [columns]; respondent = "{ROW}" numbers the responses, '
            "and then nobody can be followed from wave to wave"
        )
    reserved = {"item", "answer"} & given
    faults += [f"{name} cannot stand in [columns]: items make it" for name in sorted(reserved)]
    unknown = [name for name in mapping.recode if name not in given]
    return faults + [f"recode.{name} is for a column that is not in [columns]" for name in unknown]
