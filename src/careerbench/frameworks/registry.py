"""Find a framework or a survey scale: by name, by day, or in a user's own file."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from careerbench.errors import FrameworkError, did_you_mean, quoted
from careerbench.frameworks.extend import extended, shipped_names, shipped_table
from careerbench.frameworks.files import is_path, read_shipped, read_toml
from careerbench.frameworks.parse import parse_framework
from careerbench.frameworks.survey_scale import SurveyScale, parse_scale

if TYPE_CHECKING:
    import pandas as pd

    from careerbench.frameworks.model import Framework


def list_frameworks() -> pd.DataFrame:
    """List the framework editions that come with careerbench.

    Returns
    -------
    DataFrame
        One row per edition: ``framework`` (the name to load it by), ``title``, ``family``,
        ``setting``, ``valid_from``, ``valid_to``, ``n_benchmarks``, ``n_items``, ``provisional``.

    Examples
    --------
    >>> list_frameworks()["framework"].tolist()
    ['gatsby-2014', 'gatsby-2014-college', 'gatsby-2014-special', 'gatsby-2025',
     'gatsby-2025-college', 'gatsby-2025-special', 'ne-primary-2019']
    """
    import pandas as pd

    rows = [
        {
            "framework": edition.id,
            "title": edition.title,
            "family": edition.family,
            "setting": edition.setting,
            "valid_from": edition.valid_from,
            "valid_to": edition.valid_to,
            "n_benchmarks": len(edition.benchmarks),
            "n_items": len(edition.items),
            "provisional": edition.provisional,
        }
        for edition in _shipped()
    ]
    return pd.DataFrame(rows).sort_values("framework", ignore_index=True)


def load_framework(
    name_or_path: str | Path, on: date | None = None, *, setting: str | None = None
) -> Framework:
    """Load one edition of a framework.

    Parameters
    ----------
    name_or_path : str or Path
        The name of an edition (``"gatsby-2025"``), of a family (``"gatsby"``, with ``on``), or
        the path of a TOML file of your own.
    on : date, optional
        The day on which the edition must have been in force. A family's name needs it where the
        family has several editions.
    setting : str, optional
        The kind of place the edition must be for, such as ``"special"`` or ``"college"``. By
        default, of a family with editions for several settings, those for ``"school"``.

    Raises
    ------
    FrameworkError
        If the name is not known, no edition for that setting was in force that day, or a file is
        not sound (every fault is listed).

    Examples
    --------
    >>> load_framework("gatsby", on=date(2026, 3, 1))
    <Framework gatsby-2025: 8 Benchmarks, 41 items, from 2025-09-01>
    >>> load_framework("gatsby", on=date(2024, 3, 1), setting="special").id
    'gatsby-2014-special'
    >>> load_framework("gatsby-2014").items["g4_stem_by_14"].meets
    ('all',)
    """
    _require_day(on)
    if is_path(name_or_path):
        path = Path(name_or_path)
        toml = extended(read_toml(path), name=path.name, folder=path.parent)
        framework = parse_framework(toml, name=path.name)
        return _in_force(_for_setting([framework], path.name, setting), path.name, on)
    name = str(name_or_path)
    if name in shipped_names():
        return _in_force(_for_setting([_edition(name)], name, setting), name, on)
    family = [edition for edition in _shipped() if edition.family == name]
    if family:
        return _in_force(_for_setting(family, name, setting), name, on)
    known = [*shipped_names(), *{edition.family for edition in _shipped()}]
    raise FrameworkError(
        f"load_framework: there is no framework '{name}'.",
        found=f"'{name}'",
        hint=f"{did_you_mean(name, known)} or the path of your own .toml file",
    )


def list_scales() -> list[str]:
    """Name the survey scales that come with careerbench.

    Examples
    --------
    >>> list_scales()
    ['careers-leader-ability', 'pupil-careers', 'school-reported-change', 'teacher-careers']
    """
    return sorted(_shipped_scales())


def load_scale(name_or_path: str | Path) -> SurveyScale:
    """Load a survey scale by name or from a TOML file of your own.

    Raises
    ------
    FrameworkError
        If the name is not known or the file is not sound (every fault is listed).

    Examples
    --------
    >>> load_scale("careers-leader-ability").top_box
    ('4', '5')
    """
    if is_path(name_or_path):
        return parse_scale(read_toml(Path(name_or_path)), name=Path(name_or_path).name)
    scales = _shipped_scales()
    if str(name_or_path) not in scales:
        raise FrameworkError(
            f"load_scale: there is no survey scale '{name_or_path}'.",
            found=f"'{name_or_path}'",
            hint=f"{did_you_mean(name_or_path, scales)} or the path of your own .toml file",
        )
    return scales[str(name_or_path)]


def _for_setting(editions: list[Framework], name: str, setting: str | None) -> list[Framework]:
    """Keep the editions for one setting; where none is asked for, those for schools."""
    settings = list(dict.fromkeys(edition.setting for edition in editions))
    wanted = setting if setting is not None else "school" if len(settings) > 1 else settings[0]
    if wanted not in settings:
        raise FrameworkError(
            f"load_framework: '{name}' has no edition for the setting {wanted!r}.",
            found=quoted(f"{edition.id}: {edition.setting}" for edition in editions),
            hint=f"setting: {did_you_mean(wanted, settings)}",
        )
    return [edition for edition in editions if edition.setting == wanted]


def _in_force(editions: list[Framework], name: str, on: date | None) -> Framework:
    if on is None:
        if len(editions) == 1:
            return editions[0]
        raise FrameworkError(
            f"load_framework: '{name}' has {len(editions)} editions.",
            found=quoted(edition.id for edition in editions),
            hint=f"load_framework('{editions[0].id}') or load_framework('{name}', on=date(...))",
        )
    for edition in editions:
        if edition.valid_from <= on and (edition.valid_to is None or on <= edition.valid_to):
            return edition
    spans = [f"{e.id}: {e.valid_from} to {e.valid_to or 'today'}" for e in editions]
    raise FrameworkError(
        f"load_framework: no edition of '{name}' was in force on {on}.",
        found=quoted(spans),
        hint="a day within one of these spans",
    )


def _require_day(on: object) -> None:
    if on is not None and type(on) is not date:
        raise FrameworkError(
            "load_framework: on must be a date.", found=repr(on), hint="on=date(2026, 3, 1)"
        )


@cache
def _edition(name: str) -> Framework:
    return parse_framework(extended(shipped_table(name), name=name), name=name)


def _shipped() -> list[Framework]:
    return [_edition(name) for name in shipped_names()]


@cache
def _shipped_scales() -> dict[str, SurveyScale]:
    read = [parse_scale(toml, name=name) for name, toml in read_shipped("scales").items()]
    return {scale.id: scale for scale in read}
