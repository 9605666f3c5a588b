"""``build_release``: everything of a study that may be seen, protected and audited as one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from careerbench.checks import require_several, said
from careerbench.disclosure.against import Book
from careerbench.disclosure.axes import ALL
from careerbench.disclosure.labels import labels_of
from careerbench.disclosure.manifest import manifest_of
from careerbench.disclosure.means import with_means
from careerbench.disclosure.parse import Policy
from careerbench.disclosure.people import (
    crowds_of,
    hidden_by_sizes,
    with_empty_groups,
)
from careerbench.disclosure.policy import load_policy
from careerbench.disclosure.populations import (
    BENCHMARKS,
    Population,
    areas_of,
    current_schools,
    populations_of,
    school_states,
)
from careerbench.disclosure.protecting import KEY, MARKS, as_counted
from careerbench.disclosure.questions import Question, protect_questions
from careerbench.disclosure.release import Release
from careerbench.errors import BadArgumentError, DisclosureError, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import pandas as pd

    from careerbench.study import Study

_FIRST = ("topic", "item", "wave")
_LAST = ("answer_group", "answer", "unit", "measure", "value", "reason")


def build_release(
    study: Study,
    policy: str | Path | Policy | None = None,
    *,
    against: Sequence[Release] = (),
    progress: Callable[[int, int, str], object] | None = None,
    workers: int | None = None,
) -> Release:
    """Build the one set of tables of a study that may be seen.

    Parameters
    ----------
    study : Study
        Its ``[release]`` table in ``study.toml`` says what crosses with what.
    policy : str, Path or Policy, optional
        What must not be seen. Default: what the study names, else ``"default"`` (fewer than 10
        hidden, zeros protected).
    against : sequence of Release
        Earlier releases of the study. What they show stays shown and what they hide stays hidden;
        a question whose answers have changed since then is taken over as it was released.
    progress : callable, optional
        Called with the number of questions done, how many there are, and what comes next.
    workers : int, optional
        How many processes to use; they change the time it takes and nothing else. Default: as many
        as the machine has processors where the study is large, else this process alone.

    Returns
    -------
    Release
        ``release.cells()`` has a row per cell; ``release.save(path)`` writes the one file.

    Raises
    ------
    BadArgumentError
        If ``study`` is no study, or ``against`` no list of releases.
    DisclosureError
        If the policy is none of suppression, or something could not be proved safe.

    Notes
    -----
    Every question at every wave is one cube of geography, year groups, characteristics and answers,
    protected as ``protect_cells`` says. The size of a group that is hidden for one question of a
    survey is hidden for all of that wave. Every answer apart is released for regions and the
    programme, positive or not for schools and local authorities. A mean is released only where all
    answers at its place are shown: whatever can be worked out from means concerns groups whose
    answers are known to be safe. Waves are never added up.

    Two releases that count the same people in two ways give away those who came between. So a wave
    that was released is not counted again: later answers need a wave of their own.
    """
    against = _require_inputs(study, against)
    chosen = _policy(study, policy)
    book = Book(against)
    study = _released_surveys(study)
    study = _as_cut_before(study, against, book)
    populations = list(populations_of(study))
    populations = _ruled(populations, study, chosen, book)
    book.settle([each for each in populations if not _is_open(each, study)], chosen)
    parts = [as_counted(each, chosen) for each in populations if _is_open(each, study)]
    questions = _questions(populations, study, book)
    answers = protect_questions(questions, chosen, workers=workers)
    for number, question in enumerate(questions):
        if progress:
            progress(number, len(questions), question.name)
        parts.extend(book.take(next(answers)))
    if progress:
        progress(len(questions), len(questions), "putting it together")
    cells = _with_same_sizes(_together(parts), populations, study, book, chosen)
    if not chosen.zeros_always_shown:
        cells = with_empty_groups(cells, study)
    counted = [each for each in populations if not book.carries(each)]
    cells = with_means(cells, counted, chosen, study)
    if study.release.school_results:
        cells = _with_school_results(cells, study, book)
    cells = _finished(cells, book)
    return Release(
        manifest_of(study, chosen, book.proved, against, lost_by_level(cells)),
        {
            "cells": cells,
            "schools": _schools(study),
            "labels": labels_of(study),
            "log": book.to_frame(),
        },
        behind=book.behind,
    )


def _require_inputs(study: object, against: object) -> list[Release]:
    """Refuse what is no study, and earlier releases that are no list of releases."""
    if not all(hasattr(study, name) for name in ("release", "surveys", "framework")):
        raise BadArgumentError(
            "build_release: a study is needed.",
            found=said(study),
            hint="build_release(open_study('folder'))",
        )
    hint = "against=[open_release('earlier.release')]"
    earlier = require_several(against, name="against", step="build_release", hint=hint)
    for each in earlier:
        if not isinstance(each, Release):
            raise BadArgumentError(
                "build_release: against must hold releases.", found=said(each), hint=hint
            )
    return earlier


def _named_policy(study: Study, policy: str | Path | None) -> Policy:
    return load_policy(study.release.policy if policy is None else policy)


def _policy(study: Study, policy: str | Path | Policy | None) -> Policy:
    chosen = policy if isinstance(policy, Policy) else _named_policy(study, policy)
    if chosen.method != "suppression":
        raise DisclosureError(
            f"build_release: the policy '{chosen.id}' alters figures instead of hiding them.",
            found=chosen.method,
            hint="a policy of the method suppression; protect(table, policy=...) takes the others",
        )
    return chosen


def _released_surveys(study: Study) -> Study:
    """Leave out the surveys that the study does not release."""
    wanted = study.release.surveys
    if wanted is None:
        return study
    kept = {name: survey for name, survey in study.surveys.items() if name in wanted}
    return replace(study, surveys=kept)


def _as_cut_before(study: Study, against: Sequence[Release], book: Book) -> Study:
    """Slice a study also by what earlier releases slice it by, so that all is protected as one.

    Two cuts of the same people cross, whether or not one of them shows the crossing.
    """
    areas, characteristics = set(areas_of(study)), study.release.characteristics
    for release in against:
        crossing = release.manifest["crossing"]
        before = [name for name in crossing["characteristics"] if _is_cut(release, name)]
        gone = [name for name in before if not _is_known(study, name)]
        gone += [name for name in crossing["areas"] if name not in areas]
        if gone:
            raise DisclosureError(
                f"build_release: an earlier release is sliced by {quoted(gone)}, which the study "
                "does not have now: what both give away together cannot be checked.",
                found=f"characteristics {quoted(characteristics)}, areas {quoted(sorted(areas))}",
                hint="the columns under the names they had then",
            )
        more = [name for name in before if name not in characteristics]
        if more:
            book.note(f"sliced by {quoted(more)} too, as an earlier release is", 0)
        characteristics = (*characteristics, *more)
    return replace(study, release=replace(study.release, characteristics=characteristics))


def _is_cut(release: Release, name: str) -> bool:
    cells = release.tables["cells"]
    return name in cells and bool((cells[name] != ALL).any())


def _is_known(study: Study, name: str) -> bool:
    return any(name in survey.responses for survey in study.surveys.values())


def _ruled(
    populations: list[Population], study: Study, policy: Policy, book: Book
) -> list[Population]:
    """Leave out what the policy has no rule for: what nothing checked is not safe."""
    kept = [each for each in populations if each.unit in policy.threshold or _is_open(each, study)]
    for topic in dict.fromkeys(each.topic for each in populations if each not in kept):
        book.note(f"{topic}: not released, the policy has no rule for who is counted", 0)
    return kept


def _is_open(population: Population, study: Study) -> bool:
    """Say whether counts of schools follow from results that are released school by school."""
    return population.topic == BENCHMARKS and study.release.school_results


def _questions(populations: list[Population], study: Study, book: Book) -> list[Question]:
    """Put the forms of each question together, in order; what is carried over is not among them."""
    found: dict[tuple[str, ...], list[Population]] = {}
    for each in populations:
        if not _is_open(each, study) and not book.carries(each):
            found.setdefault(tuple(getattr(each, name) for name in KEY), []).append(each)
    return [book.question(forms) for forms in found.values()]


def _together(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Bring the parts together: a cell that stands in two is hidden if either hides it."""
    import pandas as pd

    if not parts:
        return pd.DataFrame(columns=[*KEY, "answer_group", "answer", *MARKS])
    whole = pd.concat(parts, ignore_index=True)
    names = [name for name in whole if name not in MARKS]
    whole[names] = whole[names].fillna(ALL).astype("str")
    by_cell = whole.groupby([*names, "scored"], sort=False)
    for mark in ("hidden", "own"):
        whole[mark] = by_cell[mark].transform("any")
    return whole.drop_duplicates([*names, "scored"], ignore_index=True)


