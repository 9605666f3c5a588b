"""``study.toml``: what a study folder says of itself, read with every fault listed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from careerbench.errors import StudyError, closest, quoted

if TYPE_CHECKING:
    from pathlib import Path

CONFIG_NAME = "study.toml"
_KEYS = {
    "title",
    "framework",
    "about",
    "schools",
    "audits",
    "links",
    "activities",
    "key_file",
    "wave",
    "survey",
}
_OPTIONAL = ("links", "activities", "key_file")
_WAVE_KEYS = {"id", "title", "opens", "closes", "about"}
_SURVEY_KEYS = {"name", "title", "file", "scale", "mapping"}


@dataclass(frozen=True)
class Wave:
    """One round of audits and surveys: its window, both days included."""

    id: str
    title: str
    opens: date
    closes: date
    about: str = ""


@dataclass(frozen=True)
class SurveyFile:
    """One survey of a study: which file, scored on which scale, mapped by which file if any."""

    name: str
    title: str
    file: str
    scale: str
    mapping: str = ""


@dataclass(frozen=True)
class StudyConfig:
    """What ``study.toml`` says; file names are relative to its folder."""

    title: str
    framework: str
    schools: str
    audits: str
    waves: tuple[Wave, ...]
    surveys: tuple[SurveyFile, ...] = ()
    links: str = ""
    activities: str = ""
    about: str = ""
    key_file: str = ""


def read_config(folder: Path) -> StudyConfig:
    """Read a folder's ``study.toml``.

    Raises
    ------
    StudyError
        If the file is not there, is not sound TOML, or says something unknown or too little;
        every fault is listed.
    """
    toml = _read(folder)
    faults: list[str] = []
    for key in toml:
        if key not in _KEYS:
            near = closest(key, _KEYS)
            faults.append(f"'{key}' is not known" + (f": did you mean '{near}'?" if near else ""))
    texts = {key: _text(toml, key, "study.toml", faults) for key in ("title", "framework")}
    texts |= {key: _file(toml, key, folder, faults) for key in ("schools", "audits")}
    waves = tuple(_wave(said, faults) for said in _tables(toml, "wave", faults))
    surveys = tuple(_survey(said, folder, faults) for said in _tables(toml, "survey", faults))
    optional = {key: _file(toml, key, folder, faults) for key in _OPTIONAL if key in toml}
    faults += _clashes([wave.id for wave in waves], "wave")
    faults += _clashes([survey.name for survey in surveys], "survey")
    faults += _two_mappings(surveys)
    if not waves:
        faults.append("there is no [[wave]]")
    if faults:
        listed = "".join(f"\n    - {fault}" for fault in faults)
        raise StudyError(
            f"open_study: '{CONFIG_NAME}' has {len(faults)} fault(s).",
            found=listed,
            hint="mend these; data_samples/study.toml is a sound one",
        )
    about = str(toml.get("about", ""))
    return StudyConfig(**texts, waves=waves, surveys=surveys, about=about, **optional)


def _read(folder: Path) -> Mapping[str, Any]:
    path = folder / CONFIG_NAME
    if not path.is_file():
        there = sorted(file.name for file in folder.iterdir()) if folder.is_dir() else []
        raise StudyError(
            f"open_study: '{folder.name}' holds no {CONFIG_NAME}.",
            found=quoted(there) if folder.is_dir() else "no such folder",
            hint=f"the folder in which {CONFIG_NAME} lies; data_samples/ is one",
        )
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StudyError(
            f"open_study: {CONFIG_NAME} is not sound TOML.",
            found=str(error),
            hint="mend the file at that place; it must be UTF-8 text",
        ) from error


def _wave(said: Mapping[str, Any], faults: list[str]) -> Wave:
    where = f"wave '{said.get('id', '?')}'"
    _unknown(said, _WAVE_KEYS, where, faults)
    name = _text(said, "id", where, faults)
    days = [_day(said, key, where, faults) for key in ("opens", "closes")]
    if days[0] > days[1]:
        faults.append(f"{where}: it closes before it opens")
    title = str(said.get("title", name))
    return Wave(name, title, days[0], days[1], str(said.get("about", "")))


def _survey(said: Mapping[str, Any], folder: Path, faults: list[str]) -> SurveyFile:
    where = f"survey '{said.get('name', '?')}'"
    _unknown(said, _SURVEY_KEYS, where, faults)
    name = _text(said, "name", where, faults)
    file = _file(said, "file", folder, faults)
    mapping = _file(said, "mapping", folder, faults) if "mapping" in said else ""
    scale = _text(said, "scale", where, faults)
    return SurveyFile(name, str(said.get("title", name)), file, scale, mapping)


def _text(said: Mapping[str, Any], key: str, where: str, faults: list[str]) -> str:
    value = said.get(key)
    if isinstance(value, str) and value.strip():
        return value
    faults.append(f"{where}: {key} is missing or no text")
    return ""


def _file(said: Mapping[str, Any], key: str, folder: Path, faults: list[str]) -> str:
    name = _text(said, key, "study.toml", faults)
    if name and not (folder / name).is_file():
        near = closest(name, [file.name for file in folder.iterdir()])
        asked = f": did you mean '{near}'?" if near else ""
        faults.append(f"{key} = '{name}': there is no such file in the folder{asked}")
    return name


def _day(said: Mapping[str, Any], key: str, where: str, faults: list[str]) -> date:
    value = said.get(key)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    faults.append(f"{where}: {key} must be a date such as 2020-07-31, without quotes")
    return date.min if key == "opens" else date.max


def _tables(toml: Mapping[str, Any], key: str, faults: list[str]) -> list[Mapping[str, Any]]:
    said = toml.get(key, [])
    if isinstance(said, list) and all(isinstance(part, Mapping) for part in said):
        return said
    faults.append(f"'{key}' must be written as [[{key}]]")
    return []


def _unknown(said: Mapping[str, Any], keys: set[str], where: str, faults: list[str]) -> None:
    faults += [f"{where}: '{key}' is not known" for key in said if key not in keys]


def _clashes(names: list[str], kind: str) -> list[str]:
    return [
        f"two {kind}s are called '{name}'" for name in dict.fromkeys(names) if names.count(name) > 1
    ]


def _two_mappings(surveys: tuple[SurveyFile, ...]) -> list[str]:
    """Name files that two surveys would map in two ways: each file is read once."""
    mappings: dict[str, set[str]] = {}
    for survey in surveys:
        mappings.setdefault(survey.file, set()).add(survey.mapping)
    return [
        f"file '{file}' must have the same mapping in every [[survey]]"
        for file, said in mappings.items()
        if len(said) > 1
    ]
