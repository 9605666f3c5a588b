"""``Crosswalk``: which criteria of a later edition carry on those of an earlier one."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from careerbench import html
from careerbench.errors import FrameworkError, did_you_mean, quoted
from careerbench.frameworks.codebook import LEFT
from careerbench.frameworks.faults import Faults, Table
from careerbench.frameworks.files import is_path, read_shipped, read_toml
from careerbench.frameworks.registry import load_framework
from careerbench.provenance import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from careerbench.frameworks.model import Framework

RELATIONS = ("same", "broader", "narrower", "new", "gone")
"""What the later criteria are to the earlier ones; see ``Link``."""

_CROSSWALK_KEYS = {
    "id", "title", "before", "after", "provisional", "notes", "source", "link",
}  # fmt: skip
_LINK_KEYS = {"relation", "before", "after", "note"}


@dataclass(frozen=True)
class Link:
    """Criteria of two editions that belong together.

    Attributes
    ----------
    relation : {"same", "broader", "narrower", "new", "gone"}
        The later criteria ask for the same, for more (``broader``) or for less (``narrower``) than
        the earlier; nothing earlier answers to them (``new``), or nothing later (``gone``).
    before, after : tuple of str
        Ids of criteria of the earlier and of the later edition; empty for ``new`` and ``gone``.
    note : str
        Why.
    """

    relation: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, eq=False)
class Crosswalk:
    """How the criteria of an earlier edition lead to those of a later one.

    Attributes
    ----------
    id, title : str
    before, after : str
        Ids of the earlier and the later framework.
    links : tuple of Link
        Every criterion of both editions stands in exactly one.
    source : Source
    provisional : bool
        True where the relations are judgements that nobody has published.
    notes : tuple of str
    from_framework, to_framework : Framework
        The two editions themselves.
    """

    id: str
    title: str
    before: str
    after: str
    links: tuple[Link, ...]
    source: Source
    provisional: bool = False
    notes: tuple[str, ...] = ()
    from_framework: Framework = field(kw_only=True, repr=False)
    to_framework: Framework = field(kw_only=True, repr=False)

    def to_frame(self) -> pd.DataFrame:
        """Lay the links out.

        Returns
        -------
        DataFrame
            One row per link and pair of criteria in it: ``link`` (1, 2, ...), ``relation``,
            ``before``, ``after`` (ids, empty where there is none), ``before_benchmark``,
            ``after_benchmark``, ``before_text``, ``after_text``, ``note``.
        """
        import pandas as pd

        old, new = _criteria(self.from_framework), _criteria(self.to_framework)
        rows = [
            {
                "link": number,
                "relation": link.relation,
                "before": before,
                "after": after,
                "before_benchmark": old[before][0] if before else "",
                "after_benchmark": new[after][0] if after else "",
                "before_text": old[before][1] if before else "",
                "after_text": new[after][1] if after else "",
                "note": link.note,
            }
            for number, link in enumerate(self.links, start=1)
            for before in link.before or ("",)
            for after in link.after or ("",)
        ]
        return pd.DataFrame(rows)

    def __repr__(self) -> str:
        counts = [
            f"{sum(link.relation == relation for link in self.links)} {relation}"
            for relation in RELATIONS
        ]
        mark = ", provisional" if self.provisional else ""
        return f"<Crosswalk {self.before} to {self.after}: {', '.join(counts)}{mark}>"

    def _repr_html_(self) -> str:
        """Show the links in a notebook, a row each."""
        old, new = _criteria(self.from_framework), _criteria(self.to_framework)
        rows = [
            [
                link.relation,
                "; ".join(f"{old[name][1]} ({name})" for name in link.before) or "–",
                "; ".join(f"{new[name][1]} ({name})" for name in link.after) or "–",
                link.note,
            ]
            for link in self.links
        ]
        header = ["Relation", self.from_framework.title, self.to_framework.title, "Why"]
        notes = [*self.notes, f"Source: {self.source}"]
        if self.provisional:
            notes.insert(0, "Provisional: the relations are judgements, to be argued with.")
        listed = [html.element("li", html.text(note)) for note in notes]
        caption = f"{self.title} ({self.id})"
        shown = html.table(header, rows, caption=caption, cell_style=LEFT)
        return shown + html.element("ul", *listed)


def list_crosswalks() -> pd.DataFrame:
    """List the crosswalks that come with careerbench.

    Returns
    -------
    DataFrame
        One row per crosswalk: ``crosswalk`` (the name to load it by), ``title``, ``before``,
        ``after`` (ids of frameworks), ``n_links``, ``provisional``.
    """
    import pandas as pd

    rows = [
        {
            "crosswalk": one.id,
            "title": one.title,
            "before": one.before,
            "after": one.after,
            "n_links": len(one.links),
            "provisional": one.provisional,
        }
        for one in _shipped().values()
    ]
    return pd.DataFrame(rows)


def load_crosswalk(name_or_path: str | Path) -> Crosswalk:
    """Load the links between two editions.

    Parameters
    ----------
    name_or_path : str or Path
        The name of a crosswalk that ships, or the path of a TOML file of your own. Its ``before``
        and ``after`` are names of editions, or paths of framework files seen from its folder.

    Raises
    ------
    FrameworkError
        If the name is not known or the file is not sound: a criterion that an edition does not
        have, one that no link accounts for or two do, a relation that its lists contradict. Every
        fault is listed.

    Examples
    --------
    >>> load_crosswalk("gatsby-2014--gatsby-2025").after
    'gatsby-2025'
    """
    if is_path(name_or_path):
        path = Path(name_or_path)
        return parse_crosswalk(read_toml(path), name=path.name, folder=path.parent)
    known = _shipped()
    if str(name_or_path) not in known:
        raise FrameworkError(
            f"load_crosswalk: there is no crosswalk '{name_or_path}'.",
            found=f"'{name_or_path}'",
            hint=f"{did_you_mean(name_or_path, known)} or the path of your own .toml file",
        )
    return known[str(name_or_path)]


def find_crosswalk(before_id: str, after_id: str) -> Crosswalk | None:
    """Find the crosswalk that ships from one edition to another; None where there is none.

    Examples
    --------
    >>> find_crosswalk("gatsby-2014", "gatsby-2025").id
    'gatsby-2014--gatsby-2025'
    >>> find_crosswalk("gatsby-2025", "gatsby-2014") is None
    True
    """
    found = (one for one in _shipped().values() if [one.before, one.after] == [before_id, after_id])
    return next(found, None)


def parse_crosswalk(toml: Table, *, name: str, folder: Path | None = None) -> Crosswalk:
    """Build a crosswalk from the tables of a TOML file.

    Raises
    ------
    FrameworkError
        With every fault found, a line each.
    """
    faults = Faults()
    faults.known(toml, _CROSSWALK_KEYS, "the file")
    texts = {key: faults.text(toml, key, "the file") for key in ("id", "title")}
    editions = [_edition(toml, key, folder, faults) for key in ("before", "after")]
    links = [
        _link(part, f"link {number}", faults)
        for number, part in enumerate(faults.parts(toml, "link"), start=1)
    ]
    if not links:
        faults.add("", "there is no [[link]]")
    for side, edition in zip(("before", "after"), editions, strict=True):
        if edition is not None and links:
            _check_side(side, [getattr(link, side) for link in links], edition, faults)
    source = Source.of_document(faults.source(toml, texts["title"]))
    marks = faults.flag(toml, "provisional", "the file"), faults.texts(toml, "notes", "the file")
    old, new = editions
    if old is not None and new is not None and old.id == new.id:
        faults.add("the file", f"before and after are both '{old.id}'")
    faults.raise_any(
        "load_crosswalk", name, "crosswalk", "mend these; docs/frameworks.md says what links are"
    )
    assert old is not None
    assert new is not None
    return Crosswalk(
        **texts, before=old.id, after=new.id, links=tuple(links), source=source,
        provisional=marks[0], notes=marks[1], from_framework=old, to_framework=new,
    )  # fmt: skip


def _edition(toml: Table, key: str, folder: Path | None, faults: Faults) -> Framework | None:
    name = faults.text(toml, key, "the file")
    if not name:
        return None
    try:
        return load_framework((folder or Path()) / name if is_path(name) else name)
    except FrameworkError as error:
        found = " ".join((error.found or "").split())
        faults.add("the file", f"{key} = '{name}' does not load: {error.problem} Found: {found}")
        return None


def _link(said: Table, where: str, faults: Faults) -> Link:
    faults.known(said, _LINK_KEYS, where)
    relation = said.get("relation")
    link = Link(
        relation=str(relation),
        before=faults.texts(said, "before", where),
        after=faults.texts(said, "after", where),
        note=faults.optional(said, "note", where),
    )
    if relation not in RELATIONS:
        faults.add(where, f"relation = {relation!r} is none of {quoted(RELATIONS)}")
        return link
    for side, without in (("before", "new"), ("after", "gone")):
        named = getattr(link, side)
        if relation == without and named:
            faults.add(
                where, f"what is {relation} has nothing {side}, yet it names {quoted(named)}"
            )
        if relation != without and not named:
            faults.add(where, f"relation '{relation}' needs criteria in {side}")
    return link


def _check_side(
    side: str, named: Iterable[tuple[str, ...]], edition: Framework, faults: Faults
) -> None:
    """Check that every criterion of an edition stands in exactly one link."""
    known = _criteria(edition)
    places: dict[str, list[str]] = {}
    for number, names in enumerate(named, start=1):
        for name in names:
            places.setdefault(name, []).append(f"link {number}")
    for name, links in places.items():
        if name not in known:
            near = did_you_mean(name, known)
            faults.add(links[0], f"{side} names '{name}', no criterion of {edition.id}; {near}")
        elif len(links) > 1:
            faults.add("", f"{side} names '{name}' in more than one place: {', '.join(links)}")
    left_out = [name for name in known if name not in places]
    if left_out:
        lacking = "gone" if side == "before" else "new"
        faults.add(
            "",
            f"no link accounts for {quoted(left_out)} of {edition.id}; "
            f"where nothing answers to them, relation = '{lacking}'",
        )


def _criteria(edition: Framework) -> Mapping[str, tuple[str, str]]:
    """Give each criterion's Benchmark and text by its id."""
    return {
        criterion.id: (benchmark.id, criterion.text)
        for benchmark in edition.benchmarks
        for criterion in benchmark.criteria
    }


@cache
def _shipped() -> dict[str, Crosswalk]:
    read = [parse_crosswalk(toml, name=name) for name, toml in read_shipped("crosswalks").items()]
    return {crosswalk.id: crosswalk for crosswalk in read}
