"""``SurveyScale``: the items that together measure one thing, and how answers count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from careerbench.errors import FrameworkError, closest, quoted
from careerbench.frameworks.words import answer_lookup, folded
from careerbench.periods import YEAR_GROUPS
from careerbench.provenance import Source

if TYPE_CHECKING:
    import pandas as pd

MISSING_REASONS = (
    "not_asked", "not_applicable", "dont_know", "refused", "blank", "suppressed", "unreliable",
)  # fmt: skip
"""Why a survey answer is missing; ``answer_reason`` is one of these."""

_SCALE_KEYS = {
    "id", "title", "audience", "made_up", "answers", "missing", "top_box", "minimum_answered",
    "source", "item",
}  # fmt: skip
_ITEM_KEYS = {"id", "text", "reverse", "year_groups"}


@dataclass(frozen=True)
class SurveyItem:
    """One question of a survey scale; asked of every year group unless some are named."""

    id: str
    text: str
    reverse: bool = False
    year_groups: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class SurveyScale:
    """Items answered on one set of answers, scored together.

    Attributes
    ----------
    answers : mapping of str to float
        Each answer code in order, lowest first, and what it counts: 1, 2, 3 ...
    labels : mapping of str to str
        Each code's words, those of ``missing`` included.
    missing : tuple of str
        Answers that count as no answer ("don't know").
    reasons : mapping of str to str
        Why each of ``missing`` is no answer: one of ``MISSING_REASONS``; ``dont_know`` where the
        file does not say.
    top_box : tuple of str
        The answers that count as positive, after reversal.
    minimum_answered : int
        Fewest answered items for a score; below it the score is blank, with a reason.
    made_up : bool
        True where the wording is careerbench's own and measures nothing that was validated.
    """

    id: str
    title: str
    audience: str
    items: tuple[SurveyItem, ...]
    answers: Mapping[str, float]
    labels: Mapping[str, str]
    top_box: tuple[str, ...]
    minimum_answered: int
    source: Source
    missing: tuple[str, ...] = ()
    made_up: bool = False
    reasons: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def lookup(self) -> dict[str, str]:
        """Every way of writing an answer, folded (``words.folded``), to its code."""
        return answer_lookup((*self.answers, *self.missing), self.labels)

    @property
    def item_ids(self) -> tuple[str, ...]:
        """The ids of the items, in order."""
        return tuple(item.id for item in self.items)

    def reason_of(self, code: str) -> str | None:
        """Say why an answer counts as no answer; None where it is one."""
        return self.reasons.get(code, "dont_know") if code in self.missing else None

    def value_of(self, code: str, *, reverse: bool) -> float | None:
        """Say what an answer counts, reversed if need be; None where it says nothing."""
        if code not in self.answers:
            return None
        value = self.answers[code]
        low, high = min(self.answers.values()), max(self.answers.values())
        return low + high - value if reverse else value

    def to_frame(self) -> pd.DataFrame:
        """One row per item: ``scale``, ``item``, ``text``, ``reverse``, ``year_groups``."""
        import pandas as pd

        rows = [
            {
                "scale": self.id,
                "item": item.id,
                "text": item.text,
                "reverse": item.reverse,
                "year_groups": ", ".join(item.year_groups),
            }
            for item in self.items
        ]
        return pd.DataFrame(rows)

    def __repr__(self) -> str:
        mark = ", made up" if self.made_up else ""
        return (
            f"<SurveyScale {self.id}: {len(self.items)} items, {len(self.answers)} answers{mark}>"
        )


def parse_scale(toml: Mapping[str, Any], *, name: str) -> SurveyScale:
    """Build a survey scale from a TOML file, or raise FrameworkError with every fault."""
    faults = _shape_faults(toml) or _faults(toml)
    if faults:
        listed = "".join(f"\n    - {fault}" for fault in faults)
        raise FrameworkError(
            f"load_scale: '{name}' is not a sound survey scale: {len(faults)} fault(s).",
            found=listed,
            hint="mend these in the file; frameworks/scales/ in the package shows sound ones",
        )
    codes = [str(answer["code"]) for answer in toml["answers"]]
    said = [*toml["answers"], *toml.get("missing", ())]
    return SurveyScale(
        id=toml["id"],
        title=toml["title"],
        audience=toml.get("audience", ""),
        items=tuple(_item(part) for part in toml["item"]),
        answers={code: float(place) for place, code in enumerate(codes, start=1)},
        labels={str(answer["code"]): str(answer.get("label", answer["code"])) for answer in said},
        top_box=tuple(str(code) for code in toml["top_box"]),
        minimum_answered=toml["minimum_answered"],
        source=Source.of_document(toml.get("source", {})),
        missing=tuple(str(answer["code"]) for answer in toml.get("missing", ())),
        made_up=bool(toml.get("made_up", False)),
        reasons={
            str(answer["code"]): str(answer.get("reason", "dont_know"))
            for answer in toml.get("missing", ())
        },
    )


def _item(said: Mapping[str, Any]) -> SurveyItem:
    years = tuple(str(year) for year in said.get("year_groups", ()))
    return SurveyItem(said["id"], said["text"], bool(said.get("reverse", False)), years)


def _shape_faults(toml: Mapping[str, Any]) -> list[str]:
    """Find entries that are not of the kind they must be; what they say is looked at after."""
    faults = [
        f"{key} must be a text"
        for key in ("id", "title", "audience")
        if not isinstance(toml.get(key, ""), str)
    ]
    for key, way in (("answers", "[{ code = ..., label = ... }]"), ("missing", "[{ code = ... }]"),
                     ("item", "[[item]]")):  # fmt: skip
        parts = toml.get(key, [])
        if not isinstance(parts, list) or not all(isinstance(part, Mapping) for part in parts):
            faults.append(f"{key} must be written as {way}")
        elif key == "item":
            faults += [fault for part in parts for fault in _item_shape_faults(part)]
    if not isinstance(toml.get("top_box", []), list):
        faults.append("top_box must be a list of codes")
    if not isinstance(toml.get("source", {}), Mapping):
        faults.append("source must be a table: [source]")
    if not isinstance(toml.get("made_up", False), bool):
        faults.append("made_up must be true or false, without quotes")
    return faults


def _item_shape_faults(item: Mapping[str, Any]) -> list[str]:
    where = f"item '{item.get('id', '?')}'"
    faults = [
        f"{where}: {key} must be a text"
        for key in ("id", "text")
        if not isinstance(item.get(key, ""), str)
    ]
    if not isinstance(item.get("reverse", False), bool):
        faults.append(f"{where}: reverse must be true or false, without quotes")
    if not isinstance(item.get("year_groups", []), list):
        faults.append(f"{where}: year_groups must be a list")
    return faults


def _faults(toml: Mapping[str, Any]) -> list[str]:
    faults = [f"'{key}' is not a known entry{_near(key)}" for key in toml if key not in _SCALE_KEYS]
    faults += [f"{key} is missing or no text" for key in ("id", "title") if not toml.get(key)]
    codes = [str(answer.get("code", "")) for answer in toml.get("answers", ())]
    missing = [str(answer.get("code", "")) for answer in toml.get("missing", ())]
    if len(codes) < 2 or len(set(codes + missing)) < len(codes + missing) or "" in codes + missing:
        faults.append("answers needs two or more different codes, also different from missing")
    said = [*toml.get("answers", ()), *toml.get("missing", ())]
    labels = [folded(answer.get("label", answer.get("code", ""))) for answer in said]
    twice = sorted({label for label in labels if labels.count(label) > 1})
    if twice:
        faults.append(f"two answers have the label {quoted(twice)}")
    given = [str(answer["reason"]) for answer in toml.get("missing", ()) if "reason" in answer]
    faults += [
        f"missing: reason '{reason}' is none of {quoted(MISSING_REASONS)}"
        for reason in given
        if reason not in MISSING_REASONS
    ]
    top = [str(code) for code in toml.get("top_box", ())]
    if not top or not set(top) <= set(codes):
        faults.append(f"top_box = {top} must be some of {quoted(codes)}")
    items = toml.get("item", [])
    ids = [str(item.get("id", "")) for item in items]
    if not items or len(set(ids)) < len(ids) or not all(ids):
        faults.append("there must be [[item]]s, each with an id of its own")
    least = toml.get("minimum_answered")
    if not isinstance(least, int) or isinstance(least, bool) or not 1 <= least <= len(items):
        faults.append(f"minimum_answered = {least!r} must be 1 to {len(items)}")
    return faults + [fault for item in items for fault in _item_faults(item)]


def _item_faults(item: Mapping[str, Any]) -> list[str]:
    where = f"item '{item.get('id', '?')}'"
    faults = [f"{where}: '{key}' is not a known entry" for key in item if key not in _ITEM_KEYS]
    if not item.get("text"):
        faults.append(f"{where}: text is missing")
    years = [str(year) for year in item.get("year_groups", ())]
    if not set(years) <= set(YEAR_GROUPS):
        faults.append(f"{where}: year_groups {quoted(years)} are not all year groups")
    return faults


def _near(key: str) -> str:
    near = closest(key, _SCALE_KEYS)
    return f" (did you mean '{near}'?)" if near else ""
