"""The register of schools, in any vintage."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from careerbench.errors import counted, quoted
from careerbench.loaders.convert import convert_columns, is_digits
from careerbench.loaders.duplicates import note_duplicates
from careerbench.loaders.intake import Intake, keep_unknown, open_table
from careerbench.loaders.privacy import personal_by_content, personal_by_heading
from careerbench.loaders.schema import fold
from careerbench.loaders.validate import settle

if TYPE_CHECKING:
    import os

    import pandas as pd


def load_schools(
    path: str | os.PathLike[str],
    *,
    keep_personal: bool = False,
    member: str | None = None,
    on_problem: str = "raise",
) -> pd.DataFrame:
    r"""Load the register of schools from an extract of Get Information about Schools.

    Parameters
    ----------
    path : str or path
        An extract of any vintage, also zipped, or a table that already has the names of this one.
    keep_personal : bool, default False
        Whether to keep names of head teachers and proprietors.
    member : str, optional
        Which file of a zip archive; needed where it holds several.
    on_problem : {"raise", "quarantine"}
        Refuse a file with rows that cannot be used, or go on without them.

    Returns
    -------
    DataFrame
        One row per school. ``school_urn`` and the other identifiers are text; dates, ages, counts
        and ``percentage_fsm`` (percent, 0 to 100, as published) have a ``_reason`` column beside
        them: ``blank``, ``placeholder`` (1 January 1900), what a symbol means (``suppressed``...),
        or missing where there is a value. ``school_laestab`` is made from its two parts, and
        missing where one is. Columns the schema does not know follow under a snake_case name.

    Raises
    ------
    MissingColumnsError, ReadError
        If the file has no URN or no name, or cannot be read.
    TableProblemsError
        If a URN is missing, malformed or there twice, or a date or number cannot be read; every
        row is listed in ``problems``.

    Notes
    -----
    ``ReligiousEthos (name)`` becomes ``religious_ethos`` and ``ReligiousEthos (code)`` becomes
    ``religious_ethos_code``, whichever of the two a vintage has. Names of head teachers and
    proprietors are dropped, and ``source_of(frame)`` says so.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "schools.csv")
    ...     header = "URN,LA (code),EstablishmentNumber,EstablishmentName,OpenDate"
    ...     n_characters = file.write_text(f"{header}\n900001,201,0014,Hill School,01-01-1900\n")
    ...     schools = load_schools(file)
    >>> schools[["school_urn", "school_laestab", "open_date", "open_date_reason"]]
      school_urn school_laestab open_date open_date_reason
    0     900001        2010014       NaT      placeholder
    """
    intake = open_table(path, "schools", step="load_schools", on_problem=on_problem, member=member)
    intake.require("school_urn", "school_name")
    if not keep_personal:
        intake = _without_names(intake)
    intake = keep_unknown(intake)
    frame = convert_columns(intake.frame, intake.schema, intake.findings)
    intake, frame = _without_points(intake, frame)
    frame = _with_laestab(frame)
    note_duplicates(frame, ["school_urn"], intake.findings, column="school_urn")
    return settle(frame, intake.findings, intake.source, on_problem=on_problem)


def _without_names(intake: Intake) -> Intake:
    """Drop the columns that hold names of people, and say so."""
    personal = [name for name in intake.unknown if _is_personal(name, intake)]
    if not personal:
        return intake
    unknown = tuple(name for name in intake.unknown if name not in personal)
    dropped = replace(intake, frame=intake.frame.drop(columns=personal), unknown=unknown)
    return dropped.decide(f"columns with names of people dropped: {quoted(personal)}")


def _without_points(intake: Intake, frame: pd.DataFrame) -> tuple[Intake, pd.DataFrame]:
    """Take the ``.0`` off provider numbers that a spreadsheet has made into decimals."""
    if "ukprn" not in frame or not (marked := frame["ukprn"].str.endswith(".0").sum()):
        return intake, frame
    mended = frame.assign(ukprn=frame["ukprn"].str.removesuffix(".0"))
    return intake.decide(f"'.0' taken off {counted(int(marked), 'UKPRN')}"), mended


def _is_personal(heading: str, intake: Intake) -> bool:
    """Tell a column of names, e-mail addresses and the like by its heading or its cells."""
    if fold(heading).startswith(intake.schema.personal):
        return True
    said = heading.removesuffix("(name)").removesuffix("(code)")
    promised = personal_by_heading(said) in ("name", "email", "birth")
    return promised or personal_by_content(intake.frame[heading]) == "email"


def _with_laestab(frame: pd.DataFrame) -> pd.DataFrame:
    """Make the LAESTAB from its two parts where both are there and the file gives none."""
    if not {"old_la_code", "establishment_number"} <= set(frame.columns):
        return frame
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc

    la, number = frame["old_la_code"], frame["establishment_number"]
    whole = pa.array(is_digits(la, 3, 3) & is_digits(number, 1, 4))
    text = pa.large_string()
    padded = pc.utf8_lpad(pa.array(number, text), width=4, padding="0")
    made = pc.binary_join_element_wise(pa.array(la, text), padded, pa.scalar("", text))
    made = pc.if_else(whole, made, pa.scalar(None, text))
    given = pc.coalesce(pa.array(frame["school_laestab"], text), made)
    return frame.assign(school_laestab=pd.array(given, dtype="str"))
