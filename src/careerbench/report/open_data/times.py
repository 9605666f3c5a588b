"""Waves of a study as time periods of open data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from careerbench.errors import BadArgumentError, DisclosureError, quoted
from careerbench.periods import parse_term, parse_time_period, term_of, time_period_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from careerbench.disclosure import Release

ACADEMIC_YEAR = "Academic year"
_STEP = "write_open_data"


@dataclass(frozen=True)
class Times:
    """The time period of each wave.

    Attributes
    ----------
    periods : mapping
        Wave to ``(time_period, time_identifier)``, such as ``("201920", "Autumn term")``.
    shared : bool
        Whether two waves have the same one, so that a filter must tell them apart.
    notes : tuple of str
        How each wave was placed, in words.
    """

    periods: Mapping[str, tuple[str, str]]
    shared: bool
    notes: tuple[str, ...]


def times_of(release: Release, given: Mapping[str, str] | None = None) -> Times:
    """Place the waves of a release in academic years, and in terms where every wave lies in one.

    Parameters
    ----------
    release : Release
        Its manifest says when each wave opened and closed.
    given : mapping, optional
        Wave to period, such as ``"2019/20"`` or ``"2019/20 Summer term"``, for all waves; for
        releases that carry no dates.

    Raises
    ------
    DisclosureError
        If the release carries no dates and none are given.
    BadArgumentError
        If a wave is not known, or what is given is no period.

    Notes
    -----
    A term and an academic year may not stand in one file. So terms are used only where every
    wave opens and closes within one term; else every wave has its academic year, that of the day
    it opened.
    """
    waves = list(release.manifest["waves"])
    periods = _given(waves, given) if given is not None else _dated(_dates(release, waves))
    titles = release.manifest["waves"]
    notes = [
        f"{titles[wave]} ({wave}): {identifier}, time_period {period}"
        for wave, (period, identifier) in periods.items()
    ]
    return Times(periods, len(set(periods.values())) < len(periods), tuple(notes))


def _given(waves: list[str], given: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    if set(given) != set(waves):
        raise BadArgumentError(
            f"{_STEP}: time_periods must name every wave of the release, and no other.",
            found=quoted(given),
            hint=quoted(waves),
        )
    periods = {}
    for wave in waves:
        year, _, term = str(given[wave]).strip().partition(" ")
        identifier = parse_term(term) if term.strip() else ACADEMIC_YEAR
        periods[wave] = (parse_time_period(year), identifier)
    kinds = {identifier == ACADEMIC_YEAR for _, identifier in periods.values()}
    if len(kinds) > 1:
        raise BadArgumentError(
            f"{_STEP}: time_periods mixes terms and whole years, which no file may.",
            found=quoted(given.values()),
            hint="a term for every wave, or for none",
        )
    return periods


def _dates(release: Release, waves: list[str]) -> dict[str, tuple[date, date]]:
    said = release.manifest.get("wave_dates", {})
    if set(waves) - set(said):
        raise DisclosureError(
            f"{_STEP}: the release does not say when its waves were.",
            found=f"no dates of {quoted(sorted(set(waves) - set(said)))}",
            hint="build the release anew; or time_periods={wave: '2019/20'} for every wave "
            "(careerbench open-data --period WAVE=2019/20)",
        )
    return {
        wave: (
            date.fromisoformat(said[wave]["opens"]),
            date.fromisoformat(said[wave]["closes"]),
        )
        for wave in waves
    }


def _dated(dates: Mapping[str, tuple[date, date]]) -> dict[str, tuple[str, str]]:
    in_terms = all(
        (time_period_of(opens), term_of(opens)) == (time_period_of(closes), term_of(closes))
        for opens, closes in dates.values()
    )
    return {
        wave: (time_period_of(opens), term_of(opens) if in_terms else ACADEMIC_YEAR)
        for wave, (opens, _) in dates.items()
    }
