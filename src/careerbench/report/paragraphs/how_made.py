"""``how_made``: how one released figure came about, for whoever asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from careerbench.checks import said
from careerbench.disclosure import Release
from careerbench.errors import BadArgumentError, quoted
from careerbench.report.facts import load_words
from careerbench.report.open_data.values import plain
from careerbench.report.paragraphs.releases import (
    edition_of,
    fingerprint_of,
    policy_of,
    software_of,
)
from careerbench.report.paragraphs.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

_STEP = "how_made"
_ALL = "All"
_FIRST = ("topic", "item", "wave")
_FIGURE = ("unit", "value", "reason")
_NOT_WHO = {*_FIRST, *_FIGURE, "measure", "answer_group", "answer"}
_BENCHMARKS = "benchmarks"


def how_made(release: Release, cell: Mapping[str, object]) -> str:
    """Say how one released figure was made.

    Parameters
    ----------
    release : Release
        Where the figure is from.
    cell : mapping
        The figure's place: ``topic``, ``item``, ``wave``, and of the other columns of
        ``release.cells()`` those that are not ``All``; ``measure`` is ``count`` if not given. A row
        of ``release.cells()`` does; where it holds a ``value``, that must be the release's.

    Returns
    -------
    str
        Plain text: the question, the wave, who is in it, what was counted, the figure or that it is
        hidden, n, edition, policy, fingerprint and software.

    Raises
    ------
    BadArgumentError
        If the release has no such figure, or another value for it.
    """
    if not isinstance(release, Release):
        raise BadArgumentError(
            f"{_STEP}: figures are looked up in a release.",
            found=f"a {type(release).__name__}",
            hint="disclosure.open_release(path)",
        )
    asked = _asked(release, cell)
    row = _found(release, asked)
    _require_same(row, cell)
    return " ".join(_sentences(release, row, asked))


def _asked(release: Release, cell: Mapping[str, object]) -> dict[str, str]:
    """Fill up what was not said: All, and a count."""
    columns = [str(name) for name in release.tables["cells"].columns]
    if not isinstance(cell, Mapping) and not (hasattr(cell, "get") and hasattr(cell, "index")):
        raise BadArgumentError(
            f"{_STEP}: cell must be a mapping, or a row of release.cells().",
            found=said(cell),
            hint="{'topic': 'benchmarks', 'item': 'b1', 'wave': 'baseline', 'answer': 'achieved'}",
        )
    unknown = sorted({str(name) for name in cell} - set(columns))
    missing = [name for name in _FIRST if name not in cell]
    if unknown or missing:
        raise BadArgumentError(
            f"{_STEP}: cell must have topic, item and wave, and columns of the release only.",
            found=quoted(cell),
            hint=quoted(columns),
        )
    keys = [name for name in columns if name not in _FIGURE]
    usual = dict.fromkeys(keys, _ALL) | {"measure": "count"}
    return {name: str(cell.get(name, usual[name])) for name in keys}


def _found(release: Release, asked: Mapping[str, str]) -> pd.Series:
    """Find the one row that is meant."""
    cells = release.tables["cells"]
    here = cells["item"] == asked["item"]
    for name, value in asked.items():
        here &= cells[name] == value
    rows = cells[here]
    if len(rows) != 1:
        said = ", ".join(f"{name}={value}" for name, value in asked.items() if value != _ALL)
        raise BadArgumentError(
            f"{_STEP}: the release has {'no such figure' if rows.empty else 'several of them'}.",
            found=said,
            hint="a row of release.cells()",
        )
    return rows.iloc[0]


def _require_same(row: pd.Series, cell: Mapping[str, object]) -> None:
    """Refuse a figure that is not the release's: it would be explained as if it were."""
    if "value" not in cell:
        return
    given, own = cell["value"], row["value"]
    both_blank = given != given and own != own
    if not both_blank and (given is None or given != own):
        raise BadArgumentError(
            f"{_STEP}: the figure asked about is not the one in the release.",
            found="another value",
            hint="the row of release.cells() itself",
        )


