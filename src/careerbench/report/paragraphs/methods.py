"""``methods``: what a methods section says of a result, from what the result itself carries."""

from __future__ import annotations

import re
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from careerbench import __version__
from careerbench.disclosure import Release, Released
from careerbench.errors import BadArgumentError
from careerbench.report.facts import load_words
from careerbench.report.paragraphs.releases import release_parts, released_parts
from careerbench.report.paragraphs.words import Column, Count, listed, words_of
from careerbench.result import Result

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CITE = re.compile(r"\[@([a-z_0-9]+)\]")
_CITES = re.compile(r"(?:\[@[a-z_0-9]+\] ?)+(?<! )")
_LEAD = re.compile(r"^[a-z0-9_]+(?:(?:,| to| and)? [a-z0-9_]+)*(?: '[^']*')?:")
_PACKAGES = ("numpy", "pandas", "scipy")
_STEP = "methods"
_TITLES = ("Data.", "Estimation.", "Uncertainty.", "Many comparisons.", "Limits.", "Software.")


def methods(result: Result | Release) -> str:
    """Write the paragraph that a methods section needs of a result.

    Parameters
    ----------
    result : Result or Release
        A record of ``careerbench.analysis``, a ``Released`` table or a ``Release``.

    Returns
    -------
    str
        Plain text: data (n, waves, edition), estimation (denominators, what is missing),
        uncertainty, many comparisons, limits, software with versions; then the references that it
        cites, a line each.

    Raises
    ------
    BadArgumentError
        If there are no words for this kind of record.

    Notes
    -----
    Every number comes from the record. What the record does not carry is said to be not recorded:
    the versions of a result's software are those installed when the paragraph is written, those of
    a release are those it was built with. References are those of the estimators' docstrings.

    Examples
    --------
    >>> import pandas as pd
    >>> from careerbench.analysis import achieved_shares
    >>> scores = pd.DataFrame({"school_urn": ["1", "2"], "benchmark": "p1"})
    >>> said = methods(achieved_shares(scores.assign(state=["achieved", "not achieved"])))
    >>> said.splitlines()[0][:90]
    'Data. The share of schools achieving each Benchmark was estimated. Each share rests on 2 s'
    >>> said.splitlines()[-1]
    'Wilson, E. B. (1927). J. American Statistical Association, 22(158), 209-212.'
    """
    if isinstance(result, Release):
        parts = release_parts(result)
    elif isinstance(result, Released):
        parts = [*released_parts(result), _software()]
    else:
        parts = _parts_of(result)
    lines = [f"{title} {text}" for title, text in zip(_TITLES, parts, strict=True) if text.strip()]
    text = " ".join(lines)
    cited = list(dict.fromkeys(_CITE.findall(text)))
    text = re.sub(r" \.", ".", _CITES.sub(_in_text, text))
    if not cited:
        return text
    return "\n".join([text, "", "References", *sorted(reference(key) for key in cited)])


def reference(key: str) -> str:
    """Write one reference out.

    Examples
    --------
    >>> reference("holm_1979")
    'Holm, S. (1979). Scandinavian J. of Statistics, 6(2), 65-70.'
    """
    said = load_words("paragraphs/references")[key]
    return f"{said['authors']} ({said['year']}). {said['in']}."


def facts_of(kind: str) -> dict[str, Any]:
    """Return the words for a kind of record, those it extends included."""
    known = load_words("paragraphs/methods")
    facts = dict(known[kind])
    if "extends" in facts:
        base = facts_of(facts.pop("extends"))
        words = {**base.get("words", {}), **facts.get("words", {})}
        return {**base, **facts, "words": words}
    return facts


def _parts_of(result: Result) -> list[str]:
    """Write the six parts of a result's paragraph."""
    kind = type(result).__name__
    if not isinstance(result, Result) or kind not in load_words("paragraphs/methods"):
        raise BadArgumentError(
            f"{_STEP}: there are no words for a record of this kind.",
            found=kind,
            hint="a result of careerbench.analysis, a Released table or a Release",
        )
    facts = facts_of(kind)
    words = words_of(result, facts)
    data = [*_sentences(facts["data"], words, result), *_waves(result), *_edition(result, facts)]
    unknown = listed([*_unknown(result, facts)])
    data += [f"Not recorded: {unknown}."] if unknown else []
    return [
        " ".join(data),
        " ".join(_sentences(facts.get("estimation", ()), words, result)),
        " ".join(_sentences(facts.get("interval", ()), words, result)),
        _comparisons(result, facts, words),
        " ".join(_limits(result, facts, words)),
        _software(),
    ]


