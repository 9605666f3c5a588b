"""``study.toml``: what a study folder says of itself, read with every fault listed."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from careerbench.errors import StudyError, closest, counted, quoted
from careerbench.panel import Wave
from careerbench.study.plan import ReleasePlan, read_plan

CONFIG_NAME = "study.toml"
_LONGEST = 200
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
    "release",
}
_OPTIONAL = ("links", "activities")
_WAVE_KEYS = {"id", "title", "opens", "closes", "about"}
_TABLE_KEYS = {"file", "wave", "sheet"}
_SURVEY_KEYS = _TABLE_KEYS | {"name", "title", "scale", "mapping"}


@dataclass(frozen=True)
class TableFile:
    """One file of a study; ``wave`` for a file that holds one wave and does not say which."""

    file: str
    wave: str | None = None
    sheet: str | None = None

    @property
    def label(self) -> str:
        """How reports name the file."""
        return f"{self.file} [{self.sheet}]" if self.sheet else self.file


@dataclass(frozen=True)
class SurveyFile:
    """One file of a survey: scored on which scale, mapped by which file if any.

    Files of one name are one survey.
    """

    name: str
    title: str
    table: TableFile
    scale: str
    mapping: str = ""


@dataclass(frozen=True)
class StudyConfig:
    """What ``study.toml`` says; file names are relative to its folder."""

    title: str
    framework: str
    schools: str
    audits: tuple[TableFile, ...]
    waves: tuple[Wave, ...]
    surveys: tuple[SurveyFile, ...] = ()
    links: str = ""
    activities: str = ""
    about: str = ""
    key_file: str = ""
    release: ReleasePlan = field(default_factory=ReleasePlan)


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
    _unknown(toml, _KEYS, CONFIG_NAME, faults)
    title = _text(toml, "title", CONFIG_NAME, faults)
    framework = _named(toml, "framework", folder, CONFIG_NAME, faults)
    schools = _file(toml, "schools", folder, CONFIG_NAME, faults)
    audits = _audits(toml, folder, faults)
    waves = tuple(_wave(said, faults) for said in _tables(toml, "wave", faults))
    surveys = tuple(_survey(said, folder, faults) for said in _tables(toml, "survey", faults))
    plan = read_plan(toml.get("release"), [survey.name for survey in surveys], faults)
    optional: dict[str, Any] = {
        key: _file(toml, key, folder, CONFIG_NAME, faults) for key in _OPTIONAL if key in toml
    }
    if "key_file" in toml:
        optional["key_file"] = _key_file(toml, folder, faults)
    faults += _clashes(waves, surveys)
    faults += _two_mappings(surveys)
    if not waves:
        faults.append("there is no [[wave]]")
    if faults:
        listed = "".join(f"\n    - {fault}" for fault in faults)
        raise StudyError(
            f"open_study: '{CONFIG_NAME}' has {counted(len(faults), 'fault')}.",
            found=listed,
            hint="mend these; data_samples/study.toml is a sound one",
        )
    optional |= {"about": str(toml.get("about", "")), "release": plan}
    return StudyConfig(title, framework, schools, audits, waves, surveys, **optional)


def _kind_of(path: Path) -> str:
    """Say what stands where a study's folder should be."""
    if path.is_dir():
        return quoted(sorted(file.name for file in path.iterdir()))
    return "a file, not a folder" if path.is_file() else "no such folder"


def _read(folder: Path) -> Mapping[str, Any]:
    path = folder / CONFIG_NAME
    if not path.is_file():
        raise StudyError(
            f"open_study: '{folder.name}' holds no {CONFIG_NAME}.",
            found=_kind_of(folder),
            hint=f"the folder in which {CONFIG_NAME} lies; data_samples/ is one",
        )
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
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
    title = _text(said, "title", where, faults) if "title" in said else name
    return Wave(name, title, days[0], days[1], str(said.get("about", "")))


