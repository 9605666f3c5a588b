"""Which rows of a performance table are schools, which local authorities, which national totals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerbench.loaders.convert import is_digits
from careerbench.loaders.published.facts import load_facts

if TYPE_CHECKING:
    import pandas as pd

    from careerbench.loaders.validate import Findings

SCHOOL, LA, NATIONAL = "School", "Local authority", "National"


def add_levels(frame: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """Say of each row what it is about, and note rows of which that cannot be told.

    A row with a URN, or with an establishment number, is a school's. The words ``NAT`` and ``LA``
    count wherever they stand; otherwise a row with a local authority and no school is that
    authority's, and a row with neither is national.
    """
    import numpy as np
    import pandas as pd

    words = load_facts("performance")["levels"]
    urn, la = _text(frame, "school_urn"), _text(frame, "old_la_code")
    estab, kind = _text(frame, "establishment_number"), _text(frame, "record_type")
    national = urn.isin(words["national"]) | la.isin(words["national"])
    national |= kind.isin(words["national"])
    digits = pd.Series(is_digits(la, 3, 3), index=frame.index)
    has_urn = urn.notna() & ~urn.isin(words["national"])
    level = pd.Series(
        np.select(
            [national, has_urn, estab.notna(), kind.isin(words["local_authority"]) | digits],
            [NATIONAL, SCHOOL, SCHOOL, LA],
            default=NATIONAL,
        ),
        index=frame.index,
        dtype="str",
    )
    groups = _groups(level, kind, estab, la)
    unknown = (level == NATIONAL) & ~national & (kind.isna() | kind.isin(["1", "2"]))
    findings.note(
        np.flatnonzero(unknown.to_numpy()),
        "record_type",
        "the row names no school, no local authority and not the nation",
        "a URN, a three-digit local authority code, or NAT",
    )
    _check_numbers(level, urn, findings)
    schools = (level == SCHOOL).to_numpy()
    return frame.assign(
        school_urn=urn.where(schools),
        old_la_code=la.where(~la.isin(words["national"])),
        establishment_number=estab.where(schools),
        school_laestab=_laestab(frame, la, estab).where(schools),
        geographic_level=level,
        establishment_group=groups,
    )


def _text(frame: pd.DataFrame, name: str) -> pd.Series:
    import pandas as pd

    if name in frame:
        return frame[name]
    return pd.Series(index=frame.index, dtype="str")


def _laestab(frame: pd.DataFrame, la: pd.Series, estab: pd.Series) -> pd.Series:
    whole = is_digits(la, 3, 3) & is_digits(estab, 1, 4)
    made = (la + estab.str.zfill(4)).where(whole)
    given = _text(frame, "school_laestab").str.replace(r"[/\s-]", "", regex=True)
    return given.where(is_digits(given, 7, 7)).fillna(made)


def _groups(level: pd.Series, kind: pd.Series, estab: pd.Series, la: pd.Series) -> pd.Series:
    """Name the group of schools a row is about: mainstream, special, all, state-funded..."""
    facts = load_facts("performance")
    layout = _layout(level, kind, la)
    national = kind.map(layout.get("national_groups", {})).astype("str")
    national = national.fillna(estab.map(facts["national_groups"]).astype("str"))
    schools = kind.map(facts["school_groups"]).astype("str")
    return schools.where(level == SCHOOL, national.where(level == NATIONAL))


def _layout(level: pd.Series, kind: pd.Series, la: pd.Series) -> dict:
    """Tell the record types of key stage 2 from those of key stage 4, by the rows themselves.

    Record type 4 is a local authority in one and the nation in the other.
    """
    for layout in load_facts("performance")["layouts"].values():
        code = layout["local_authority"]
        mine = (level == LA) & la.notna()
        if (mine & (kind == code)).any() and not (mine & (kind != code)).any():
            return layout
    if (kind == "7").any():
        return load_facts("performance")["layouts"]["ks4"]
    return {}


def _check_numbers(level: pd.Series, urn: pd.Series, findings: Findings) -> None:
    """Note schools whose URN is not one; a school without a URN is only worth a look."""
    import numpy as np

    schools = (level == SCHOOL).to_numpy()
    malformed = schools & urn.notna().to_numpy() & ~is_digits(urn, 5, 7)
    said = np.array([f"'{each}' is not a URN" for each in urn[malformed]], object)
    hint = "five to seven digits, such as 900001"
    findings.note(np.flatnonzero(malformed), "school_urn", said, hint)
    without = np.flatnonzero(schools & urn.isna().to_numpy())
    findings.note(
        without, "school_urn", "the school has no URN", "match it by LAESTAB", severity="warning"
    )
