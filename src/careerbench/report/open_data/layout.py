"""The cells of a release in the layout of Explore Education Statistics: data and metadata."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from careerbench.loaders.published.facts import load_facts
from careerbench.report.facts import load_words
from careerbench.report.open_data.places import ALL, add_places
from careerbench.report.open_data.values import figures, percentages

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from careerbench.disclosure import Release
    from careerbench.report.open_data.times import Times

BENCHMARKS = "benchmarks"
TOTAL = "Total"
_PLACES = (
    "geographic_level", "country_code", "country_name", "region_code", "region_name",
    "old_la_code", "new_la_code", "la_name", "school_urn", "school_laestab", "school_name",
)  # fmt: skip
_TIMES = ("time_period", "time_identifier")
_NOT_CROSSED = {
    "topic", "item", "wave", "region_name", "la_name", "school_urn", "answer_group", "answer",
    "unit", "measure", "value", "reason",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Sheets:
    """One data file and its metadata, every cell as text.

    ``grain`` is areas or schools; ``n_shown`` counts the rows whose first indicator is a number.
    """

    name: str
    topic: str
    grain: str
    data: pd.DataFrame = field(repr=False)
    meta: pd.DataFrame = field(repr=False)
    n_shown: int


@dataclass(frozen=True)
class Indicator:
    """A column of figures: its name, its label, its unit (blank for numbers), its decimals."""

    name: str
    label: str
    unit: str
    decimals: int


def sheets_of(release: Release, times: Times) -> Iterator[Sheets]:
    """Lay out every topic: counts and means, for areas and for schools.

    A row is a time period, a place and one combination of filters; what a row of the release says
    of a margin is ``Total``.
    """
    cells = add_places(release.cells(), release)
    cells["time_period"] = cells["wave"].map({w: p for w, (p, _) in times.periods.items()})
    cells["time_identifier"] = cells["wave"].map({w: i for w, (_, i) in times.periods.items()})
    is_school = cells["geographic_level"] == "School"
    for topic in cells["topic"].unique():
        for grain, mine in (("areas", ~is_school), ("schools", is_school)):
            rows = cells[mine & (cells["topic"] == topic)]
            for measure in ("count", "mean"):
                if (rows["measure"] == measure).any():
                    yield _Layout(release, times, str(topic), grain).lay_out(rows, measure)


@dataclass(frozen=True)
class _Layout:
    """How the rows of one topic and grain are laid out."""

    release: Release
    times: Times
    topic: str
    grain: str

    def lay_out(self, rows: pd.DataFrame, measure: str) -> Sheets:
        """Turn rows of the release into a pair."""
        rows = rows.reset_index(drop=True)
        policy = self.release.manifest["policy"]
        unit = str(rows["unit"].iloc[0])
        if measure == "mean":
            data, indicators = self._means(rows, unit, int(policy["means"]["decimals"]))
        else:
            rows = self._with_zeros(rows[rows["measure"] == "count"].reset_index(drop=True))
            data, indicators = self._counts(rows, unit, policy["percentages"])
        filters = self._filters(data)
        wanted = [*_TIMES, *(name for name in _PLACES if self._is_used(data, name)), *filters]
        data = data[[*wanted, *(each.name for each in indicators)]].astype("str")
        n_shown = int(data[indicators[0].name].str.fullmatch(r"[0-9.]+").sum())
        stem = re.sub(r"[^A-Za-z0-9_-]+", "_", self.topic)
        name = f"{stem}_{'means_' if measure == 'mean' else ''}{self.grain}"
        meta = _metadata(data, filters, indicators, self._titles())
        return Sheets(name, self.topic, self.grain, data, meta, n_shown)

    def _is_used(self, data: pd.DataFrame, name: str) -> bool:
        if name.startswith("school_"):
            return self.grain == "schools" and name in data
        return name in data

    def _key(self, rows: pd.DataFrame) -> list[str]:
        """Name the columns that say who is counted: wave, place and characteristics."""
        places = [name for name in ("region_name", "la_name", "school_urn") if name in rows]
        return ["item", "wave", *places, *self._crossed()]

    def _counts(
        self, rows: pd.DataFrame, unit: str, policy: dict[str, int]
    ) -> tuple[pd.DataFrame, list[Indicator]]:
        """Add the filters, the counts and the percentages."""
        wholes = self._wholes(rows)
        data = self._words(rows)
        noun = "school" if self.topic == BENCHMARKS else "respondent"
        who = _counted(unit, "answered")
        count = Indicator(f"{noun}_count", f"Number of {who}", "", 0)
        data[count.name] = figures(rows["value"], rows["reason"])
        if self.topic == BENCHMARKS and self.grain == "schools":
            return data, [count]
        below = "schools that could be scored" if self.topic == BENCHMARKS else who
        percent = Indicator(
            f"{noun}_percent", f"Percentage of {below}", "%", int(policy["decimals"])
        )
        data[percent.name] = percentages(rows["value"], wholes, policy=policy)
        return data, [count, percent]

    def _wholes(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Find what each count is a part of: those who answered, or the schools scored."""
        symbols = load_words("open_data/words")["symbols"]
        key = self._key(rows)
        totals = rows[(rows["answer"] == ALL) & (rows["answer_group"] == ALL)]
        totals = totals[[*key, "value"]].rename(columns={"value": "whole"})
        joined = rows[key].merge(totals.assign(_there=True), on=key, how="left", validate="m:1")
        there = joined["_there"].eq(True).to_numpy()
        joined["reason"] = ""
        joined["reason"] = joined["reason"].where(there, symbols["not_available"])
        if self.topic == BENCHMARKS:
            unscored = rows.loc[rows["answer"] == "not scored", [*key, "value"]]
            less = rows[key].merge(unscored, on=key, how="left", validate="m:1")["value"]
            joined["whole"] = joined["whole"] - less
            apart = rows["answer"].isin([ALL, "not scored"]).to_numpy()
            joined["reason"] = joined["reason"].mask(apart, symbols["not_applicable"])
        return joined[["whole", "reason"]]

    def _with_zeros(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Give a school, which stands in one state of a Benchmark, a 0 in the others.

        Only where that one state is shown: a 0 beside a hidden state would tell which it is.
        """
        if self.topic != BENCHMARKS or self.grain != "schools":
            return rows
        import pandas as pd

        states = self._labels(f"answer:{self.topic}")
        key = [name for name in rows.columns if name not in {"answer", "value", "reason"}]
        every = rows[key].drop_duplicates().merge(pd.DataFrame({"answer": list(states)}), "cross")
        full = every.merge(rows, on=[*key, "answer"], how="left")
        none = full["reason"].isna()
        is_told = (rows["value"] == 1) & ~rows["answer"].isin([ALL])
        told = rows.loc[is_told, key].drop_duplicates().assign(_told=True)
        is_known = full[key].merge(told, on=key, how="left")["_told"].eq(True).to_numpy()
        hidden = load_words("open_data/words")["symbols"]["hidden"]
        zero = full["value"].mask(none & is_known, 0.0)
        reason = full["reason"].mask(none & is_known, "").mask(none & ~is_known, hidden)
        return full.assign(value=zero, reason=reason)

    def _means(
        self, rows: pd.DataFrame, unit: str, decimals: int
    ) -> tuple[pd.DataFrame, list[Indicator]]:
        """Put the number of those who answered beside each mean."""
        import pandas as pd

        key = self._key(rows)
        counts = rows[
            (rows["measure"] == "count") & (rows["answer"] == ALL) & (rows["answer_group"] == ALL)
        ]
        means = rows[rows["measure"] == "mean"].reset_index(drop=True)
        both = means[key].merge(
            counts[[*key, "value", "reason"]], on=key, how="left", validate="1:1"
        )
        unknown = load_words("open_data/words")["symbols"]["not_available"]
        data = self._words(means).drop(columns="answer", errors="ignore")
        mean = Indicator("mean_score", "Mean score", "", decimals)
        count = Indicator("respondent_count", f"Number of {_counted(unit, 'scored')}", "", 0)
        data[mean.name] = figures(means["value"], means["reason"], decimals=decimals)
        data[count.name] = figures(
            both["value"], both["reason"].mask(both["reason"].isna(), unknown)
        )
        return pd.DataFrame(data), [mean, count]

    def _words(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Write the filters in words, under the names that open data give them."""
        words = load_words("open_data/words")
        is_benchmarks = self.topic == BENCHMARKS
        data = rows.copy()
        for name in self._crossed():
            data[words["columns"].get(name, name)] = _in_words(rows[name], self._labels(name))
        item = "benchmark" if is_benchmarks else "question"
        data[item] = _in_words(rows["item"], self._labels(f"item:{self.topic}"))
        groups = {
            code: label.split(" (")[0]
            for code, label in self._labels(f"answer_group:{self.topic}").items()
        }
        single = _in_words(rows["answer"], self._labels(f"answer:{self.topic}"))
        of_group = (rows["answer"] == ALL) & (rows["answer_group"] != ALL)
        answer = single.mask(of_group, _in_words(rows["answer_group"], groups))
        data["state" if is_benchmarks else "answer"] = answer
        if self.times.shared:
            data["wave"] = _in_words(rows["wave"], self.release.manifest["waves"])
        return data

    def _crossed(self) -> list[str]:
        """Name the characteristics that cross with everything else."""
        columns = self.release.tables["cells"].columns
        return [str(name) for name in columns if name not in _NOT_CROSSED]

    def _filters(self, data: pd.DataFrame) -> list[str]:
        """Name the filters of a file: what differs between its rows, time and place aside."""
        columns = load_words("open_data/words")["columns"]
        crossed = [columns.get(name, name) for name in self._crossed()]
        asked = ["wave"] if self.times.shared else []
        first, last = ("benchmark", "state") if self.topic == BENCHMARKS else ("question", "answer")
        asked += [first, *crossed, last]
        return [name for name in asked if name in data and len(data[name].unique()) > 1]

    def _titles(self) -> dict[str, str]:
        """Give the titles of filters: this room's own, and the release's for characteristics."""
        words = load_words("open_data/words")
        named = self._labels("characteristic")
        return {words["columns"].get(n, n): title for n, title in named.items()} | words["labels"]

    def _labels(self, dimension: str) -> dict[str, str]:
        labels = self.release.labels()
        mine = labels[labels["dimension"] == dimension]
        return dict(zip(mine["code"], mine["label"], strict=True))


def _in_words(codes: pd.Series, words: Mapping[str, str]) -> pd.Series:
    """Put words in place of codes, ``Total`` for a margin; a code without a word stays."""
    said = {code: TOTAL if code == ALL else words.get(code, code) for code in codes.unique()}
    return codes.map(said).astype("str")


def _counted(unit: str, how: str) -> str:
    """Say in words who is counted; a unit that has none is its own word."""
    return str(load_words("open_data/words")[how].get(unit, unit))


def _metadata(
    data: pd.DataFrame,
    filters: list[str],
    indicators: list[Indicator],
    titles: Mapping[str, str],
) -> pd.DataFrame:
    """Describe filters and indicators; a filter without a total names its default item."""
    import pandas as pd

    required = load_facts("ees")["required"]["meta"]
    words = load_words("open_data/words")
    rows = [
        {
            "col_name": name,
            "col_type": "Filter",
            "label": titles.get(name, name.replace("_", " ").capitalize()),
            "filter_hint": words["hints"].get(name, ""),
            "filter_default": "" if data[name].eq(TOTAL).any() else str(data[name].iloc[0]),
        }
        for name in filters
    ]
    rows += [
        {
            "col_name": each.name,
            "col_type": "Indicator",
            "label": each.label,
            "indicator_unit": each.unit,
            "indicator_dp": str(each.decimals),
        }
        for each in indicators
    ]
    columns = [*required, "filter_default"]
    filled = [{name: row.get(name, "") for name in columns} for row in rows]
    return pd.DataFrame(filled, columns=columns, dtype="str")
