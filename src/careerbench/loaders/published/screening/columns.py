"""Which columns the two files have, how they are called, and that each file knows the other's."""

from __future__ import annotations

import re

from careerbench.errors import did_you_mean
from careerbench.loaders.headings import snake_case
from careerbench.loaders.published.ees import place_columns
from careerbench.loaders.published.facts import load_facts
from careerbench.loaders.published.screening.pair import Pair, told


def check_columns(pair: Pair) -> None:
    """Run every check of this file."""
    _check_required(pair)
    _check_names(pair)
    _check_meta_to_data(pair)
    _check_data_to_meta(pair)
    _check_row_count(pair)
    _check_tidy(pair)
    _check_places_in_meta(pair)
    _check_harmonised(pair)


def looks_like_place(name: str) -> bool:
    """Tell whether a name reads like that of a place or institution.

    Examples
    --------
    >>> looks_like_place("schoolName"), looks_like_place("la"), looks_like_place("school_type")
    (True, True, False)
    """
    words, said = load_facts("ees")["geography_words"], name.casefold()
    if said in words["whole"]:
        return True
    return said.startswith(tuple(words["starts"])) and said.endswith(tuple(words["ends"]))


def place_names() -> list[str]:
    """List the columns of time and place that every data file may have."""
    return [*load_facts("ees")["required"]["data"], *place_columns()]


def _check_required(pair: Pair) -> None:
    required = load_facts("ees")["required"]
    for sheet, needed in ((pair.data, required["data"]), (pair.meta, required["meta"])):
        for name in needed:
            if not sheet.has(name):
                pair.faults.error(
                    sheet.name,
                    name,
                    f"the mandatory column '{name}' is missing",
                    did_you_mean(name, sheet.frame.columns),
                )
    known = [*required["meta"], *required["meta_optional"]]
    for name in pair.meta.frame.columns:
        if name not in known and name not in pair.meta.repeated:
            pair.faults.error(
                pair.meta.name,
                str(name),
                f"'{name}' is an invalid column of the metadata",
                did_you_mean(name, known),
            )


def _check_names(pair: Pair) -> None:
    for name in map(str, pair.data.frame.columns):
        if name.startswith("unnamed_"):
            continue
        if re.search(r"\s", name):
            pair.faults.error(
                pair.data.name,
                name,
                f"the variable name '{name}' has spaces",
                f"'{snake_case(name)}'",
            )
        elif not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            pair.faults.warn(
                pair.data.name,
                name,
                f"the variable name '{name}' is not in snake_case",
                f"'{snake_case(name)}', beginning with a lower-case letter",
            )


def _check_meta_to_data(pair: Pair) -> None:
    for name in dict.fromkeys([*pair.filters, *pair.indicators, *pair.groups]):
        if not pair.has(name):
            what = "filter group" if name in pair.groups else "variable"
            pair.faults.error(
                pair.meta.name,
                name,
                f"the {what} '{name}' of the metadata is not in the data file",
                did_you_mean(name, pair.data.frame.columns),
            )


def _check_data_to_meta(pair: Pair) -> None:
    """Check that every column that differs between rows is a place, a time, or in the metadata.

    A column that says the same of a place in all its rows describes the place: a warning.
    """
    if not pair.meta.has("col_name"):
        return
    known = {*place_names(), *pair.meta.frame["col_name"], *pair.groups}
    frame = pair.data.frame
    places = [
        name for name in dict.fromkeys(place_names()) if pair.has(name) and "time" not in name
    ]
    for name in map(str, frame.columns):
        if name in known or name.startswith("unnamed_") or name in pair.data.repeated:
            continue
        if frame[name].nunique() < 2:
            continue
        of_place = places and (frame.groupby(places)[name].nunique() < 2).all()
        note = pair.faults.warn if of_place else pair.faults.error
        note(
            pair.data.name,
            name,
            f"the variable '{name}' of the data file is not in the metadata",
            "add a row for it to the metadata, or take it out of the data",
        )


def _check_row_count(pair: Pair) -> None:
    n_meta = len(pair.meta.frame)
    n_data = pair.data.frame.shape[1] - len(load_facts("ees")["required"]["data"])
    if n_meta > n_data:
        pair.faults.error(
            pair.meta.name,
            "",
            f"the metadata have more rows ({n_meta}) than the data have columns to describe "
            f"({max(n_data, 0)})",
            "one row of metadata for each filter and indicator",
        )


def _check_tidy(pair: Pair) -> None:
    """Words that belong in a filter do not stand in the name of an indicator."""
    words = set(load_facts("ees")["harmonised"]["filter_words"])
    for name in pair.indicators:
        inside = sorted(words & set(snake_case(name).split("_")))
        if inside:
            pair.faults.error(
                pair.meta.name,
                name,
                f"the indicator '{name}' is smushed together with a filter: {told(inside)}",
                "make the data longer, with a filter for the characteristic",
            )


def _check_places_in_meta(pair: Pair) -> None:
    alone = ["school_name", "provider_name"]
    named = dict.fromkeys([*pair.filters, *pair.groups])
    if len(pair.filters) == 1:
        named = dict.fromkeys(name for name in named if name not in alone)
    everything = pair.meta.frame["col_name"] if pair.meta.has("col_name") else []
    units = set(place_names()) - set(alone)
    for name in dict.fromkeys([*everything, *pair.groups]):
        if name in units:
            pair.faults.error(
                pair.meta.name,
                name,
                f"the observational unit '{name}' is in the metadata",
                "take it out: places and times are not filters",
            )
        elif name in named and looks_like_place(name):
            pair.faults.error(
                pair.meta.name,
                name,
                f"the filter '{name}' appears to be a geographic column",
                "take it out of the metadata, or give it another name",
            )


def _check_harmonised(pair: Pair) -> None:
    facts = load_facts("ees")["harmonised"]
    listed = pair.meta.frame["col_name"] if pair.meta.has("col_name") else []
    for name in dict.fromkeys([*listed, *pair.groups]):
        if name in facts["names"]:
            continue
        if any(word in name.casefold() for word in facts["words"]):
            pair.faults.error(
                pair.meta.name,
                name,
                f"'{name}' is a non-standard header: the data standards have a name for it",
                did_you_mean(name, facts["names"]),
            )
    for name in ("characteristic", "characteristic_group"):
        if name in [*listed, *pair.groups]:
            pair.faults.warn(
                pair.meta.name,
                name,
                f"the variable '{name}' says nothing about what it holds",
                "one filter for each characteristic, under its own name",
            )
