"""TOML to ``AnswerScale``: the answers of ``[scales.name]`` and which of them meet an item."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from careerbench.frameworks.model import AnswerScale
from careerbench.frameworks.parse_bands import parse_bands
from careerbench.frameworks.words import folded

if TYPE_CHECKING:
    from careerbench.frameworks.faults import Faults, Table

_SCALE_KEYS = {"about", "provisional", "answers", "meets", "not_applicable", "missing"}
_ANSWER_KEYS = {"code", "label", "from", "above"}


def parse_answers(name: str, said: Table, faults: Faults) -> AnswerScale:
    """Read one answer scale; what is wrong with it is added to ``faults``."""
    where = f"scale '{name}'"
    faults.known(said, _SCALE_KEYS, where)
    labels: dict[str, str] = {}
    groups = {
        key: _codes(said.get(key, []), labels, f"{where}, {key}", faults)
        for key in ("answers", "not_applicable", "missing")
    }
    meets = faults.texts(said, "meets", where)
    if not groups["answers"]:
        faults.add("", f"{where} has no answers")
    if not meets or not set(meets) <= set(groups["answers"]):
        faults.add(where, f"meets = {list(meets)} must be some of its answers")
    return AnswerScale(
        name=name,
        answers=groups["answers"],
        meets=meets,
        labels=labels,
        not_applicable=groups["not_applicable"],
        missing=groups["missing"],
        about=faults.optional(said, "about", where),
        provisional=faults.flag(said, "provisional", where),
        bands=parse_bands(said.get("answers"), where, faults.faults),
    )


def _codes(said: Any, labels: dict[str, str], where: str, faults: Faults) -> tuple[str, ...]:
    codes = []
    if not isinstance(said, list):
        faults.add("", f"{where} must be a list of answers")
        return ()
    for answer in said:
        if isinstance(answer, Mapping):
            faults.known(answer, _ANSWER_KEYS, where)
        if not isinstance(answer, str | Mapping):
            faults.add(where, f"{answer!r} is no answer: a text, or code and label")
            continue
        code, label = (answer, answer) if isinstance(answer, str) else _code_and_label(answer)
        if not code.strip():
            faults.add(where, "an answer has no code")
        taken = {folded(name) for pair in labels.items() for name in pair}
        if {folded(code), folded(label)} & taken:
            faults.add(where, f"the answer '{code}' stands there twice")
        labels[code] = label
        codes.append(code)
    return tuple(codes)


def _code_and_label(answer: Table) -> tuple[str, str]:
    code = str(answer.get("code", ""))
    return code, str(answer.get("label", code))
