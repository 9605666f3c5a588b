"""Columns that say who somebody is: recognised by heading and by content, and dropped."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import careerbench.errors as errors
from careerbench.loaders.headings import snake_case

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    import pandas as pd

UPN = "upn"
SHOWN_FROM = 10
"""An answer that fewer people gave is never shown in a message, draft or list of options."""

_DAY = re.compile(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?:[ T]00:00(?::00)?)?")
_OFFERED = ("name", "birth")
_YEARS_OLD = (3, 100)
_WORDS = {
    "name": "names", "email": "e-mail addresses", "phone": "telephone numbers",
    "ip": "IP addresses", "coordinates": "coordinates", "birth": "dates of birth",
    "address": "addresses", "account": "accounts", "number": "personal numbers",
    UPN: "unique pupil numbers",
}  # fmt: skip


@dataclass(frozen=True)
class _Signs:
    """What ``schemas/personal.toml`` says: compiled patterns."""

    not_personal: tuple[re.Pattern[str], ...]
    headings: Mapping[str, tuple[re.Pattern[str], ...]]
    contents: Mapping[str, tuple[float, str]]


@cache
def _signs() -> _Signs:
    file = files("careerbench.loaders") / "schemas" / "personal.toml"
    said = tomllib.loads(file.read_text(encoding="utf-8"))
    return _Signs(
        not_personal=tuple(re.compile(each) for each in said["not_personal"]),
        headings={
            kind: tuple(re.compile(each) for each in patterns)
            for kind, patterns in said["headings"].items()
        },
        contents={
            kind: (facts["share"], facts["pattern"]) for kind, facts in said["contents"].items()
        },
    )


def personal_by_heading(heading: str) -> str | None:
    """Say what personal thing a heading promises; None where it promises none.

    Examples
    --------
    >>> personal_by_heading("RecipientLastName"), personal_by_heading("What is your full name?")
    ('name', 'name')
    >>> personal_by_heading("Name of your school"), personal_by_heading("I know names of jobs")
    (None, None)
    >>> [personal_by_heading(each) for each in ("Email Address", "IPAddress", "DOB", "UPN")]
    ['email', 'ip', 'birth', 'upn']
    """
    words = snake_case(heading).replace("_", " ")
    if any(each.search(words) for each in _signs().not_personal):
        return None
    for kind, patterns in _signs().headings.items():
        if any(each.search(words) for each in patterns):
            return kind
    return None


def personal_by_content(cells: pd.Series) -> str | None:
    """Say what personal thing the cells of a column look like; None where they do not.

    Examples
    --------
    >>> import pandas as pd
    >>> personal_by_content(pd.Series(["a.b@example.org", None])), personal_by_content(
    ...     pd.Series(["Yes", "No"])
    ... )
    ('email', None)
    """
    texts = cells.dropna().astype("str").str.strip()
    if not len(texts):
        return None
    for kind, (share, pattern) in _signs().contents.items():
        if texts.str.fullmatch(pattern).mean() >= share:
            return kind
    return "birth" if _are_birth_dates(texts) else None


def are_emails(cells: pd.Series) -> pd.Series:
    """Mark the cells that are e-mail addresses."""
    _, pattern = _signs().contents["email"]
    return cells.astype("str").str.strip().str.fullmatch(pattern).eq(other=True)


def find_personal(
    frame: pd.DataFrame,
    *,
    texts: Mapping[str, str] | None = None,
    closed: Collection[str] = (),
) -> dict[str, str]:
    """Name the columns of a table that say who somebody is, and what each holds.

    ``texts`` gives columns whose heading is a code the words that stood over them. A question
    whose answers are offered (``closed``) can ask for a birthday, not for an e-mail address.
    """
    found: dict[str, str] = {}
    for name in frame.columns:
        said = (str(name), (texts or {}).get(str(name), ""))
        by_heading = next((kind for kind in map(personal_by_heading, said) if kind), None)
        if name in closed:
            kind = by_heading if by_heading in _OFFERED else None
        else:
            kind = by_heading or personal_by_content(frame[name])
        if kind:
            found[str(name)] = kind
    return found


def say_dropped(found: Mapping[str, str]) -> str:
    """Word the decision to drop columns, by heading and kind.

    Examples
    --------
    >>> say_dropped({"Email": "email"})
    "personal columns dropped: 'Email' (e-mail addresses)"
    """
    listed = ", ".join(f"'{show_heading(name)}' ({_WORDS[kind]})" for name, kind in found.items())
    return f"personal columns dropped: {listed}"


def say_kind(kind: str) -> str:
    """Say in words what a personal column holds."""
    return _WORDS[kind]


def show_heading(heading: str) -> str:
    """Show a heading, unless it is itself somebody's: a file without headings begins with one.

    Examples
    --------
    >>> show_heading("Q1"), show_heading("ann@example.org")
    ('Q1', '(a heading that looks like e-mail addresses)')
    """
    import pandas as pd

    kind = personal_by_content(pd.Series([heading], dtype="str"))
    return f"(a heading that looks like {_WORDS[kind]})" if kind else heading


def require_known(kept: Collection[str], columns: Iterable[object], *, step: str) -> None:
    """Refuse to keep a column that is not there, and say which was probably meant."""
    names = [str(name) for name in columns]
    if isinstance(kept, str):
        raise errors.BadArgumentError(
            f"{step}: keep_personal is a list of headings.",
            found=f"'{kept}'",
            hint=f'keep_personal=["{kept}"]',
        )
    for name in kept:
        if name not in names:
            raise errors.BadArgumentError(
                f"{step}: keep_personal names a column that is not there.",
                found=f"'{name}'",
                hint=errors.did_you_mean(name, map(show_heading, names)),
            )


def _are_birth_dates(texts: pd.Series) -> bool:
    """Tell whether most cells are days, long ago and mostly different."""
    from datetime import date

    days = [match for match in map(_DAY.fullmatch, texts.unique()) if match]
    if len(days) < max(3, 0.3 * len(texts)):
        return False
    years = sorted(int(match[1]) if len(match[1]) == 4 else int(match[3]) for match in days)
    age = date.today().year - years[len(years) // 2]  # noqa: DTZ011
    different = len(days) > 0.5 * len(texts)
    return different and _YEARS_OLD[0] <= age <= _YEARS_OLD[1]
