"""Academic years and year groups: read, order, show."""

import re
from collections.abc import Iterable
from datetime import date

from careerbench.errors import BadArgumentError, quoted

YEAR_GROUPS = ("N", "R", *(str(year) for year in range(1, 15)))
"""Nursery, Reception and Years 1 to 14, youngest first."""

TERMS = ("Autumn term", "Spring term", "Summer term")
"""The terms of an academic year, in order."""

_PERIOD = re.compile(r"(\d{4})\s*[/\-–]?\s*(\d{2}|\d{4})")
_YEAR_GROUP = re.compile(r"(?:year(?:\s*group)?|yr|y)?[\s_\-.]*(0*\d{1,2})(?:\.0)?", re.IGNORECASE)
_HEADINGS = (
    re.compile(r"(?P<stem>.+?)\s*[(\[]\s*(?P<year>[^()\[\]]+?)\s*[)\]]"),
    re.compile(
        r"(?P<stem>.+?)[\s_\-.:]+(?P<year>(?:y|yr|year)[\s_]*\d{1,2}|reception|nursery)",
        re.IGNORECASE,
    ),
)
_NAMED = {"reception": "R", "r": "R", "yr r": "R", "year r": "R", "nursery": "N", "n": "N"}


def parse_time_period(said: object) -> str:
    """Read an academic year as the six digits of DfE open data.

    Parameters
    ----------
    said : object
        ``2019/20``, ``2019-20``, ``2019/2020``, ``2019-2020`` or ``201920``.

    Returns
    -------
    str
        Six digits, ``201920``.

    Raises
    ------
    BadArgumentError
        If the text is none of these or the years do not follow each other.

    Notes
    -----
    ``time_period`` is the DfE's own convention for academic years in open data.

    Examples
    --------
    >>> parse_time_period("2019/20"), parse_time_period("2019-2020"), parse_time_period(201920)
    ('201920', '201920', '201920')
    """
    match = _PERIOD.fullmatch(str(said).strip())
    if match:
        start, end = int(match[1]), int(match[2][-2:])
        whole_end = int(match[2]) if len(match[2]) == 4 else start + 1
        if end == (start + 1) % 100 and whole_end == start + 1:
            return f"{start}{end:02d}"
    raise BadArgumentError(
        f"time_period: '{said}' is not an academic year.",
        found=str(said),
        hint="two years that follow each other, such as 2019/20 or 201920",
    )


def show_time_period(time_period: str) -> str:
    """Show six digits as people write them.

    Examples
    --------
    >>> show_time_period("201920")
    '2019/20'
    """
    period = parse_time_period(time_period)
    return f"{period[:4]}/{period[4:]}"


def time_period_of(day: date) -> str:
    """Return the academic year (September to August) in which a day falls.

    Examples
    --------
    >>> time_period_of(date(2020, 8, 31)), time_period_of(date(2020, 9, 1))
    ('201920', '202021')
    """
    start = day.year if day.month >= 9 else day.year - 1
    return f"{start}{(start + 1) % 100:02d}"


def term_of(day: date) -> str:
    """Return the term in which a day falls, as DfE open data names it (``time_identifier``).

    Terms end with the days on which careers audits are counted nationally: 31 December, 31 March
    and 31 July (Careers & Enterprise Company); August belongs to the summer term.

    Examples
    --------
    >>> [term_of(date(2020, month, 1)) for month in (3, 4, 8, 9)]
    ['Spring term', 'Summer term', 'Summer term', 'Autumn term']
    """
    if day.month >= 9:
        return TERMS[0]
    return TERMS[1] if day.month <= 3 else TERMS[2]


def parse_term(said: object) -> str:
    """Read a term as people write it.

    Raises
    ------
    BadArgumentError
        If it is none of the three.

    Examples
    --------
    >>> parse_term("autumn"), parse_term("Summer Term"), parse_term("spr")
    ('Autumn term', 'Summer term', 'Spring term')
    """
    word = str(said).strip().casefold().removesuffix("term").strip()
    found = [term for term in TERMS if len(word) >= 3 and term.casefold().startswith(word)]
    if len(found) == 1:
        return found[0]
    raise BadArgumentError(
        f"time_identifier: '{said}' is not a term.", found=str(said), hint=f"one of {quoted(TERMS)}"
    )


def parse_year_group(said: object) -> str | None:
    """Read a year group as ``N``, ``R`` or ``1`` to ``14``; None where it is not one.

    Examples
    --------
    >>> [parse_year_group(said) for said in ("Year 3", "Y03", "Reception", 6, "KS2")]
    ['3', '3', 'R', '6', None]
    """
    words = " ".join(str(said).strip().casefold().split())
    if words in _NAMED:
        return _NAMED[words]
    match = _YEAR_GROUP.fullmatch(words)
    year = str(int(match[1])) if match else ""
    return year if year in YEAR_GROUPS else None


def split_year_group(heading: str) -> tuple[str, str] | None:
    """Tell the year group at the end of a heading from what stands before it.

    Examples
    --------
    >>> split_year_group("b1_1 (Year 3)"), split_year_group("b1_1_y3"), split_year_group("b1_1")
    (('b1_1', '3'), ('b1_1', '3'), None)
    """
    for pattern in _HEADINGS:
        match = pattern.fullmatch(heading)
        year = parse_year_group(match["year"]) if match else None
        if match and year:
            return match["stem"], year
    return None


def order_year_groups(year_groups: Iterable[object]) -> list[str]:
    """Put year groups in order, youngest first; unknown ones last.

    Examples
    --------
    >>> order_year_groups(["6", "R", "2", "10"])
    ['R', '2', '6', '10']
    """
    rank = {year: place for place, year in enumerate(YEAR_GROUPS)}
    distinct = {str(year) for year in year_groups}
    return sorted(distinct, key=lambda year: (rank.get(year, len(rank)), year))


def show_year_group(year_group: str) -> str:
    """Show a year group in words.

    Examples
    --------
    >>> show_year_group("R"), show_year_group("3")
    ('Reception', 'Year 3')
    """
    return {"R": "Reception", "N": "Nursery"}.get(year_group, f"Year {year_group}")


def key_stage_of(year_group: str) -> str | None:
    """Return the key stage of a year group; None for what is no year group.

    Reception and nursery are the early years (EYFS); Years 12 to 14 are written KS5, as schools do.

    Examples
    --------
    >>> [key_stage_of(year) for year in ("R", "2", "6", "9", "11", "13", "x")]
    ['EYFS', 'KS1', 'KS2', 'KS3', 'KS4', 'KS5', None]
    """
    if year_group in ("N", "R"):
        return "EYFS"
    if year_group not in YEAR_GROUPS:
        return None
    last = {"KS1": 2, "KS2": 6, "KS3": 9, "KS4": 11, "KS5": 14}
    return next(stage for stage, year in last.items() if int(year_group) <= year)
