"""Filters and indicators: blanks, totals, groups, symbols, and rows that stand twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerbench.loaders.distinct import key_of
from careerbench.loaders.published.facts import load_facts
from careerbench.loaders.published.screening.columns import place_names
from careerbench.loaders.published.screening.metadata import same_when_stripped
from careerbench.loaders.published.screening.pair import Pair, in_rows, told

if TYPE_CHECKING:
    import pandas as pd

_NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"


def check_values(pair: Pair) -> None:
    """Run every check of this file."""
    _check_blanks(pair)
    _check_white_space(pair)
    _check_levels_of_filters(pair)
    _check_groups(pair)
    _check_defaults(pair)
    _check_ethnicity(pair)
    _check_indicators(pair)
    _check_null(pair)
    _check_blank_columns(pair)
    _check_repeats(pair)


def _error(pair: Pair, column: str, problem: str, hint: str, mask: pd.Series) -> None:
    pair.faults.error(pair.data.name, column, problem, hint, row=pair.data.row_of(mask))


def _check_blanks(pair: Pair) -> None:
    for name in pair.filters_here:
        blank = pair.data.frame[name].str.strip() == ""
        if blank.any():
            said = f"the filter {name} is blank {in_rows(int(blank.sum()))}"
            _error(pair, name, said, "a value in every row, such as Total", blank)


def _check_white_space(pair: Pair) -> None:
    places = [name for name in place_names() if pair.has(name)]
    for name in dict.fromkeys([*pair.filters_here, *places]):
        values = pair.data.frame[name]
        around = values != values.str.strip()
        if around.any():
            said = f"{name} has white space before or after {told(values[around].unique())}"
            _error(pair, name, said, "take the spaces away", around)


def _check_levels_of_filters(pair: Pair) -> None:
    for name in pair.filters:
        if pair.has(name) and pair.data.frame[name].nunique() < 2:
            pair.faults.error(
                pair.meta.name,
                name,
                f"the filter {name} has fewer than two levels",
                "take it out of the metadata",
            )
    most = load_facts("ees")["values"]["longest_item"]
    for name in pair.filters_here:
        long = pair.data.frame[name].str.len() > most
        if long.any():
            pair.faults.warn(
                pair.data.name,
                name,
                f"the filter {name} has items of more than {most} characters",
                "shorter, so that the data can be had from the API",
                row=pair.data.row_of(long),
            )


def _check_groups(pair: Pair) -> None:
    if not pair.groups or not pair.meta.has("col_name"):
        return
    rows = pair.meta.frame[pair.meta.frame["filter_grouping_column"].isin(pair.groups)]
    for name, group in rows[["col_name", "filter_grouping_column"]].itertuples(index=False):
        if not pair.has(name, group):
            continue
        n_filter, n_group = (pair.data.frame[each].nunique() for each in (name, group))
        if n_group > n_filter:
            pair.faults.error(
                pair.meta.name,
                "filter_grouping_column",
                f"the filter group {group} has more levels ({n_group}) than its filter {name} "
                f"({n_filter})",
                "the two may be the wrong way round",
            )
    for group in dict.fromkeys(pair.groups):
        if not pair.has(group):
            continue
        clash = same_when_stripped(pair.data.frame[group])
        if clash:
            said = f"the filter group {group} has values that differ in punctuation only: "
            mask = pair.data.frame[group].isin(clash)
            _error(pair, group, said + told(clash), "write the group one way", mask)


def _check_defaults(pair: Pair) -> None:
    """Check that every filter has its default item, which is Total where none is named."""
    named = {}
    if pair.meta.has("col_name", "filter_default"):
        named = dict(
            zip(pair.meta.frame["col_name"], pair.meta.frame["filter_default"], strict=True)
        )
    for name in pair.filters_here:
        default = named.get(name, "").strip()
        values = pair.data.frame[name]
        wrong = values.isin([each for each in _totals() if each != "Total"])
        if default and default not in set(values):
            said = f"the default item '{default}' of the filter {name} is not in the data"
            pair.faults.warn(pair.meta.name, "filter_default", said, "an item of the filter")
        elif not default and not (values == "Total").any() and wrong.any():
            said = f"the filter {name} has '{values[wrong].iloc[0]}' where Total is expected"
            _error(pair, name, said, "call the total 'Total', or name a filter_default", wrong)
        elif not default and not (values == "Total").any():
            pair.faults.warn(
                pair.data.name, name, f"the filter {name} has no Total", "rows for the total"
            )


def _totals() -> list[str]:
    return load_facts("ees")["values"]["totals"]


def _check_ethnicity(pair: Pair) -> None:
    facts = load_facts("ees")
    if pair.has("characteristic_group"):
        groups = pair.data.frame["characteristic_group"]
        about = groups.str.contains("ethnic", case=False)
        right = groups.str.contains("|".join(facts["harmonised"]["ethnicity_groups"]))
        wrong = about & ~right
        if wrong.any():
            said = f"characteristic_group {told(groups[wrong].unique())} is about ethnicity and "
            said += "not of the standard groups"
            hint = f"one of {told(facts['harmonised']['ethnicity_groups'])}"
            _error(pair, "characteristic_group", said, hint, wrong)
        if about.any() and pair.has("characteristic"):
            _note_ethnicities(pair, "characteristic", about)
    for name in ("ethnicity_major", "ethnicity_minor"):
        if pair.has(name):
            _note_ethnicities(pair, name, pair.data.frame[name] != "")


def _note_ethnicities(pair: Pair, name: str, rows: pd.Series) -> None:
    lists = load_facts("ees")["ethnicities"]
    only = {"ethnicity_major": lists["majors"], "ethnicity_minor": lists["minors"]}
    known = only.get(name, [*lists["majors"], *lists["minors"]])
    values = pair.data.frame[name].str.replace(r"\s*/\s*", "/", regex=True)
    wrong = rows & ~values.isin(known)
    if wrong.any():
        pair.faults.warn(
            pair.data.name,
            name,
            f"{name} has ethnicity values that are not the standard ones: "
            f"{told(pair.data.frame[name][wrong].unique())}",
            "the harmonised ethnic groups of the Government Statistical Service",
            row=pair.data.row_of(wrong),
        )


def _check_indicators(pair: Pair) -> None:
    facts = load_facts("ees")["values"]
    hint = f"a number, or one of {told(facts['symbols'])}"
    for name in pair.indicators:
        if not pair.has(name):
            continue
        cells = pair.data.frame[name].str.strip()
        texts = cells.drop_duplicates()
        wrong = texts[~texts.str.fullmatch(_NUMBER).astype(bool) & ~texts.isin(facts["symbols"])]
        for text in wrong.head(20):
            mask = cells == text
            if text == "":
                said = f"the indicator {name} is blank {in_rows(int(mask.sum()))}"
            elif text in facts["legacy"]:
                said = f"the indicator {name} has the legacy symbol '{text}' "
                said += in_rows(int(mask.sum()))
            else:
                said = f"the indicator {name} has '{text}', which is no number and no symbol, "
                said += in_rows(int(mask.sum()))
            _error(pair, name, said, hint, mask)


def _check_null(pair: Pair) -> None:
    """Look for words and symbols that stand for nothing, in both files."""
    facts = load_facts("ees")["values"]
    for sheet in (pair.data, pair.meta):
        for name in map(str, sheet.frame.columns):
            values = sheet.frame[name].str.strip()
            null = values.isin(facts["null"])
            if null.any():
                pair.faults.error(
                    sheet.name,
                    name,
                    f"{name} has the null symbol {told(values[null].unique())} "
                    f"{in_rows(int(null.sum()))}",
                    "leave the cell blank, or a symbol such as z or x in an indicator",
                    row=sheet.row_of(null),
                )
            legacy = values.isin(facts["legacy"])
            if legacy.any() and name not in pair.indicators:
                pair.faults.warn(
                    sheet.name,
                    name,
                    f"{name} has the legacy symbol {told(values[legacy].unique())} "
                    f"{in_rows(int(legacy.sum()))}",
                    "the symbols of the analysts' guide",
                    row=sheet.row_of(legacy),
                )


def _check_blank_columns(pair: Pair) -> None:
    for name in map(str, pair.data.frame.columns):
        if name.startswith("unnamed_") or name in [*pair.filters, *pair.indicators]:
            continue
        if (pair.data.frame[name].str.strip() == "").all():
            pair.faults.warn(
                pair.data.name,
                name,
                f"the column {name} is empty: blank in every row",
                "leave it out if no row needs it",
            )


def _check_repeats(pair: Pair) -> None:
    """Look for rows that agree in time, place and every filter, indicators aside."""
    if not pair.has("geographic_level"):
        return
    levels = pair.data.frame["geographic_level"]
    apart = ["Institution", "Planning area"]
    if set(levels) not in ({"School"}, {"Provider"}):
        apart += ["School", "Provider"]
    rows = pair.data.frame[~levels.isin(apart)]
    places = [name for name in dict.fromkeys(place_names()) if pair.has(name)]
    columns = list(dict.fromkeys([*places, *pair.filters_here]))
    if not len(rows) or not columns:
        return
    import pandas as pd

    again = pd.Series(key_of(rows, columns), index=rows.index).duplicated(keep="first")
    if again.any():
        mask = pair.data.frame.index.isin(again[again].index)
        said = f"duplicate rows: {int(again.sum())} agree with an earlier row in time, place and "
        said += "every filter"
        _error(pair, "", said, "one row each; is a filter missing from the metadata?", mask)