def _sentences(release: Release, row: pd.Series, asked: Mapping[str, str]) -> Iterator[str]:
    words = _Words(release)
    topic = asked["topic"]
    what = "Benchmark" if topic == _BENCHMARKS else "Question or scale"
    yield (
        f"{what}: '{words.of(f'item:{topic}', asked['item'])}' ({words.of('topic', topic)}, "
        f"{asked['item']})."
    )
    yield f"Wave: {words.wave(asked['wave'])}."
    yield f"Who: {words.who(asked)}."
    yield f"Measure: {words.measure(row, asked)}."
    yield _figure(release, row)
    yield _n(release, row, asked)
    if topic == _BENCHMARKS:
        yield f"Schools were scored under {edition_of(release)}."
    else:
        yield f"Edition of the study's framework: {edition_of(release)}."
    yield f"Policy: {policy_of(release)}."
    yield f"Made with {software_of(release)}. {fingerprint_of(release)}"


def _figure(release: Release, row: pd.Series) -> str:
    """Say the figure, or that it is hidden, which is not told apart by cause."""
    if row["value"] == row["value"]:
        decimals = release.manifest["policy"]["means"]["decimals"]
        return f"Figure: {plain(row['value'], decimals if row['measure'] == 'mean' else 0)}."
    symbols = load_words("open_data/words")["symbols"]["words"]
    return f"Figure: {row['reason']} ({symbols[row['reason']]})."


def _n(release: Release, row: pd.Series, asked: Mapping[str, str]) -> str:
    """Say how many the figure is out of, where that is shown."""
    if row["measure"] == "count" and asked["answer"] == asked["answer_group"] == _ALL:
        return "It is itself the number (n) of those in it."
    if asked["topic"] == _BENCHMARKS and asked.get("school_urn", _ALL) != _ALL:
        return "n: one school, whose own result it is."
    cells = release.tables["cells"]
    here = (cells["measure"] == "count") & (cells["answer"] == _ALL)
    here &= cells["answer_group"] == _ALL
    for name, value in asked.items():
        if name not in {"measure", "answer", "answer_group"}:
            here &= cells[name] == value
    rows = cells.loc[here, "value"]
    if rows.empty:
        return "n: not in the release."
    if rows.isna().all():
        return "n: hidden (c)."
    who = {"schools": "schools with a row", "pupils": "pupils who answered"}
    return f"n: {plain(rows.iloc[0], 0)} {who.get(row['unit'], 'people who answered')}."


class _Words:
    """The words of a release for its codes."""

    def __init__(self, release: Release) -> None:
        self.release = release
        labels = release.labels()
        keys = zip(labels["dimension"], labels["code"], strict=True)
        self.labels = dict(zip(keys, labels["label"], strict=True))

    def of(self, dimension: str, code: str) -> str:
        """Say a code in words; one without words is itself."""
        return str(self.labels.get((dimension, code), code))

    def wave(self, wave: str) -> str:
        """Name a wave and its dates."""
        dates = self.release.manifest.get("wave_dates", {}).get(wave)
        said = f"{dates['opens']} to {dates['closes']}" if dates else "dates not recorded"
        return f"{self.of('wave', wave)} ({said})"

    def who(self, asked: Mapping[str, str]) -> str:
        """Say the slice, widest first."""
        named = []
        for name, value in asked.items():
            if name in _NOT_WHO or value == _ALL:
                continue
            if name == "school_urn":
                schools = self.release.schools().set_index("school_urn")["school_name"]
                named.append(f"{schools.get(value, 'a school')} ({value})")
            elif name in {"region_name", "la_name"}:
                named.append(value)
            else:
                title, said = self.of("characteristic", name), self.of(name, value)
                whole = value != "Not known" and said != value
                named.append(said if whole else f"{title.lower().replace('_', ' ')}: {said}")
        return listed(named) if named else "the whole programme"

    def measure(self, row: pd.Series, asked: Mapping[str, str]) -> str:
        """Say what was counted or averaged."""
        topic, unit = asked["topic"], str(row["unit"])
        who = load_words("open_data/words")["answered"].get(unit, unit)
        if row["measure"] == "mean":
            return f"mean score of {who}"
        if asked["answer"] != _ALL:
            said = self.of(f"answer:{topic}", asked["answer"])
            verb = "in the state" if topic == _BENCHMARKS else "with the answer"
            return f"number of {who if topic == _BENCHMARKS else unit} {verb} '{said}'"
        if asked["answer_group"] != _ALL:
            usual = self.of(f"answer_group:{topic}", asked["answer_group"])
            own = (f"answer_group:{topic}:{asked['item']}", asked["answer_group"])
            said = self.labels.get(own, usual)
            return f"number of {unit}, answers grouped as '{said}'"
        return f"number of {who}"
