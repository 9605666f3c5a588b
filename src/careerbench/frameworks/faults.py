"""``Faults``: read the entries of a TOML table and gather all that is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from careerbench.errors import FrameworkError, closest, quoted

Table = Mapping[str, Any]


class Faults:
    """Reads entries of the kind they must be; what is not goes on the list, with its place."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.seen: dict[str, str] = {}

    def add(self, where: str, fault: str) -> None:
        """Put a fault on the list, once."""
        said = f"{where}: {fault}" if where else fault
        if said not in self.faults:
            self.faults.append(said)

    def raise_any(self, step: str, name: str, kind: str, hint: str) -> None:
        """Raise FrameworkError where there are faults, a line for each."""
        if self.faults:
            listed = "".join(f"\n    - {fault}" for fault in self.faults)
            raise FrameworkError(
                f"{step}: '{name}' is not a sound {kind}: {len(self.faults)} fault(s).",
                found=listed,
                hint=hint,
            )

    def known(self, said: Table, keys: set[str], where: str) -> None:
        """Find entries that have no meaning here."""
        for key in said:
            if key not in keys:
                near = closest(key, keys)
                asked = f" (did you mean '{near}'?)" if near else ""
                self.add(where, f"'{key}' is not a known entry{asked}")

    def id(self, said: Table, where: str) -> str:
        """Read an id, which must not stand in the file twice."""
        name = self.text(said, "id", where)
        if name and name in self.seen:
            self.add(where, f"the id '{name}' stands in the file twice")
        self.seen.setdefault(name, where)
        return name

    def text(self, said: Table, key: str, where: str) -> str:
        """Read a text that must be there."""
        value = said.get(key)
        if not isinstance(value, str) or not value.strip():
            self.add(where, f"{key} is missing or no text")
            return ""
        return value

    def optional(self, said: Table, key: str, where: str, default: str = "") -> str:
        """Read a text that may be left out."""
        value = said.get(key, default)
        if not isinstance(value, str):
            self.add(where, f"{key} = {value!r} must be a text")
            return default
        return value

    def flag(self, said: Table, key: str, where: str, *, default: bool = False) -> bool:
        """Read true or false."""
        value = said.get(key, default)
        if not isinstance(value, bool):
            self.add(where, f"{key} = {value!r} must be true or false, without quotes")
        return value is True

    def texts(self, said: Table, key: str, where: str) -> tuple[str, ...]:
        """Read a list of texts; numbers count as texts."""
        values = said.get(key, [])
        if not isinstance(values, list) or any(isinstance(v, list | Mapping) for v in values):
            self.add(where, f"{key} = {values!r} must be a list of texts")
            return ()
        return tuple(str(value) for value in values)

    def choice(self, said: Table, key: str, choices: tuple[str, ...], where: str) -> str:
        """Read one of some words; the first is what holds where nothing is said."""
        value = said.get(key, choices[0])
        if value not in choices:
            self.add(where, f"{key} = {value!r} is none of {quoted(choices)}")
            return choices[0]
        return str(value)

    def day(self, said: Table, key: str) -> date | None:
        """Read a date."""
        value = said.get(key)
        if value is None:
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        self.add("", f"{key} = {value!r} is no date such as 2025-09-01 (without quotes)")
        return None

    def source(self, said: Table, default: str) -> Table:
        """Read the ``[source]`` table."""
        source = said.get("source", {"title": default})
        if not isinstance(source, Mapping):
            self.add("", "source must be a table: [source] with title, publisher, url")
            return {}
        for key, value in source.items():
            if isinstance(value, bool | list | Mapping | int | float | time):
                self.add("[source]", f"{key} = {value!r} must be a text")
        return source

    def parts(self, said: Table, key: str, where: str = "") -> list[Table]:
        """Read an array of tables, ``[[key]]``."""
        parts = said.get(key, [])
        if not isinstance(parts, list) or not all(isinstance(part, Mapping) for part in parts):
            self.add(where, f"'{key}' must be written as [[...{key}]]")
            return []
        return parts

    def tables(self, said: Table, key: str) -> list[tuple[str, Table]]:
        """Read a table of named tables, ``[key.name]``."""
        tables = said.get(key, {})
        if not isinstance(tables, Mapping) or not tables:
            self.add("", f"there is no [{key}.name]")
            return []
        for name, part in tables.items():
            if not isinstance(part, Mapping):
                self.add("", f"{key}.{name} must be a table: [{key}.{name}]")
        return [(name, part) for name, part in tables.items() if isinstance(part, Mapping)]
