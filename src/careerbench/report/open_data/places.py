"""Places of a release as open data writes them: level, codes, names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerbench.errors import DisclosureError, quoted
from careerbench.loaders.published.facts import load_facts
from careerbench.report.facts import load_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from careerbench.disclosure import Release

ALL = "All"
COUNTRY = ("E92000001", "England")
MADE_UP_FROM = 900_000
"""Registered schools have six digits that begin with 1; made-up ones begin here."""

_STEP = "write_open_data"
_PLACES = ("region_name", "la_name", "school_urn")


def add_places(cells: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Return the cells with ``geographic_level`` and every column of place.

    Where all schools lie in one region, the programme's rows are that region's and are written as
    Regional, once, however often the release has them. Else they are National: the schools of the
    programme in England. A column is blank in rows of higher
    levels, as the rules ask, and ``x`` where a school or authority has no code that is known.
    """
    frame = cells.copy()
    frame["geographic_level"] = "National"
    for column, level in zip(_PLACES, ("Regional", "Local authority", "School"), strict=True):
        if column in frame:
            frame.loc[frame[column] != ALL, "geographic_level"] = level
    only = only_region(release)
    if only is not None:
        whole = frame["geographic_level"] == "National"
        frame["geographic_level"] = frame["geographic_level"].mask(whole, "Regional")
        frame["region_name"] = frame["region_name"].mask(whole, only)
        frame = _once(frame)
    frame["country_code"], frame["country_name"] = COUNTRY
    return _with_codes(frame, release)


def only_region(release: Release) -> str | None:
    """Return the one region in which every school of the release lies, or None."""
    schools = release.schools()
    if "region_name" not in schools or "region_name" not in release.cells():
        return None
    regions = schools["region_name"].fillna("").unique()
    return str(regions[0]) if len(regions) == 1 and regions[0] else None


def made_up_schools(release: Release) -> int:
    """Count the schools whose number no register gives out."""
    import pandas as pd

    numbers = pd.to_numeric(release.schools()["school_urn"], errors="coerce")
    return int((numbers >= MADE_UP_FROM).sum())


def unlisted_authorities(release: Release) -> list[str]:
    """List the local authorities of a release that have no code in our list."""
    cells = release.cells()
    if "la_name" not in cells:
        return []
    return sorted(
        set(cells["la_name"]) - {ALL} - set(load_words("open_data/local_authorities")[_LISTED])
    )


_LISTED = "local_authorities"


def known_places() -> pd.DataFrame:
    """List codes and names of local authorities, for the screener to check against."""
    import pandas as pd

    listed = load_words("open_data/local_authorities")[_LISTED]
    rows = [(codes["new_la_code"], name) for name, codes in listed.items()]
    return pd.DataFrame(rows, columns=["code", "name"])


def _with_codes(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Put codes beside names, and take the word for a margin out of columns of place."""
    blank = load_words("open_data/words")["symbols"]["not_available"]
    if "region_name" in frame:
        codes = {name: code for code, name in load_facts("ees")["regions"].items()}
        _require_regions(set(frame["region_name"]) - {ALL} - set(codes))
        frame["region_code"] = _looked_up(frame["region_name"], codes, "")
        frame["region_name"] = frame["region_name"].replace(ALL, "")
    if "la_name" in frame:
        listed = load_words("open_data/local_authorities")[_LISTED]
        for column, unknown in (("old_la_code", blank), ("new_la_code", "")):
            known = {name: codes[column] for name, codes in listed.items()} | {ALL: ""}
            frame[column] = _looked_up(frame["la_name"], known, unknown)
        frame["la_name"] = frame["la_name"].replace(ALL, "")
    if "school_urn" in frame:
        named = release.schools().set_index("school_urn")["school_name"].to_dict()
        is_school = frame["school_urn"] != ALL
        frame["school_name"] = _looked_up(frame["school_urn"], named | {ALL: ""}, blank)
        frame["school_laestab"] = is_school.map({True: blank, False: ""})
        frame["school_urn"] = frame["school_urn"].where(is_school, "")
    return frame


def _once(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep one of the rows that speak of the same cell: the one that shows it."""
    keys = [name for name in frame.columns if name not in {"value", "reason"}]
    shown_first = frame.loc[frame["value"].isna().sort_values(kind="stable").index]
    return shown_first.drop_duplicates(keys).sort_index()


def _looked_up(names: pd.Series, known: Mapping[str, str], unknown: str) -> pd.Series:
    """Look names up; one that is not known is ``unknown``."""
    return names.map({name: known.get(name, unknown) for name in names.unique()}).astype("str")


def _require_regions(unknown: set[str]) -> None:
    if unknown:
        raise DisclosureError(
            f"{_STEP}: {quoted(sorted(unknown))} is no region of England, and open data name no "
            "other.",
            found=quoted(sorted(unknown)),
            hint=f"the study's schools with region_name among "
            f"{quoted(load_facts('ees')['regions'].values())}",
        )
