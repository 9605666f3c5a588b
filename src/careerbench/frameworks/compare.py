"""``diff``: what changed from one framework to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from careerbench import html
from careerbench.errors import FrameworkError, counted
from careerbench.frameworks.codebook import LEFT, asked_of
from careerbench.frameworks.model import Framework
from careerbench.frameworks.registry import load_framework
from careerbench.result import Result, show

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_KINDS = ("framework", "scale", "benchmark", "criterion", "item")
_TEXTS = ("text", "title", "summary", "about", "notes")
_RENAMED = 0.9


@dataclass(frozen=True, eq=False, repr=False)
class FrameworkDiff(Result):
    """What changed from one framework to another: one row per change.

    ``kind`` is ``framework``, ``scale``, ``benchmark``, ``criterion`` or ``item``; ``change`` is
    ``added``, ``removed``, ``renamed`` (the id changed, the words hardly) or ``changed``; ``entry``
    says what of it, ``before`` and ``after`` hold both values, and ``similarity`` (0 to 1, only of
    texts) how alike the words are.
    """

    before: str
    after: str

    caption: ClassVar[str] = "What changed from one framework to the other"
    formats: ClassVar[Mapping[str, str]] = {"similarity": ".0%"}

    @property
    def notes(self) -> tuple[str, ...]:
        """Count the changes, and say what similarity is."""
        counts = self.table.value_counts(["kind", "change"], sort=False).items()
        said = ", ".join(f"{counted(n, kind)} {change}" for (kind, change), n in counts)
        alike = "Similarity: normalised edit distance of the words (rapidfuzz), 100% where equal."
        return said or "Nothing changed.", alike

    def _repr_html_(self) -> str:
        """Show every change, a table for each kind of part."""
        header = ["What", "Change", self.before, self.after, "Words alike"]
        tables = []
        for kind in _KINDS:
            rows = self.table.loc[self.table["kind"] == kind].itertuples(index=False)
            cells = [
                [row.id or kind, f"{row.change} {row.entry}".strip(), row.before, row.after,
                 show(row.similarity, ".0%")]
                for row in rows
            ]  # fmt: skip
            caption = f"{kind}: {counted(len(cells), 'change')}"
            if cells:
                tables.append(html.table(header, cells, caption=caption, cell_style=LEFT))
        title = html.element("h3", html.text(f"From {self.before} to {self.after}"))
        listed = [html.element("li", html.text(note)) for note in self.notes]
        return "".join([title, *tables, html.element("ul", *listed)])


def diff(a: Framework | str | Path, b: Framework | str | Path) -> FrameworkDiff:
    """Say what changed from framework ``a`` to framework ``b``.

    Parameters
    ----------
    a, b : Framework, str or Path
        The earlier and the later one, or their names or paths.

    Returns
    -------
    FrameworkDiff
        One row per change: ``kind``, ``id``, ``change``, ``entry``, ``before``, ``after``,
        ``similarity``. Parts are matched by id; a part that went and one that came with nearly
        the same words (similarity from 0.9) are one, renamed.

    Raises
    ------
    FrameworkError
        If one of them does not load.

    Examples
    --------
    >>> changes = diff("gatsby-2014", "gatsby-2025").to_frame()
    >>> changes.loc[changes["id"] == "g4.every_subject", ["kind", "change"]].values.tolist()
    [['criterion', 'added']]
    """
    import pandas as pd

    before, after = _loaded(a), _loaded(b)
    rows = [row for kind in _KINDS for row in _changes(kind, before, after)]
    names = ["kind", "id", "change", "entry", "before", "after", "similarity"]
    table = pd.DataFrame(rows, columns=names)
    table["similarity"] = table["similarity"].astype("Float64")
    return FrameworkDiff(table, before=before.id, after=after.id)


def _loaded(said: Framework | str | Path) -> Framework:
    if isinstance(said, Framework):
        return said
    if hasattr(said, "__fspath__") or isinstance(said, str):
        return load_framework(said)
    raise FrameworkError(
        "diff: a and b must be frameworks, or names or paths of some.",
        found=type(said).__name__,
        hint="frameworks.diff('gatsby-2014', 'gatsby-2025')",
    )


def _changes(kind: str, a: Framework, b: Framework) -> Iterator[tuple]:
    old, new = _parts(kind, a), _parts(kind, b)
    gone = [name for name in old if name not in new]
    come = [name for name in new if name not in old]
    renamed = _renamed({name: old[name] for name in gone}, {name: new[name] for name in come})
    for name in old:
        if name in new:
            yield from _entries(kind, name, old[name], new[name])
        elif name in renamed:
            now = renamed[name]
            yield (
                kind,
                name,
                "renamed",
                "",
                name,
                now,
                _alike(_words(old[name]), _words(new[now])),
            )
            yield from _entries(kind, now, old[name], new[now])
        else:
            yield (kind, name, "removed", "", _words(old[name]), "", None)
    for name in come:
        if name not in renamed.values():
            yield (kind, name, "added", "", "", _words(new[name]), None)


def _entries(
    kind: str, name: str, old: Mapping[str, str], new: Mapping[str, str]
) -> Iterator[tuple]:
    for entry, was in old.items():
        if was != new[entry]:
            alike = _alike(was, new[entry]) if entry in _TEXTS else None
            yield (kind, name, "changed", entry, was, new[entry], alike)


def _renamed(gone: Mapping[str, Any], come: Mapping[str, Any]) -> dict[str, str]:
    """Pair what went with what came under another id, the most alike first."""
    pairs = sorted(
        (
            (_alike(_words(was), _words(now)), old, new)
            for old, was in gone.items()
            for new, now in come.items()
        ),
        key=lambda pair: -pair[0],
    )
    found: dict[str, str] = {}
    for alike, old, new in pairs:
        if alike >= _RENAMED and old not in found and new not in found.values():
            found[old] = new
    return found


def _words(part: Mapping[str, str]) -> str:
    return part.get("text") or part.get("title") or part.get("about") or part.get("answers", "")


def _alike(one: str, other: str) -> float:
    from rapidfuzz import fuzz

    return fuzz.ratio(one, other) / 100


def _parts(kind: str, framework: Framework) -> dict[str, dict[str, str]]:
    """Give the parts of one kind by id, each with its entries as text."""
    if kind == "framework":
        return {"": _framework(framework)}
    if kind == "scale":
        return {name: _scale(framework, name) for name in framework.scales}
    if kind == "benchmark":
        return {
            one.id: _texts(title=one.title, summary=one.summary, rule=one.rule, source=one.source,
                           provisional=one.provisional)
            for one in framework.benchmarks
        }  # fmt: skip
    criteria = [(one, part) for one in framework.benchmarks for part in one.criteria]
    if kind == "criterion":
        return {
            part.id: _texts(text=part.text, benchmark=one.id, rule=part.rule,
                            provisional=part.provisional)
            for one, part in criteria
        }  # fmt: skip
    return {
        item.id: _texts(text=item.text, criterion=part.id, scale=item.scale,
                        meets=", ".join(item.meets), asked_of=asked_of(item), scored=item.scored,
                        provisional=item.provisional)
        for _, part in criteria
        for item in part.items
    }  # fmt: skip


def _framework(one: Framework) -> dict[str, str]:
    return _texts(
        id=one.id, title=one.title, family=one.family, setting=one.setting,
        valid_from=one.valid_from, valid_to=one.valid_to or "", missing=one.missing,
        display=one.display, provisional=one.provisional, source=one.source,
        notes=" ".join(one.notes),
    )  # fmt: skip


def _scale(framework: Framework, name: str) -> dict[str, str]:
    scale = framework.scales[name]

    def listed(codes: tuple[str, ...]) -> str:
        return ", ".join(f"{code} ({scale.labels[code]})" for code in codes)

    bands = ", ".join(f"{'from' if inside else 'above'} {start:g}" for start, inside in scale.bands)
    return _texts(
        about=scale.about, answers=listed(scale.answers), meets=", ".join(scale.meets),
        bands=bands, not_applicable=listed(scale.not_applicable), missing=listed(scale.missing),
        provisional=scale.provisional,
    )  # fmt: skip


def _texts(**entries: object) -> dict[str, str]:
    return {name: str(value) for name, value in entries.items()}
