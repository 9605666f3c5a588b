"""Geographic levels: known, their columns there, completed where they must be, blank elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerbench.errors import did_you_mean
from careerbench.loaders.published.facts import load_facts
from careerbench.loaders.published.screening.pair import Pair, in_rows, told

if TYPE_CHECKING:
    from collections.abc import Mapping

_IGNORED = ("School", "Provider", "Institution", "Planning area")
_UNSEEN = ("Institution", "Planning area")
_TOGETHER = ("Regional", "Local authority")


def check_places(pair: Pair) -> None:
    """Run every check of this file."""
    if not pair.has("geographic_level"):
        return
    _check_levels(pair)
    _check_columns(pair)
    _check_completed(pair)
    _check_blank_elsewhere(pair)
    _check_regions(pair)
    _check_ignored(pair)
    _check_totals(pair)


def columns_of(level: Mapping[str, object]) -> list[str]:
    """List the columns of a level: code, name, and a second code where it has one."""
    return [str(level[key]) for key in ("code", "name", "second") if key in level]


def levels_here(pair: Pair) -> list[str]:
    """List the known levels that the data have rows of."""
    known = load_facts("ees")["levels"]
    return [level for level in pair.data.values("geographic_level") if level in known]


def _check_levels(pair: Pair) -> None:
    known = list(load_facts("ees")["levels"])
    for level in pair.data.values("geographic_level"):
        if level not in known:
            said = f"'{level}' is not a geographic_level"
            pair.faults.error(
                pair.data.name,
                "geographic_level",
                said if level else "geographic_level is blank",
                did_you_mean(level, known) if level else "such as National",
                row=pair.data.row_of(pair.data.frame["geographic_level"] == level),
            )


def _check_columns(pair: Pair) -> None:
    """Check that the columns of each level are there, and all of them where one is."""
    levels = load_facts("ees")["levels"]
    for level in levels_here(pair):
        if level == "Planning area":
            continue
        for column in columns_of(levels[level]):
            if not pair.has(column):
                pair.faults.error(
                    pair.data.name,
                    column,
                    f"there are rows at geographic_level '{level}', and the column '{column}' "
                    "of that level is missing",
                    f"add the column '{column}'",
                )
    for level in _TOGETHER:
        columns = columns_of(levels[level])
        missing = [column for column in columns if not pair.has(column)]
        if missing and len(missing) < len(columns) and level not in levels_here(pair):
            pair.faults.error(
                pair.data.name,
                missing[0],
                f"the {level.casefold()} columns are not all present: {told(missing)} missing",
                f"all of {told(columns)}, or none",
            )


def _check_completed(pair: Pair) -> None:
    levels = load_facts("ees")["levels"]
    rows = pair.data.frame["geographic_level"]
    for level in levels_here(pair):
        if level == "Planning area":
            continue
        for column in columns_of(levels[level]):
            if column == "new_la_code" or not pair.has(column):
                continue
            blank = (rows == level) & (pair.data.frame[column].str.strip() == "")
            if blank.any():
                pair.faults.error(
                    pair.data.name,
                    column,
                    f"{column} is not completed for geographic_level '{level}' "
                    f"{in_rows(int(blank.sum()))}",
                    "the code and name of the area; x and 'Not available' where there is none",
                    row=pair.data.row_of(blank),
                )


def _check_blank_elsewhere(pair: Pair) -> None:
    """Check that columns of a level are blank in rows of levels that do not lie within it."""
    rows = pair.data.frame["geographic_level"]
    for level, facts in load_facts("ees")["levels"].items():
        if facts["within"] == "any":
            continue
        outside = ~rows.isin([level, *facts["within"]]) & rows.isin(load_facts("ees")["levels"])
        for column in columns_of(facts):
            if not pair.has(column) or _is_only_filter(pair, column):
                continue
            filled = outside & (pair.data.frame[column].str.strip() != "")
            if filled.any():
                others = rows[filled].unique()
                pair.faults.error(
                    pair.data.name,
                    column,
                    f"{column} is overcompleted: it is filled for geographic_level "
                    f"{told(others)} {in_rows(int(filled.sum()))}",
                    f"leave it blank in rows that are not '{level}' or within one",
                    row=pair.data.row_of(filled),
                )


def _is_only_filter(pair: Pair, column: str) -> bool:
    alone = column in {"school_name", "provider_name"} and len(pair.filters) == 1
    return alone and column in {*pair.filters, *pair.groups}


def _check_regions(pair: Pair) -> None:
    """Ask for the region of every local authority (a warning) and district."""
    rows = pair.data.frame["geographic_level"]
    for level in ("Local authority", "Local authority district"):
        mine = rows == level
        if not mine.any():
            continue
        here = [name for name in ("region_code", "region_name") if pair.has(name)]
        blank = mine & (pair.data.frame[here] == "").any(axis=1) if here else mine
        some = here and (pair.data.frame.loc[mine, here] != "").any().any()
        if blank.any():
            note = pair.faults.error if some else pair.faults.warn
            note(
                pair.data.name,
                "region_code",
                f"region_code or region_name is missing for geographic_level '{level}' "
                f"{in_rows(int(blank.sum()))}",
                "the region of every row, or of none",
                row=pair.data.row_of(blank),
            )


def _check_ignored(pair: Pair) -> None:
    rows = pair.data.frame["geographic_level"]
    met = levels_here(pair)
    if met and set(met) <= set(_UNSEEN):
        pair.faults.error(
            pair.data.name,
            "geographic_level",
            "the file has rows at Institution or Planning area level only, which the table tool "
            "does not show",
            "publish it as an ancillary file, without metadata",
        )
    if {"School", "Provider"} <= set(met):
        pair.faults.error(
            pair.data.name,
            "geographic_level",
            "the file mixes rows of schools and of providers (School and Provider)",
            "a file for each",
        )
    elif len(met) > 1 and set(met) & set(_IGNORED):
        ignored = rows.isin(_IGNORED)
        pair.faults.warn(
            pair.data.name,
            "geographic_level",
            f"rows at level {told(rows[ignored].unique())} are ignored by the table tool: "
            f"{int(ignored.sum())} ignored rows",
            "a file of their own, if they are to be shown",
            row=pair.data.row_of(ignored),
        )


def _check_totals(pair: Pair) -> None:
    """Check that no place is called Total or All: such rows belong to a higher level."""
    from careerbench.loaders.published.screening.columns import looks_like_place, place_names

    totals = load_facts("ees")["values"]["totals"]
    for name in map(str, pair.data.frame.columns):
        place = name in place_names() or looks_like_place(name)
        if not place or _is_only_filter(pair, name):
            continue
        found = pair.data.frame[name].isin(totals)
        if found.any():
            pair.faults.error(
                pair.data.name,
                name,
                f"the observational unit {name} has '{pair.data.frame[name][found].iloc[0]}' "
                f"{in_rows(int(found.sum()))}",
                "leave it blank where the row is about a higher level",
                row=pair.data.row_of(found),
            )
