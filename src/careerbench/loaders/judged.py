"""``Judge``: what a framework says about items and answers, looked up once per different value."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from careerbench.errors import did_you_mean, quoted
from careerbench.frameworks.words import folded
from careerbench.loaders.distinct import Distinct

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from careerbench.frameworks.model import AnswerScale, Framework
    from careerbench.loaders.validate import Findings
    from careerbench.loaders.wide import ItemColumn


@dataclass(frozen=True)
class Judge:
    """Knows a framework's items by id and by text; without one, every name is an item.

    Attributes
    ----------
    framework : Framework or None
    names : mapping of str to str
        Each item's id and text, case and spaces folded, to its id.
    """

    framework: Framework | None
    names: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, framework: Framework | None) -> Judge:
        """Make ready to look items up; a text that two items share names neither."""
        if framework is None:
            return cls(None)
        texts = [folded(item.text) for item in framework.items.values()]
        by_text = {
            folded(item.text): name
            for name, item in framework.items.items()
            if texts.count(folded(item.text)) == 1
        }
        return cls(framework, by_text | {folded(name): name for name in framework.items})

    def knows(self, name: str) -> bool:
        """Tell whether a name is an item's."""
        return self.framework is None or folded(name) in self.names

    def name_column(self, column: ItemColumn) -> ItemColumn:
        """Call a wide column by its item's id."""
        if self.knows(column.heading) and self.framework is not None:
            return replace(column, item=self.names[folded(column.heading)], year_group=None)
        return replace(column, item=self.names.get(folded(column.item), column.item))

    def check(self, frame: pd.DataFrame, findings: Findings) -> pd.DataFrame:
        """Turn items into ids and answers into codes, and note those the framework lacks."""
        if self.framework is None:
            return frame
        items = Distinct.of(frame["item"])
        ids = items.texts.map(lambda name: self.names.get(folded(name))).astype("str")
        self._note_unknown(items, ids, findings)
        frame = frame.assign(item=items.spread(ids))
        self._note_year_groups(frame, findings)
        self._note_unasked(ids, findings)
        return frame.assign(answer=self._codes(frame, findings))

    def _note_unknown(self, items: Distinct, ids: pd.Series, findings: Findings) -> None:
        bad = ids.isna()
        said = [f"'{name}' is not an item of {self._framework.id}" for name in items.texts[bad]]
        known = list(self._framework.items)
        hints = [did_you_mean(name, known) for name in items.texts[bad]]
        if findings.cells is None:
            findings.errors(items.codes, bad, "item", said, hints)
            return
        for place, what, hint in zip(bad[bad].index, said, hints, strict=True):
            at = items.codes == place
            heading = findings.cells[at][0]
            findings.note_table(heading, what, hint, severity="error", at=at)

    def _note_year_groups(self, frame: pd.DataFrame, findings: Findings) -> None:
        """Note year groups given for items that are asked once for the whole school."""
        import numpy as np

        whole = [name for name, item in self._framework.items.items() if not item.by_year_group]
        wrong = frame["year_group"].notna() & frame["item"].isin(whole)
        findings.note(
            np.flatnonzero(wrong.to_numpy()),
            "year_group",
            "the item is asked once for the whole school, not by year group",
            "leave the year group blank",
        )

    def _note_unasked(self, ids: pd.Series, findings: Findings) -> None:
        absent = [name for name in self._framework.items if name not in set(ids)]
        if absent:
            findings.note_table(
                "item",
                f"not in the file: {quoted(absent)}, items of {self._framework.id}",
                "right if they were not asked",
            )

    def _codes(self, frame: pd.DataFrame, findings: Findings) -> pd.Series:
        """Look each different pair of item and answer up once."""
        import pandas as pd

        items, answers = Distinct.of(frame["item"]), Distinct.of(frame["answer"])
        n_answers = len(answers.texts) + 1
        both = (items.codes.astype("int64") + 1) * n_answers + answers.codes + 1
        places, pairs = pd.factorize(both)
        named, said = [None, *items.texts], [None, *answers.texts]
        met = [(named[pair // n_answers], said[pair % n_answers]) for pair in pairs]
        codes = pd.Series([self._code(*pair) for pair in met], dtype="str")
        bad = pd.Series([None not in pair for pair in met], dtype=bool) & codes.isna()
        wrong = [pair for pair, is_bad in zip(met, bad, strict=True) if is_bad]
        messages = [f"'{answer}' is not an answer to '{item}'" for item, answer in wrong]
        hints = [did_you_mean(answer, self._answers(item)) for item, answer in wrong]
        findings.errors(places, bad, "answer", messages, hints)
        return pd.Series(codes.array.take(places), index=frame.index)

    def _code(self, item: str | None, answer: str | None) -> str | None:
        if item is None or answer is None:
            return answer
        return self._scale(item).read(answer)

    def _answers(self, item: str | None) -> list[str]:
        if item is None or item not in self._framework.items:
            return []
        labels = self._framework.scales[self._framework.items[item].scale].labels
        return [*labels.values(), *labels]

    def _scale(self, item: str) -> AnswerScale:
        return self._framework.scales[self._framework.items[item].scale]

    @property
    def _framework(self) -> Framework:
        assert self.framework is not None, "only asked with a framework"
        return self.framework
