"""Indices of deprivation by small area."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from careerbench.errors import MissingColumnsError, ReadError, quoted
from careerbench.loaders.distinct import Distinct
from careerbench.loaders.duplicates import note_duplicates
from careerbench.loaders.intake import Intake, keep_unknown, open_table
from careerbench.loaders.published.cells import read_column
from careerbench.loaders.published.facts import load_facts
from careerbench.loaders.validate import settle

if TYPE_CHECKING:
    import os

    import pandas as pd

    from careerbench.loaders.validate import Findings

_LSOA = r"[EW]01[0-9]{6}"
_YEAR = re.compile(r"(?:20)?(11|21)(?![0-9])")


def load_deprivation(
    path: str | os.PathLike[str], *, sheet: str | None = None, on_problem: str = "raise"
) -> pd.DataFrame:
    r"""Load scores, ranks and deciles of the English Indices of Deprivation by LSOA.

    Parameters
    ----------
    path : str or path
        A file of the indices as CSV or workbook: IMD, IDACI, IDAOPI or the domains.
    sheet : str, optional
        Name of a workbook's sheet; the first that holds anything if not given.
    on_problem : {"raise", "quarantine"}
        Refuse a file with rows that cannot be used, or go on without them.

    Returns
    -------
    DataFrame
        One row per lower layer super output area. ``lsoa_code`` is text, and ``lsoa_census`` says
        of which census it is (``2011`` or ``2021``; missing where the heading does not say).
        Each index has up to three columns, named after it: ``imd_score``, ``imd_rank`` (1 is the
        most deprived), ``imd_decile`` (1 is the most deprived tenth); likewise ``idaci`` (children
        in income deprivation), ``idaopi`` (older people) and the domains. The score of IDACI and
        IDAOPI is a proportion from 0 to 1, that of IMD has no unit. Each has a ``_reason`` beside
        it: ``blank``, or what a symbol means.

    Raises
    ------
    MissingColumnsError, ReadError
        If the file has no LSOA code or no index, two columns are the same measure of an index, or
        it cannot be read.
    TableProblemsError
        If a code is malformed or there twice, a cell is not a number, a decile is not 1 to 10, or
        a rank is below 1.

    Notes
    -----
    Areas of 2011 and of 2021 are not the same areas under the same codes: join each to its own.
    Published by MHCLG [1]_.

    References
    ----------
    .. [1] Ministry of Housing, Communities and Local Government (2019), English Indices of
       Deprivation 2019,
       https://www.gov.uk/government/statistics/english-indices-of-deprivation-2019

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "imd.csv")
    ...     n_characters = file.write_text("LSOA11CD,IMD_2019_decile\nE01000001,9\n")
    ...     areas = load_deprivation(file)
    >>> areas[["lsoa_code", "lsoa_census", "imd_decile"]]
       lsoa_code lsoa_census imd_decile
    0  E01000001        2011        9.0
    """
    import pandas as pd

    step = "load_deprivation"
    intake = open_table(path, "deprivation", step=step, sheet=sheet, on_problem=on_problem)
    intake.require("lsoa_code")
    intake = keep_unknown(_name_indices(intake))
    findings = intake.findings
    done: dict[str, pd.Series] = {}
    for name in intake.frame:
        column = intake.frame[name]
        if str(name) in _index_columns():
            done |= read_column(column, str(name), findings)
            _check_range(done[str(name)], str(name), findings)
        else:
            done[str(name)] = column
    frame = pd.DataFrame(done)
    frame.insert(1, "lsoa_census", _census(intake))
    _check_codes(frame["lsoa_code"], findings)
    note_duplicates(frame, ["lsoa_code"], findings, column="lsoa_code")
    return settle(frame, findings, intake.source, on_problem=on_problem)


def _index_columns() -> set[str]:
    facts = load_facts("deprivation")
    return {f"{index}_{measure}" for index in facts["indices"] for measure in facts["measures"]}


def _name_indices(intake: Intake) -> Intake:
    """Call the columns of an index by index and measure."""
    named: dict[str, str] = {}
    for heading in intake.unknown:
        name = index_name(heading)
        if name is None:
            continue
        if name in named.values():
            first = next(said for said, each in named.items() if each == name)
            raise ReadError(
                f"load_deprivation: two columns of '{intake.findings.file}' mean {name}.",
                found=quoted([first, heading]),
                hint="keep one of them",
            )
        named[heading] = name
    if not named:
        raise MissingColumnsError(
            f"load_deprivation: '{intake.findings.file}' has no score, rank or decile of an index.",
            found=quoted(intake.unknown),
            hint="a column such as 'Index of Multiple Deprivation (IMD) Decile'; or another sheet",
        )
    headings = {**intake.findings.headings, **{name: said for said, name in named.items()}}
    return replace(
        intake,
        frame=intake.frame.rename(columns=named),
        findings=replace(intake.findings, headings=headings),
        unknown=tuple(name for name in intake.unknown if name not in named),
    )


def index_name(heading: str) -> str | None:
    """Tell the index and measure that a heading names; None where it names none.

    Examples
    --------
    >>> index_name("Income Deprivation Affecting Children Index (IDACI) Score (rate)")
    'idaci_score'
    >>> index_name("IMD_2019_decile")
    'imd_decile'
    """
    facts = load_facts("deprivation")
    before = " ".join(re.split(r"[\W_]+", heading.casefold().split("(where")[0]))
    index = _first(facts["indices"], before)
    measure = _first(facts["measures"], before)
    return f"{index}_{measure}" if index and measure else None


def _first(words: dict[str, list[str]], said: str) -> str | None:
    return next((name for name, each in words.items() if any(word in said for word in each)), None)


def _census(intake: Intake) -> str | None:
    match = _YEAR.search(intake.findings.headings["lsoa_code"])
    return f"20{match[1]}" if match else None


def _check_codes(codes: pd.Series, findings: Findings) -> None:
    distinct = Distinct.of(codes)
    bad = ~distinct.texts.str.fullmatch(_LSOA).astype(bool)
    hint = "E01 or W01 and six digits"
    said = [f"'{code}' is not an LSOA code" for code in distinct.texts[bad]]
    findings.errors(distinct.codes, bad, "lsoa_code", said, hint)
    findings.note((distinct.codes < 0).nonzero()[0], "lsoa_code", "lsoa_code is blank", hint)


def _check_range(values: pd.Series, name: str, findings: Findings) -> None:
    """Note deciles that are not 1 to 10, and ranks that are not whole numbers from 1."""
    if name.endswith("_score"):
        return
    most = 10 if name.endswith("_decile") else float("inf")
    numbers = values.to_numpy(dtype=float, na_value=1)
    wrong = (numbers < 1) | (numbers > most) | (numbers % 1 != 0)
    hint = "a whole number from 1 to 10" if most == 10 else "a whole number, 1 or more"
    what = name.rsplit("_", 1)[1]
    findings.note(wrong.nonzero()[0], name, f"the cell is not a {what}", hint)