def _survey(said: Mapping[str, Any], folder: Path, faults: list[str]) -> SurveyFile:
    where = f"survey '{said.get('name', '?')}'"
    _unknown(said, _SURVEY_KEYS, where, faults)
    name = _text(said, "name", where, faults)
    table = _table_file(said, folder, where, faults)
    scale = _named(said, "scale", folder, where, faults)
    mapping = _file(said, "mapping", folder, where, faults) if "mapping" in said else ""
    return SurveyFile(name, str(said.get("title", name)), table, scale, mapping)


def _audits(toml: Mapping[str, Any], folder: Path, faults: list[str]) -> tuple[TableFile, ...]:
    """Read ``audits``: a file, a list of files, or [[audits]] with file, wave and sheet."""
    said = toml.get("audits")
    parts = said if isinstance(said, list) and said else [said]
    found = []
    for part in parts:
        table = part if isinstance(part, Mapping) else {"file": part}
        _unknown(table, _TABLE_KEYS, "audits", faults)
        found.append(_table_file(table, folder, "audits", faults))
    return tuple(found)


def _table_file(said: Mapping[str, Any], folder: Path, where: str, faults: list[str]) -> TableFile:
    options = {key: _text(said, key, where, faults) for key in ("wave", "sheet") if key in said}
    return TableFile(_file(said, "file", folder, where, faults), **options)


def _text(said: Mapping[str, Any], key: str, where: str, faults: list[str]) -> str:
    value = said.get(key)
    if isinstance(value, str) and value.strip():
        return value
    missing = key not in said or value is None
    faults.append(f"{where}: {key} is {'missing' if missing else f'{value!r}, not a text'}")
    return ""


def _file(said: Mapping[str, Any], key: str, folder: Path, where: str, faults: list[str]) -> str:
    name = _text(said, key, where, faults)
    if name and (len(name) > _LONGEST or Path(name).name != name):
        faults.append(f"{where}: {key} = '{name[:60]}' is no name of a file in this folder")
    elif name and not (folder / name).is_file():
        near = closest(name, [file.name for file in folder.iterdir()])
        asked = f": did you mean '{near}'?" if near else ""
        faults.append(f"{where}: {key} = '{name}': there is no such file in the folder{asked}")
    return name


def _key_file(said: Mapping[str, Any], folder: Path, faults: list[str]) -> str:
    """Read where the key lies: best outside the folder, so that it is not passed on with it."""
    name = _text(said, "key_file", CONFIG_NAME, faults)
    if name and (len(name) > _LONGEST or not (folder / name).is_file()):
        faults.append(f"{CONFIG_NAME}: key_file = '{name[:60]}': there is no such file")
    return name


def _named(said: Mapping[str, Any], key: str, folder: Path, where: str, faults: list[str]) -> str:
    """Read the name of a framework or scale: one that ships, or a .toml file in the folder."""
    if str(said.get(key, "")).endswith(".toml"):
        return _file(said, key, folder, where, faults)
    return _text(said, key, where, faults)


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
    for key in said:
        if key not in keys:
            near = closest(key, keys)
            asked = f": did you mean '{near}'?" if near else f"; known are {quoted(sorted(keys))}"
            faults.append(f"{where}: '{key}' is not known{asked}")


def _clashes(waves: Sequence[Wave], surveys: Iterable[SurveyFile]) -> list[str]:
    names = [name for wave in waves for name in {wave.id, wave.title}]
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    faults = [f"two waves are called '{name}'" for name in twice]
    ordered = sorted(waves, key=lambda wave: wave.opens)
    faults += [
        f"wave '{after.id}' opens before '{before.id}' closes"
        for before, after in itertools.pairwise(ordered)
        if after.opens <= before.closes
    ]
    scales: dict[str, str] = {}
    for survey in surveys:
        if scales.setdefault(survey.name, survey.scale) != survey.scale:
            faults.append(f"survey '{survey.name}' names two scales; give each scale its own name")
    return faults


def _two_mappings(surveys: tuple[SurveyFile, ...]) -> list[str]:
    """Name files that two surveys would map in two ways: each file is read once."""
    mappings: dict[str, set[str]] = {}
    for survey in surveys:
        mappings.setdefault(survey.table.label, set()).add(survey.mapping)
    return [
        f"file '{file}' must have the same mapping in every [[survey]]"
        for file, said in mappings.items()
        if len(said) > 1
    ]