def _sentences(said: list[Any], words: Mapping[str, Any], result: Result) -> Iterator[str]:
    """Fill in the sentences that hold for this record."""
    for each in said:
        if isinstance(each, str):
            yield _filled(each, words)
        elif all(_holds(result, words, *pair) for pair in each["when"].items()):
            yield _filled(each["say"], words)


def _filled(sentence: str, words: Mapping[str, Any]) -> str:
    whole = sentence.format_map(words)
    return whole[0].upper() + whole[1:]


def _holds(result: Result, words: Mapping[str, Any], name: str, wanted: str) -> bool:
    """Tell whether a field is as a sentence wants it: there, not there, or of a value."""
    value = getattr(result, name, words.get(name))
    if name in result.table and not hasattr(result, name):
        value = words[name]
    if wanted in {"*", ""}:
        there = (
            bool(value)
            if isinstance(value, Column | Count | int | str | tuple)
            else value is not None
        )
        return there == (wanted == "*")
    return str(value) == wanted


def _waves(result: Result) -> Iterator[str]:
    """Say which waves are in, where the sentences have not."""
    if not hasattr(result, "before") and "wave" in result.table:
        waves = [str(wave) for wave in result.table["wave"].dropna().unique()]
        yield f"The waves are {listed(waves)}." if len(waves) > 1 else f"The wave is {waves[0]}."


def _edition(result: Result, facts: Mapping[str, Any]) -> Iterator[str]:
    """Say the edition of the framework that schools were scored under."""
    named = _editions(result)
    if facts.get("edition") and named:
        known = _known_editions()
        said = [known.get(each, f"{each} (title not recorded)") for each in named]
        yield f"Schools were scored under {listed(said)}."


def _editions(result: Result) -> tuple[str, ...]:
    """Name the editions that the record or its table carries."""
    if "framework" in result.table:
        return tuple(str(each) for each in result.table["framework"].dropna().unique())
    return tuple(getattr(result, "framework", ()))


def _unknown(result: Result, facts: Mapping[str, Any]) -> Iterator[str]:
    """Name what the paragraph should say and the record does not carry."""
    has_waves = any(hasattr(result, name) for name in ("before", "waves"))
    if facts.get("waves", True) and not has_waves and "wave" not in result.table:
        yield "the wave"
    if facts.get("edition") and not _editions(result):
        yield "the edition of the framework under which schools were scored"


def _known_editions() -> dict[str, str]:
    """Name every edition that comes with careerbench, and say which are provisional."""
    from careerbench.frameworks import list_frameworks, load_framework

    return {
        each: f"{found.title} ({each}{', provisional' if found.provisional else ''})"
        for each in list_frameworks()["framework"]
        for found in [load_framework(each)]
    }


def _comparisons(result: Result, facts: Mapping[str, Any], words: Mapping[str, Any]) -> str:
    """Say whether the number of comparisons was allowed for."""
    if "comparisons" in facts:
        return _filled(facts["comparisons"], words)
    if getattr(result, "tests", ()) or "p" in result.table:
        return "The p-values are not corrected for the number of tests."
    bounds = any(str(name).endswith(("low", "low_pp")) for name in result.table)
    return (
        "Each interval speaks for its own row; none is widened for the number of rows."
        if bounds
        else "Nothing was tested."
    )


def _limits(result: Result, facts: Mapping[str, Any], words: Mapping[str, Any]) -> Iterator[str]:
    """Pass on the notes of the record that are about it as a whole, not about a column."""
    keep = tuple(facts.get("keep", ("",)))
    skip = tuple(each.format_map(words) for each in facts.get("skip", ()))
    for note in result.notes:
        if "_" in note or _LEAD.match(note) or not note.startswith(keep) or note.startswith(skip):
            continue
        yield note[0].upper() + note[1:]


def _software() -> str:
    """Name the software and its versions."""
    packages = [f"{name} {version(name)}" for name in _PACKAGES]
    python = f"Python {sys.version_info.major}.{sys.version_info.minor}"
    return (
        f"careerbench {__version__} with {listed(packages)}, on {python} (as installed when this "
        "was written; the record does not carry the versions it was computed with)."
    )


def _in_text(match: re.Match[str]) -> str:
    """Put a run of citations in brackets, as authors and years."""
    known = load_words("paragraphs/references")
    cited = [f"{known[key]['cite']} {known[key]['year']}" for key in _CITE.findall(match[0])]
    return f"({'; '.join(cited)})"
