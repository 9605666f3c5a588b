"""Sentences chosen from the master list ``sentences.toml`` by rules over released figures."""

from __future__ import annotations

import operator
import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from careerbench.errors import BadArgumentError
from careerbench.report.packs.model import Said

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from careerbench.report.packs.model import Number

_SLOT = re.compile(r"\{(\w+)\}")
_RULE = re.compile(
    r"(?P<left>[a-z_]+) (?P<op>==|>=|<=|>|<) (?P<right>-?\d+(?:\.\d+)?|[a-z_]+)"
    r"(?: (?P<sign>[+-]) (?P<by>\d+(?:\.\d+)?))?"
)
_OPERATORS = {
    "==": operator.eq, ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt,
}  # fmt: skip
_NEAREST = 1e-9


@dataclass(frozen=True)
class Fact:
    """What may be said something about: words, and figures with their cells."""

    kind: str
    words: Mapping[str, str]
    numbers: Mapping[str, Number]


@dataclass(frozen=True)
class Rule:
    """``left op right``, where right is a number, a figure, or a figure plus or less a number."""

    left: str
    op: str
    right: str | float
    by: float = 0.0

    def holds(self, fact: Fact) -> bool:
        """Say whether it holds; a figure that is not shown fails it."""
        left, right = _value(self.left, fact), _value(self.right, fact)
        if left is None or right is None:
            return False
        difference = left - (right + self.by)
        if abs(difference) < _NEAREST:  # so that 60 is 50 plus 10, however it was computed
            difference = 0.0
        return bool(_OPERATORS[self.op](difference, 0.0))


@dataclass(frozen=True)
class Sentence:
    """One sentence of the master list; ``sentences.toml`` says what each entry means."""

    id: str
    about: str
    audience: str
    section: str
    text: str
    when: tuple[Rule, ...]
    n: tuple[str, ...]
    minimum_n: int
    reading_age: int
    pick: Mapping[str, Any] = field(default_factory=dict)

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots of the text, in order."""
        return tuple(_SLOT.findall(self.text))

    def fits(self, fact: Fact) -> bool:
        """Say whether it may be said of a fact."""
        if fact.kind != self.about:
            return False
        needed = [name for name in (*self.slots, *self.n) if name not in fact.words]
        if not all(name in fact.numbers and fact.numbers[name].is_shown for name in needed):
            return False
        enough = all((fact.numbers[name].value or 0) >= self.minimum_n for name in self.n)
        return enough and all(rule.holds(fact) for rule in self.when)

    def fill(self, fact: Fact) -> Said:
        """Put the fact's words and printed figures into the slots."""
        said = {**{name: number.text for name, number in fact.numbers.items()}, **fact.words}
        numbers = tuple(fact.numbers[name] for name in self.slots if name not in fact.words)
        return Said(self.id, _SLOT.sub(lambda slot: said[slot[1]], self.text), numbers)


def say(facts: Iterable[Fact], *, audience: str, section: str) -> tuple[Said, ...]:
    """Choose and fill what may be said of the facts, in the order of the master list."""
    known = list(facts)
    found: list[Said] = []
    for sentence in load_sentences():
        if (sentence.audience, sentence.section) == (audience, section):
            fitting = [fact for fact in known if sentence.fits(fact)]
            found += [sentence.fill(fact) for fact in _picked(fitting, sentence.pick)]
    return tuple(found)


@cache
def load_sentences() -> tuple[Sentence, ...]:
    """Read the master list once.

    Examples
    --------
    >>> len({sentence.id for sentence in load_sentences()}) == len(load_sentences())
    True
    """
    entries = _toml()["sentence"]
    return tuple(
        Sentence(
            **{
                **entry,
                "when": tuple(read_rule(said) for said in entry["when"]),
                "n": tuple(entry["n"]),
            }
        )
        for entry in entries
    )


def load_examples() -> dict[str, str]:
    """Return what fills the slots when a reading age is worked out."""
    return dict(_toml()["examples"])


def read_rule(said: str) -> Rule:
    """Read a rule.

    Examples
    --------
    >>> read_rule("percent >= programme_percent + 10")
    Rule(left='percent', op='>=', right='programme_percent', by=10.0)
    """
    match = _RULE.fullmatch(said)
    if match is None:
        raise BadArgumentError(
            f"sentences: '{said}' is no rule.", found=f"'{said}'", hint="percent >= other + 10"
        )
    right: str | float = match["right"]
    if not str(right)[-1].isalpha():
        right = float(right)
    by = float(match["by"] or 0) * (-1 if match["sign"] == "-" else 1)
    return Rule(match["left"], match["op"], right, by)


def _picked(facts: Sequence[Fact], pick: Mapping[str, Any]) -> Sequence[Fact]:
    """Take the facts with the most extreme figures; equals keep their order."""
    if not pick:
        return facts
    largest = "largest" in pick
    figure = pick["largest" if largest else "smallest"]
    chosen = sorted(
        facts, key=lambda fact: (fact.numbers[figure].value or 0) * (-1 if largest else 1)
    )
    return chosen[: pick["most"]]


def _value(name: str | float, fact: Fact) -> float | None:
    if isinstance(name, float):
        return name
    number = fact.numbers.get(name)
    return None if number is None else number.value


@cache
def _toml() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("sentences.toml").read_text(encoding="utf-8"))
