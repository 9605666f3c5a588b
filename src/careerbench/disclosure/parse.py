"""TOML to ``Policy``: every fault of a file is listed, not only the first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from careerbench.errors import DisclosureError, closest, quoted
from careerbench.provenance import Source

Table = Mapping[str, Any]

METHODS = ("suppression", "rounding", "cell_key")
UNITS = ("pupils", "respondents", "schools")
SYMBOLS = {"hidden": "c", "low": "low", "impossible": "z", "unavailable": "x", "unreliable": "u"}
_KEYS = {
    "id", "title", "method", "zeros_sensitive", "zeros_always_shown", "width", "threshold",
    "percentages", "means", "dominance", "rounding", "cell_key", "symbols", "source",
}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """From how many on a percentage or a mean is shown, and with how many decimals."""

    least: int
    decimals: int = 0


@dataclass(frozen=True)
class Policy:
    """What must not be seen in a table, and what an attacker is taken to know.

    Attributes
    ----------
    id, title : str
        Its name and what it says in one line.
    method : str
        ``suppression`` (cells are hidden), ``rounding`` or ``cell_key`` (all are shown, altered).
    threshold : mapping of str to int
        For each kind of unit: a count below this is hidden.
    width : int
        How wide an interval must remain for every count of pupils or respondents below the
        threshold, given all shown; for counts of schools it is their threshold (``width_of``).
    zeros_sensitive : bool
        Whether "none of these 14 pupils" is hidden like a small count.
    zeros_always_shown : bool
        Whether no zero is ever hidden: an attacker then knows that a hidden count is not zero, and
        the audit uses that.
    percentages, means : Shown
        From how many on they are shown, and how.
    largest_percent, p_percent : float or None
        Dominance: hide a sum of which one contributor has more than ``largest_percent``, or of
        which the rest without the two largest is below ``p_percent`` of the largest.
    rounding_base : int or None
        Base of controlled rounding.
    largest_step, variance, least_shown : int, float, int
        Cell key: the largest step, its variance, and the least count above zero that is shown.
    symbols : mapping
        What stands for a hidden, rounded-to-nothing, impossible, unavailable, unreliable value.
    source : Source
        Who published the rule.
    """

    id: str
    title: str
    method: str
    threshold: Mapping[str, int]
    width: int
    zeros_sensitive: bool
    zeros_always_shown: bool
    percentages: Shown
    means: Shown
    source: Source
    largest_percent: float | None = None
    p_percent: float | None = None
    rounding_base: int | None = None
    largest_step: int = 0
    variance: float = 0.0
    least_shown: int = 0
    symbols: Mapping[str, str] = field(default_factory=lambda: dict(SYMBOLS))

    def __repr__(self) -> str:
        unit = "pupils" if "pupils" in self.threshold else next(iter(self.threshold))
        return f"<Policy {self.id}: fewer than {self.threshold[unit]} {unit}, width {self.width}>"

    def width_of(self, unit: str) -> int:
        """Return how wide an interval must remain for a small count of a unit."""
        return self.threshold[unit] if unit == "schools" else self.width

    @property
    def assumptions(self) -> tuple[str, ...]:
        """Say what an attacker is taken to know, in words."""
        zeros = (
            "The attacker knows that a hidden count is not zero, because zeros are always shown."
            if self.zeros_always_shown
            else "A hidden count may be zero, for all an attacker knows."
        )
        return (
            "The attacker knows everything that is shown, how the cells add up, that no count is "
            "negative, and which groups have nobody in them.",
            zeros,
            "The attacker does not know any single pupil's answer, and does not reason from the "
            "choices of the method itself.",
        )


def parse_policy(toml: Table, *, name: str) -> Policy:
    """Build a policy from the tables of a TOML file.

    Raises
    ------
    DisclosureError
        With every fault found, a line each.
    """
    reader = _Reader(toml)
    made = reader.policy()
    if reader.faults:
        faults = "".join(f"\n    - {fault}" for fault in reader.faults)
        raise DisclosureError(
            f"load_policy: '{name}' is not a sound policy: {len(reader.faults)} fault(s).",
            found=faults,
            hint="mend these; disclosure/policies/ in the package shows sound ones",
        )
    return Policy(**made)


class _Reader:
    """Reads the tables and gathers what is wrong with them."""

    def __init__(self, toml: Table) -> None:
        self.toml, self.faults = toml, []  # type: Table, list[str]

    def policy(self) -> dict[str, Any]:
        self._known(self.toml, _KEYS, "the file")
        method = self._text("method", default="suppression")
        if method not in METHODS:
            self.faults.append(f"method = '{method}' is none of {quoted(METHODS)}")
        threshold = self._thresholds()
        width = self._whole(self.toml, "width", "the file", least=1)
        sensitive, shown = self._flag("zeros_sensitive"), self._flag("zeros_always_shown")
        if sensitive and shown:
            self.faults.append("zeros_sensitive and zeros_always_shown cannot both be true")
        return {
            "id": self._text("id"),
            "title": self._text("title"),
            "method": method,
            "threshold": threshold,
            "width": width,
            "zeros_sensitive": sensitive,
            "zeros_always_shown": shown,
            "percentages": self._shown("percentages"),
            "means": self._shown("means"),
            "source": self._source(),
            "symbols": self._symbols(),
            **self._dominance(),
            **self._altering(method, threshold),
        }

    def _thresholds(self) -> dict[str, int]:
        said = self._table("threshold", set(UNITS))
        if not said:
            self.faults.append(f"[threshold] must name at least one of {quoted(UNITS)}")
        return {unit: self._whole(said, unit, "threshold", least=2) for unit in said}

    def _shown(self, key: str) -> Shown:
        said = self._table(key, {"least", "decimals"})
        least = self._whole(said, "least", key, least=1)
        decimals = self._whole(said, "decimals", key, least=0)
        if key == "percentages" and decimals > 0:
            self.faults.append(
                "percentages: decimals must be 0: percentages with decimals give counts back"
            )
        return Shown(least, decimals)

    def _dominance(self) -> dict[str, float | None]:
        said = self._table("dominance", {"largest_percent", "p_percent"})
        return {key: self._percent(said, key) for key in ("largest_percent", "p_percent")}

    def _altering(self, method: str, threshold: Mapping[str, int]) -> dict[str, Any]:
        rounding = self._table("rounding", {"base"})
        key = self._table("cell_key", {"largest_step", "variance", "least_shown"})
        made: dict[str, Any] = {}
        if method == "rounding":
            made["rounding_base"] = self._whole(rounding, "base", "rounding", least=2)
            if made["rounding_base"] < max(threshold.values(), default=0):
                self.faults.append("rounding: base must not lie below a threshold")
        if method == "cell_key":
            made["largest_step"] = self._whole(key, "largest_step", "cell_key", least=1)
            made["least_shown"] = self._whole(key, "least_shown", "cell_key", least=0)
            variance = key.get("variance")
            if isinstance(variance, bool) or not isinstance(variance, int | float):
                self.faults.append("cell_key: variance is missing or no number")
            elif not 0 < variance <= made["largest_step"] ** 2:
                self.faults.append("cell_key: variance must lie above 0, at most largest_step²")
            made["variance"] = variance
        return made

    def _symbols(self) -> dict[str, str]:
        said = self._table("symbols", set(SYMBOLS))
        for name, symbol in said.items():
            if not isinstance(symbol, str) or not symbol.strip() or symbol.strip().isdigit():
                self.faults.append(f"symbols: {name} = {symbol!r} must be a text and no number")
        merged = {**SYMBOLS, **said}
        if len(set(map(str, merged.values()))) < len(merged):
            self.faults.append("symbols: two of them are the same")
        return merged

    def _source(self) -> Source:
        said = self._table("source", {"title", "publisher", "url", "accessed"})
        if not said.get("title"):
            self.faults.append("source: title is missing: who says so?")
        return Source.of_document(said)

    def _table(self, key: str, known: set[str]) -> Table:
        said = self.toml.get(key, {})
        if not isinstance(said, Mapping):
            self.faults.append(f"{key} must be a table: [{key}]")
            return {}
        self._known(said, known, key)
        return {name: value for name, value in said.items() if name in known}

    def _known(self, said: Table, keys: set[str], where: str) -> None:
        for key in said:
            if key not in keys:
                near = closest(key, keys)
                asked = f" (did you mean '{near}'?)" if near else ""
                self.faults.append(f"{where}: '{key}' is not a known entry{asked}")

    def _text(self, key: str, *, default: str = "") -> str:
        value = self.toml.get(key, default)
        if not isinstance(value, str) or not value.strip():
            self.faults.append(f"the file: {key} is missing or no text")
            return ""
        return value

    def _flag(self, key: str) -> bool:
        value = self.toml.get(key)
        if not isinstance(value, bool):
            self.faults.append(f"the file: {key} must be true or false, without quotes")
        return value is True

    def _whole(self, said: Table, key: str, where: str, *, least: int) -> int:
        value = said.get(key)
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            self.faults.append(f"{where}: {key} must be a whole number of {least} or more")
            return least
        return value

    def _percent(self, said: Table, key: str) -> float | None:
        value = said.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 100:
            self.faults.append(f"dominance: {key} must be a number between 0 and 100")
            return None
        return float(value)
