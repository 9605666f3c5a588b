"""Answers in words become codes, or the reason why there is none."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from careerbench.loaders.exports.likeness import nearest, plain
from careerbench.loaders.exports.model import JOINED_BY, reason_for
from careerbench.loaders.privacy import SHOWN_FROM
from careerbench.loaders.problems import count

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from careerbench.frameworks import SurveyScale
    from careerbench.loaders.exports.mapping import ItemRule, SurveyMapping

Verdict = tuple[str | None, str | None]


@dataclass(frozen=True, eq=False)
class Judged:
    """One item's answers.

    Attributes
    ----------
    codes, reasons : Series of str
        What each respondent answered, or why there is no answer; both missing where it is strange.
    strange : array of bool
        Answers that neither the scale nor the mapping knows.
    said : tuple of (array of bool, str, str)
        Which answers, what is wrong with them, and what to try; never a rare answer's words.
    """

    codes: pd.Series
    reasons: pd.Series
    strange: NDArray[np.bool_]
    said: tuple[tuple[NDArray[np.bool_], str, str], ...]


class AnswerJudge:
    """Knows what answers to one item mean."""

    def __init__(self, item: str, mapping: SurveyMapping, codes_in_file: Mapping[str, str]) -> None:
        scales = [scale for scale in mapping.scales if item in scale.item_ids]
        self.scale: SurveyScale | None = scales[0] if scales else None
        self._file_codes = codes_in_file
        self._known: dict[str, Verdict] = {}
        if self.scale is not None:
            for word, code in self.scale.lookup.items():
                self._known[plain(word)] = self._verdict(code)
        for said in (mapping.answers, mapping.answers_of.get(item, {})):
            self._known |= {plain(word): self._verdict(code) for word, code in said.items()}
        self._known |= {plain(word): (None, why) for word, why in mapping.missing.items()}
        self._open = self.scale is None and not (mapping.answers or mapping.answers_of.get(item))

    def judge(self, cells: pd.Series, offered: Collection[str]) -> Judged:
        """Judge each different answer once; ``offered`` ones may be shown in messages."""
        import pandas as pd

        places, texts = pd.factorize(cells)
        verdicts = [self._of(str(text)) for text in texts]
        known = [verdict is not None for verdict in verdicts]
        pairs: list[Verdict] = [verdict or (None, None) for verdict in verdicts]
        codes = pd.array([*(code for code, _ in pairs), None], dtype="str").take(places)
        reasons = pd.array([*(why for _, why in pairs), "blank"], dtype="str").take(places)
        strange = ~pd.array([*known, True], dtype=bool).take(places).to_numpy(dtype=bool)
        return Judged(
            pd.Series(codes, index=cells.index),
            pd.Series(reasons, index=cells.index),
            strange,
            tuple(self._say(cells, strange, offered)),
        )

    def _verdict(self, code: str) -> Verdict:
        reason = self.scale.reason_of(code) if self.scale is not None else None
        return (None, reason) if reason else (code, None)

    def _of(self, text: str) -> Verdict | None:
        for word in (text, self._file_codes.get(text, "")):
            if word and plain(word) in self._known:
                return self._known[plain(word)]
        return (text, None) if self._open else None

    def _say(
        self, cells: pd.Series, strange: NDArray[np.bool_], offered: Collection[str]
    ) -> list[tuple[NDArray[np.bool_], str, str]]:
        """Word what is wrong: frequent answers by name, rare ones by number."""
        counts = Counter(cells[strange])
        shown = {each for each, n in counts.items() if n >= SHOWN_FROM or each in offered}
        out = [
            (
                (strange & (cells == each).to_numpy()),
                f"{count(counts[each], 'response')}: the answer '{each}' is neither on the scale "
                "nor in the mapping",
                self._advice(each),
            )
            for each in counts
            if each in shown
        ]
        rare = strange & ~cells.isin(shown).to_numpy()
        if rare.any():
            n_kinds = len(counts) - len(shown)
            said = (
                f"{count(int(rare.sum()), 'response')}: {count(n_kinds, 'answer')} neither on the "
                f"scale nor in the mapping, each given by fewer than {SHOWN_FROM} and not shown"
            )
            out.append((rare, said, "look them up in the file; or name the column under free_text"))
        return out

    def _advice(self, answer: str) -> str:
        reason = reason_for(answer)
        if reason:
            return f'under [missing]: "{answer}" = "{reason}"'
        if self.scale is None:
            return f'under [answers]: "{answer}" = "its code"'
        labels = self.scale.labels
        near = nearest(answer, labels.values())
        if near is None:
            meant = ", ".join(f"'{label}' = {code}" for code, label in labels.items())
            return f"under [answers], its code: {meant}"
        code = next(code for code, label in labels.items() if label == near.name)
        return f'did you mean \'{near.name}\'? Under [answers]: "{answer}" = "{code}"'


def has_option(cells: pd.Series, rule: ItemRule, separators: Iterable[str]) -> pd.Series:
    """Say ``Yes`` where an option is among several answers, ``No`` where others are."""
    wanted = plain(rule.option)
    marks = [JOINED_BY, *separators]

    def chosen(said: object) -> str:
        parts = {plain(part) for mark in marks for part in str(said).split(mark)}
        return "Yes" if wanted in parts else "No"

    return cells.map(chosen, na_action="ignore").astype("str")


def was_asked(cells: pd.Series, rule: ItemRule) -> NDArray[np.bool_]:
    """Mark who was put the question, by their answer to another one; a blank one means no."""
    wanted = {plain(each) for each in rule.asked_answers}
    hits = cells.map(
        lambda said: bool(wanted & set(map(plain, str(said).split(JOINED_BY)))), na_action="ignore"
    )
    return hits.fillna(False).to_numpy(dtype=bool)
