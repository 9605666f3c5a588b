"""Which school followed which, as the register publishes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerbench.loaders.convert import convert_columns
from careerbench.loaders.duplicates import note_duplicates
from careerbench.loaders.intake import keep_unknown, open_table
from careerbench.loaders.validate import settle

if TYPE_CHECKING:
    import os

    import pandas as pd


def load_links(
    path: str | os.PathLike[str], *, member: str | None = None, on_problem: str = "raise"
) -> pd.DataFrame:
    r"""Load the links between schools from Get Information about Schools.

    Parameters
    ----------
    path : str or path
        The file ``links_edubasealldata<date>.csv``, or a table with the names of this one.
    member : str, optional
        Which file of a zip archive; needed where it holds several.
    on_problem : {"raise", "quarantine"}
        Refuse a file with rows that cannot be used, or go on without them.

    Returns
    -------
    DataFrame
        One row per school, linked school and kind of link: ``school_urn``, ``link_urn``,
        ``link_name``, ``link_type`` (as published), ``link_date`` and ``link_date_reason``.

    Raises
    ------
    MissingColumnsError, ReadError
        If the file lacks a column or cannot be read.
    TableProblemsError
        If a URN or kind is missing or malformed, or a date cannot be read.

    Notes
    -----
    Nothing is resolved here: cycles, several successors and links without a counterpart come
    through as published. A row that stands twice is a warning.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "links.csv")
    ...     header = "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate"
    ...     n_characters = file.write_text(f"{header}\n900001,900002,Hill,Successor,\n")
    ...     links = load_links(file)
    >>> links[["school_urn", "link_urn", "link_type", "link_date_reason"]]
      school_urn link_urn  link_type link_date_reason
    0     900001   900002  Successor            blank
    """
    intake = open_table(path, "links", step="load_links", on_problem=on_problem, member=member)
    intake.require("school_urn", "link_urn", "link_type", "link_date")
    intake = keep_unknown(intake)
    frame = convert_columns(intake.frame, intake.schema, intake.findings)
    note_duplicates(
        frame, intake.schema.key, intake.findings, column="link_urn", severity="warning"
    )
    return settle(frame, intake.findings, intake.source, on_problem=on_problem)
