"""The coding index of occupations: job titles and the unit groups they lead to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from careerbench.loaders.distinct import Distinct, key_of
from careerbench.loaders.intake import keep_unknown, open_table
from careerbench.loaders.problems import count
from careerbench.loaders.published.facts import load_facts
from careerbench.loaders.validate import settle

if TYPE_CHECKING:
    import os

    import pandas as pd

    from careerbench.loaders.validate import Findings

_CODE = r"([0-9]{4})(?:/([0-9]{2}))?"


def load_soc_index(
    path: str | os.PathLike[str], *, sheet: str | None = None, on_problem: str = "raise"
) -> pd.DataFrame:
    r"""Load the coding index of the Standard Occupational Classification 2020.

    Parameters
    ----------
    path : str or path
        The index, as CSV or workbook.
    sheet : str, optional
        Name of a workbook's sheet; the first that holds anything if not given.
    on_problem : {"raise", "quarantine"}
        Refuse a file with rows that cannot be used, or go on without them.

    Returns
    -------
    DataFrame
        One row per line of the index, none left out: ``soc_code`` as published (``2439/99``),
        ``soc_unit_group`` (``2439``), ``soc_extension`` (``99``), ``soc_title``, ``job_title``;
        all text. ``soc_unit_group_reason`` is ``not_classified`` where the index says that a title
        is too vague to have one. ``is_repeat`` marks lines that say the same as an earlier one,
        and ``n_unit_groups`` counts the different unit groups of the line's title, whatever its
        case; *not classified* counts as one.

    Raises
    ------
    MissingColumnsError, ReadError
        If the file has no code or no title, or cannot be read.
    TableProblemsError
        If a code is not four digits with or without an extension, or a title is blank.

    Notes
    -----
    How many lines repeat and how many titles lead to several unit groups are warnings
    (``problems_of(frame)``): a title alone does not always decide. Published by ONS [1]_.

    References
    ----------
    .. [1] Office for National Statistics, SOC 2020 Volume 2: the coding index,
       https://www.ons.gov.uk/methodology/classificationsandstandards/standardoccupationalclassificationsoc/soc2020

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "index.csv")
    ...     n_characters = file.write_text("SOC_2020_ext,INDEXOCC\n2314/03,Teacher\n")
    ...     index = load_soc_index(file)
    >>> index[["soc_unit_group", "soc_extension", "job_title", "n_unit_groups"]]
      soc_unit_group soc_extension job_title  n_unit_groups
    0           2314            03   Teacher              1
    """
    intake = open_table(
        path, "soc_index", step="load_soc_index", sheet=sheet, on_problem=on_problem
    )
    intake.require("soc_code", "job_title")
    intake = keep_unknown(intake)
    frame, findings = _with_parts(intake.frame, intake.findings), intake.findings
    blank = frame["job_title"].isna().to_numpy().nonzero()[0]
    findings.note(blank, "job_title", "the title is blank", "every line of the index has one")
    frame = _with_counts(frame, list(intake.frame.columns))
    said = _note_counts(frame, findings)
    decided = replace(intake.source, decisions=(*intake.source.decisions, *said))
    return settle(frame, findings, decided, on_problem=on_problem)


def _with_parts(frame: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """Split codes into unit group and extension."""
    import pandas as pd

    distinct = Distinct.of(frame["soc_code"])
    vague = distinct.texts.isin(load_facts("soc_index")["codes"]["not_classified"])
    whole = distinct.texts.str.fullmatch(_CODE).astype(bool)
    parts = distinct.texts.where(whole).str.extract(_CODE)
    bad = ~whole & ~vague
    hint = "four digits, or four and two such as 2439/99"
    said = [f"'{code}' is not a code of the index" for code in distinct.texts[bad]]
    findings.errors(distinct.codes, bad, "soc_code", said, hint)
    findings.note((distinct.codes < 0).nonzero()[0], "soc_code", "the code is blank", hint)
    reasons = pd.Series([None] * len(vague), dtype="str").mask(vague, "not_classified")
    made = {
        "soc_unit_group": distinct.spread(parts[0].astype("str")),
        "soc_unit_group_reason": distinct.spread_reasons(reasons, blank="blank"),
        "soc_extension": distinct.spread(parts[1].astype("str")),
    }
    rest = frame.drop(columns="soc_code")
    return pd.DataFrame({"soc_code": frame["soc_code"], **made, **dict(rest.items())})


def _with_counts(frame: pd.DataFrame, published: list[str]) -> pd.DataFrame:
    """Mark lines that repeat, and count the outcomes of each title whatever its case."""
    import pandas as pd

    titles = frame["job_title"].str.casefold()
    outcomes = frame["soc_unit_group"].fillna(frame["soc_unit_group_reason"])
    n_groups = titles.map(outcomes.groupby(titles).nunique()).fillna(0).astype("int64")
    repeat = pd.Series(key_of(frame, published)).duplicated(keep="first")
    return frame.assign(is_repeat=repeat, n_unit_groups=n_groups)


def _note_counts(frame: pd.DataFrame, findings: Findings) -> tuple[str, ...]:
    """Say how many lines repeat, and how many titles lead to more than one unit group."""
    n_repeats = int(frame["is_repeat"].sum())
    titles = frame["job_title"].str.casefold()
    first = frame[titles.notna() & ~titles.duplicated()]
    n_several = int((first["n_unit_groups"] > 1).sum())
    said = []
    if n_repeats:
        said.append(f"{count(n_repeats, 'line')} say the same as an earlier one, and are kept")
        findings.note_table("soc_code", said[-1], "leave out rows where is_repeat")
    if n_several:
        of = count(len(first), "different title")
        said.append(f"{n_several:,} of {of} lead to more than one unit group")
        findings.note_table("job_title", said[-1], "see n_unit_groups; a title alone is not enough")
    return tuple(said)