def _with_same_sizes(
    cells: pd.DataFrame,
    populations: list[Population],
    study: Study,
    book: Book,
    policy: Policy,
) -> pd.DataFrame:
    """Hide a group's size for every question to the same people at a wave, if for one.

    Those who answer two questions are nearly the same people, so that one question's figures would
    otherwise tell the other's. Its answers are hidden with it. That holds beside a question that is
    taken over from an earlier release, too. A zero stays where a policy never hides one: it says
    nothing of the size.
    """
    if cells.empty:
        return cells
    whole = _together([cells, *book.carried_counts(study)])
    near = hidden_by_sizes(whole, populations, crowds_of(study))[: len(cells)]
    extra = near & ~cells["hidden"].to_numpy(bool)
    if policy.zeros_always_shown:
        extra &= cells["n"].to_numpy() > 0
    book.note("hidden because the group's size is hidden for another question", int(extra.sum()))
    return cells.assign(hidden=cells["hidden"] | extra)


def _with_school_results(cells: pd.DataFrame, study: Study, book: Book) -> pd.DataFrame:
    import pandas as pd

    own = school_states(study).assign(
        topic=BENCHMARKS, unit="schools", measure="count", value=1.0, hidden=False, own=False
    )
    book.note("each school's own Benchmark result, released by its name", len(own))
    return pd.concat([cells, own], ignore_index=True)


