"""The rows of the metadata: names, types, labels, units, decimal places, groups."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from careerbench.errors import did_you_mean, quoted
from careerbench.loaders.published.facts import load_facts
from careerbench.loaders.published.screening.pair import Pair, in_rows, told

if TYPE_CHECKING:
    import pandas as pd

_WHOLE = r"[0-9]+(?:\.0+)?"


def check_metadata(pair: Pair) -> None:
    """Run every check of this file."""
    _check_col_names(pair)
    _check_types(pair)
    _check_labels(pair)
    _check_units(pair)
    _check_decimal_places(pair)
    _check_blank_where_not_theirs(pair)
    _check_indicator_groups(pair)
    _check_filter_groups(pair)
    _check_lengths(pair)


def _of(pair: Pair, kind: str) -> pd.DataFrame:
    meta = pair.meta.frame
    return meta[meta["col_type"] == kind] if pair.meta.has("col_type") else meta.iloc[:0]


def _error(pair: Pair, column: str, problem: str, hint: str, mask: pd.Series) -> None:
    pair.faults.error(pair.meta.name, column, problem, hint, row=pair.meta.row_of(mask))


def _check_col_names(pair: Pair) -> None:
    if not pair.meta.has("col_name"):
        return
    names = pair.meta.frame["col_name"]
    blank = names.str.strip() == ""
    if blank.any():
        said = f"col_name is not completed {in_rows(int(blank.sum()))}"
        _error(pair, "col_name", said, "the name of a column of the data", blank)
    again = names.duplicated(keep="first") & ~blank
    if again.any():
        said = f"col_name has duplicate values: {told(names[again].unique())}"
        _error(pair, "col_name", said, "one row for each column", again)
    spaced = names.str.contains(r"\s", regex=True) & ~blank
    if spaced.any():
        said = f"col_name has spaces: {told(names[spaced])}"
        _error(pair, "col_name", said, "the column's name in snake_case", spaced)


def _check_types(pair: Pair) -> None:
    if not pair.meta.has("col_type"):
        return
    types, known = pair.meta.frame["col_type"], load_facts("ees")["meta"]["types"]
    blank = types.str.strip() == ""
    if blank.any():
        said = f"col_type is blank {in_rows(int(blank.sum()))}"
        _error(pair, "col_type", said, f"one of {quoted(known)}", blank)
    wrong = ~types.isin(known) & ~blank
    if wrong.any():
        said = f"col_type has invalid values: {told(types[wrong].unique())}"
        _error(pair, "col_type", said, f"one of {quoted(known)}", wrong)


def _check_labels(pair: Pair) -> None:
    if not pair.meta.has("label"):
        return
    labels = pair.meta.frame["label"]
    blank = labels.str.strip() == ""
    if blank.any():
        said = f"label is blank {in_rows(int(blank.sum()))}"
        _error(pair, "label", said, "what people read instead of the column's name", blank)
    again = labels.duplicated(keep="first") & ~blank
    if again.any():
        said = f"duplicate label: {told(labels[again].unique())}"
        _error(pair, "label", said, "a label of its own for each row", again)


def _check_units(pair: Pair) -> None:
    if not pair.meta.has("indicator_unit"):
        return
    known = load_facts("ees")["meta"]["units"]
    units = _of(pair, "Indicator")["indicator_unit"]
    for unit in units[(units != "") & ~units.isin(known)].unique():
        said = f"indicator_unit '{unit}' is not a valid unit"
        mask = pair.meta.frame["indicator_unit"] == unit
        _error(pair, "indicator_unit", said, f"blank, or one of {quoted(known)}", mask)


def _check_decimal_places(pair: Pair) -> None:
    if not pair.meta.has("indicator_dp"):
        return
    places = pair.meta.frame["indicator_dp"].str.strip()
    wrong = (places != "") & ~places.str.fullmatch(_WHOLE).astype(bool)
    hint = "blank, 0 or a positive whole number"
    if wrong.any():
        negative = places[wrong].str.startswith("-").any()
        what = "negative or not whole numbers" if negative else "not whole numbers"
        said = f"indicator_dp has values that are {what}: {told(places[wrong].unique())}"
        _error(pair, "indicator_dp", said, hint, wrong)
    mine = _of(pair, "Indicator").index
    blank = places[mine] == ""
    if blank.any() and not blank.all():
        said = f"indicator_dp is not completed for {int(blank.sum())} of {len(mine)} indicators"
        mask = (places == "") & pair.meta.frame.index.isin(mine)
        _error(pair, "indicator_dp", said, "decimal places for all indicators or none", mask)
    elif blank.any():
        pair.faults.warn(
            pair.meta.name,
            "indicator_dp",
            "indicator_dp is not completed for any indicator",
            "the number of decimal places to show, where it is known",
        )


def _check_blank_where_not_theirs(pair: Pair) -> None:
    """Check that filters have no unit or decimal places, and indicators no hint or filter group."""
    theirs = {
        "Filter": ("indicator_unit", "indicator_dp", "indicator_grouping"),
        "Indicator": ("filter_hint", "filter_grouping_column", "filter_default", "parent_filter"),
    }
    for kind, columns in theirs.items():
        rows = _of(pair, kind)
        for column in columns:
            if not pair.meta.has(column):
                continue
            filled = rows[rows[column].str.strip() != ""]
            if len(filled):
                names = told(filled["col_name"]) if "col_name" in filled else f"{len(filled)} rows"
                said = f"{column} is completed for {kind.casefold()}s: {names}"
                mask = pair.meta.frame.index.isin(filled.index)
                hint = f"leave {column} blank for {kind.casefold()}s"
                _error(pair, column, said, hint, mask)


def _check_indicator_groups(pair: Pair) -> None:
    if pair.meta.has("indicator_grouping"):
        values = pair.meta.frame["indicator_grouping"]
        clash = same_when_stripped(values[values.str.strip() != ""])
        if clash:
            said = f"indicator_grouping has values that differ in punctuation only: {told(clash)}"
            _error(pair, "indicator_grouping", said, "write the group one way", values.isin(clash))


def _check_filter_groups(pair: Pair) -> None:
    groups = pair.groups
    again = [name for name in dict.fromkeys(groups) if groups.count(name) > 1]
    if again:
        said = f"filter_grouping_column has duplicate values: {told(again)}"
        mask = pair.meta.frame["filter_grouping_column"].isin(again)
        _error(pair, "filter_grouping_column", said, "a filter group for one filter only", mask)
    listed = set(pair.meta.frame["col_name"]) if pair.meta.has("col_name") else set()
    for name in dict.fromkeys(groups):
        if name not in listed:
            pair.faults.warn(
                pair.meta.name,
                "filter_grouping_column",
                f"the filter group '{name}' has no row of its own in the metadata",
                did_you_mean(name, listed),
            )


def _check_lengths(pair: Pair) -> None:
    for column, most in load_facts("ees")["meta"]["longest"].items():
        if not pair.meta.has(column):
            continue
        long = pair.meta.frame[column].str.len() > most
        if long.any():
            pair.faults.warn(
                pair.meta.name,
                column,
                f"{column} is longer than {most} characters {in_rows(int(long.sum()))}",
                "shorter, so that the data can be had from the API",
                row=pair.meta.row_of(long),
            )


def same_when_stripped(values: pd.Series) -> list[str]:
    """List texts that are the same once everything but letters and digits is taken out."""
    seen: dict[str, list[str]] = {}
    for text in values.unique():
        seen.setdefault(re.sub(r"[\W_]+", "", text), []).append(text)
    return [text for texts in seen.values() if len(texts) > 1 for text in texts]