def _finished(cells: pd.DataFrame, book: Book) -> pd.DataFrame:
    """Drop every true value that is hidden, name the reasons, and order columns and rows."""
    import pandas as pd

    hidden, own = (cells[name].astype(bool).to_numpy() for name in ("hidden", "own"))
    somebody = cells["n"].gt(0).to_numpy()
    book.behind = {
        "for their own sake": int((hidden & own).sum()),
        "for the sake of others": int((hidden & ~own & somebody).sum()),
        "with nobody there": int((hidden & ~own & ~somebody).sum()),
    }
    book.note("hidden, for their own sake or for others'", int(hidden.sum()))
    out = cells.assign(value=cells["value"].mask(hidden), reason=np.where(hidden, "c", ""))
    out = pd.concat([out.drop(columns=list(MARKS[:-1])), *book.carried], ignore_index=True)
    middle = [name for name in out if name not in {*_FIRST, *_LAST}]
    order = [*_FIRST, *middle, *_LAST]
    texts = [name for name in order if name != "value"]
    out = out.reindex(columns=order)
    out[texts] = out[texts].astype("object").fillna(ALL).astype("str")
    out["value"] = out["value"].astype("float64")
    book.note("shown", int(out["value"].notna().sum()))
    return out.sort_values(texts, ignore_index=True)


def lost_by_level(cells: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Count cells shown and hidden for the programme, regions, local authorities and schools."""
    level = np.full(len(cells), "programme", dtype=object)
    for name, kind in (("region_name", "region"), ("la_name", "local authority"),
                       ("school_urn", "school")):  # fmt: skip
        if name in cells:
            level[(cells[name] != ALL).to_numpy()] = kind
    hidden = (cells["reason"] == "c").to_numpy()
    return {
        str(each): {"shown": int((~hidden & (level == each)).sum()),
                    "hidden": int((hidden & (level == each)).sum())}
        for each in dict.fromkeys(level)
    }  # fmt: skip


def _schools(study: Study) -> pd.DataFrame:
    names = ["school_urn", "school_name", *areas_of(study), "phase"]
    schools = current_schools(study)
    mine = [name for name in names if name in schools]
    return schools[mine].astype("str").sort_values("school_urn", ignore_index=True)
