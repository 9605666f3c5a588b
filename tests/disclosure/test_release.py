"""One release of a study: what it shows, what it keeps, and what a reader of the file can find."""

import dataclasses
import zipfile

import numpy as np
import pandas as pd
import pytest

from careerbench import disclosure
from careerbench.disclosure import populations
from careerbench.errors import DisclosureError

ITEMS = ("pu_jobs", "pu_learning")


def narrowed(pilot, n_schools=5, waves=("baseline",), items=ITEMS, **plan):
    """The sample study with few schools and questions, so that a release takes a moment."""
    survey = pilot.surveys["pupils"]
    scale = dataclasses.replace(
        survey.scale,
        items=tuple(item for item in survey.scale.items if item.id in items),
        minimum_answered=1,
    )
    schools = sorted(pilot.schools["school_urn"])[:n_schools]
    rows = survey.responses
    rows = rows[
        rows["school_urn"].isin(schools) & rows["wave"].isin(waves) & rows["item"].isin(items)
    ]
    mine = dataclasses.replace(survey, responses=rows, scale=scale)
    return dataclasses.replace(
        pilot,
        surveys={"pupils": mine},
        release=dataclasses.replace(pilot.release, **plan),
    )


@pytest.fixture(scope="module")
def few(pilot):
    return narrowed(pilot, characteristics=("year_group", "sex"))


@pytest.fixture(scope="module")
def release(few):
    return disclosure.build_release(few)


@pytest.fixture
def saved(release, tmp_path):
    return release.save(tmp_path / "pilot.release")


def truth(study, population, cell):
    """Count one cell from the base of its population."""
    here = np.ones(len(population.base), dtype=bool)
    for name in population.base.columns.drop("n"):
        if cell[name] != "All":
            here &= (population.base[name] == cell[name]).to_numpy()
    return population.base["n"].to_numpy()[here].sum()


def test_every_shown_count_is_the_count_of_its_cell(few, release):
    cells = release.cells()
    checked = 0
    for population in populations.populations_of(few):
        mine = cells[
            (cells["topic"] == population.topic)
            & (cells["item"] == population.item)
            & (cells["wave"] == population.wave)
            & (cells["measure"] == "count")
            & cells["value"].notna()
        ]
        told = [name for name in ("la_name", "school_urn", "answer") if name in mine]
        absent = [name for name in told if name not in population.base]
        mine = mine[(mine[absent] == "All").all(axis=1)]
        for cell in mine.to_dict("records"):
            assert cell["value"] == truth(few, population, cell)
            checked += 1
    assert checked > 500


def test_a_hidden_cell_is_blank_with_a_reason_and_a_shown_one_has_none(release):
    cells = release.cells()
    assert set(cells["reason"]) == {"", "c"}
    assert (cells["value"].isna() == (cells["reason"] == "c")).all()
    pupils = cells[(cells["unit"] == "pupils") & (cells["measure"] == "count")]
    assert pupils["value"].min() >= 10, "no count below the threshold, zero included"


def test_an_attacker_finds_no_small_count_of_pupils(few, release, attacker):
    cells = release.cells().rename(columns={"reason": "value_reason"})
    paths = [("region_name", "la_name", "school_urn"), ("key_stage", "year_group"), "sex",
             "answer_group"]  # fmt: skip
    looked_at = 0
    for population in populations.populations_of(few):
        if population.unit != "pupils" or "school_urn" not in population.base:
            continue
        mine = cells[
            (cells["topic"] == population.topic) & (cells["item"] == population.item)
            & (cells["measure"] == "count")
        ]  # fmt: skip
        chosen = paths[:-1] if population.sums is not None else paths
        mine = mine[mine["answer"] == "All"]
        enemy = attacker(
            mine.rename(columns={"value": "n", "value_reason": "n_reason"}),
            population.base, chosen,
        )  # fmt: skip

        def sensitive(cell, true, every=chosen):
            answers = "answer_group" in every and cell["answer_group"] != "All"
            return true < 10 and (true > 0 or answers)

        assert enemy.narrow(sensitive, 10) == []
        looked_at += 1
    assert looked_at == len(ITEMS) + 1


def test_a_size_hidden_for_one_question_is_hidden_for_all_and_its_answers_too(release):
    cells = release.cells()
    cells = cells[(cells["topic"] == "pupils") & cells["item"].isin(ITEMS)]
    place = ["wave", "region_name", "la_name", "school_urn", "key_stage", "year_group", "sex"]
    size = (cells["answer_group"] == "All") & (cells["answer"] == "All")
    hidden = cells[size & (cells["reason"] == "c")][place].drop_duplicates()
    there = cells.merge(hidden, on=place)
    assert len(hidden) > 10
    assert (there["reason"] == "c").all()


def test_a_mean_is_shown_only_beside_shown_answers_and_never_near_an_end(release):
    cells = release.cells()
    means = cells[(cells["measure"] == "mean") & cells["value"].notna()]
    place = ["wave", "region_name", "la_name", "school_urn", "key_stage", "year_group", "sex"]
    answers = cells[cells["item"].isin(ITEMS)].merge(means[place], on=place)
    assert len(means) > 3
    assert (answers["reason"] == "").all()
    assert means["value"].between(1.05, 3.95).all()
    assert (means["value"] * 10 % 1).round(6).isin([0, 1]).all(), "one decimal"


def test_the_mean_is_that_of_the_scores(few, release):
    from careerbench.scoring import score_scale

    survey = few.surveys["pupils"]
    cells = release.cells()
    top = cells[(cells["measure"] == "mean") & (cells["region_name"] == "All")
                & (cells["year_group"] == "All") & (cells["key_stage"] == "All")
                & (cells["sex"] == "All")]  # fmt: skip
    scores = score_scale(survey.responses, survey.scale)["score"]
    assert top["value"].tolist() == [pytest.approx(scores.mean(), abs=0.05)]


def test_what_is_saved_is_what_is_opened(release, saved):
    opened = disclosure.open_release(saved, fingerprint=release.fingerprint)
    pd.testing.assert_frame_equal(opened.cells(), release.cells())
    assert opened.title == release.title
    assert opened.notes == release.notes
    assert repr(opened) == repr(release)


def test_two_builds_of_one_study_are_the_same_file(few, saved, tmp_path):
    again = disclosure.build_release(few).save(tmp_path / "again.release")
    assert again.read_bytes() == saved.read_bytes()


def test_the_file_holds_no_respondent_and_no_value_of_a_hidden_cell(few, saved):
    ids = set(few.surveys["pupils"].responses["respondent"])
    with zipfile.ZipFile(saved) as archive:
        content = b"".join(archive.read(name) for name in archive.namelist())
        cells = pd.read_parquet(archive.open("cells.parquet"))
    assert not [name for name in ids if name.encode() in content]
    assert cells.loc[cells["reason"] == "c", "value"].isna().all()
    assert not {"n", "own", "hidden", "scored"} & set(cells.columns)


@pytest.mark.parametrize("place", [40, 0.3, 0.6, 0.9, -30])
def test_a_changed_byte_is_noticed(saved, place):
    content = bytearray(saved.read_bytes())
    at = place if isinstance(place, int) else int(len(content) * place)
    content[at] ^= 0xFF
    saved.write_bytes(bytes(content))
    with pytest.raises(DisclosureError, match="cannot be used"):
        disclosure.open_release(saved)


@pytest.mark.parametrize("keep", [0, 10, 1000, -1])
def test_a_cut_file_is_refused(saved, keep):
    saved.write_bytes(saved.read_bytes()[:keep])
    with pytest.raises(DisclosureError, match="cannot be used"):
        disclosure.open_release(saved)


def rewritten(path, change):
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members = change(members)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


@pytest.mark.parametrize(
    "change",
    [
        lambda members: {**members, "more.parquet": b"x"},
        lambda members: {name: members[name] for name in members if name != "log.parquet"},
        lambda members: {**members, "cells.parquet": members["schools.parquet"]},
        lambda members: {**members, "manifest.json": b"{}"},
        lambda members: {name: members[name] for name in members if name != "manifest.json"},
    ],
)
def test_an_exchanged_member_is_noticed(saved, change):
    rewritten(saved, change)
    with pytest.raises(DisclosureError, match="cannot be used"):
        disclosure.open_release(saved)


def test_another_release_than_the_announced_is_refused(saved):
    with pytest.raises(DisclosureError, match="not the release that was announced"):
        disclosure.open_release(saved, fingerprint="0" * 64)


def test_a_file_that_is_not_there_says_how_to_make_one(tmp_path):
    with pytest.raises(DisclosureError, match="careerbench release"):
        disclosure.open_release(tmp_path / "none.release")


def test_the_same_study_against_its_release_gives_the_same_cells(few, release):
    again = disclosure.build_release(few, against=[release])
    pd.testing.assert_frame_equal(again.cells(), release.cells())


def test_late_answers_of_a_released_wave_are_not_released_with_it(pilot, few, release):
    late = narrowed(pilot, n_schools=6, characteristics=("year_group", "sex"))
    second = disclosure.build_release(late, against=[release])
    old, new = release.cells(), second.cells()
    pupils = [cells[cells["topic"] == "pupils"].reset_index(drop=True) for cells in (old, new)]
    pd.testing.assert_frame_equal(*pupils)
    assert second.log()["decision"].str.contains("answers have changed").sum() >= 1


def test_a_deeper_cut_reveals_nothing_together_with_the_first(pilot, few, release, attacker):
    deeper = narrowed(
        pilot, characteristics=("year_group", "sex"),
        depth={"programme": 3, "region_name": 2, "la_name": 2, "school": 2},
    )  # fmt: skip
    second = disclosure.build_release(deeper, against=[release])
    keys = [name for name in release.cells() if name not in {"value", "reason"}]
    both = second.cells().merge(release.cells(), on=keys, how="outer", suffixes=("", "_old"))
    both["value"] = both["value"].fillna(both["value_old"])
    mine = both[(both["item"] == "pu_jobs") & (both["answer"] == "All")]
    assert len(mine) > (release.cells()["item"] == "pu_jobs").sum() / 2
    population = next(
        each for each in populations.populations_of(few)
        if each.item == "pu_jobs" and "school_urn" in each.base
    )  # fmt: skip
    mine = mine.assign(n=mine["value"], n_reason=np.where(mine["value"].isna(), "c", ""))
    enemy = attacker(
        mine, population.base,
        [("region_name", "la_name", "school_urn"), ("key_stage", "year_group"), "sex",
         "answer_group"],
    )  # fmt: skip
    assert enemy.narrow(lambda _cell, true: 0 < true < 10, 10) == []


def test_a_new_wave_is_released_beside_the_earlier_one(pilot, few, release):
    later = narrowed(pilot, waves=("baseline", "year_1"), characteristics=("year_group", "sex"))
    second = disclosure.build_release(later, against=[release]).cells()
    first = release.cells()
    assert set(second.loc[second["topic"] == "pupils", "wave"]) == {"baseline", "year_1"}
    same = [
        cells[(cells["wave"] == "baseline") & (cells["topic"] == "pupils")].reset_index(drop=True)
        for cells in (first, second)
    ]
    pd.testing.assert_frame_equal(*same)


def test_counts_of_few_schools_are_hidden_unless_schools_results_are_released(pilot):
    closed = disclosure.build_release(narrowed(pilot, school_results=False, n_schools=2)).cells()
    counts = closed[(closed["unit"] == "schools") & closed["value"].notna()]
    assert counts["value"].min() >= 3
    assert (counts["school_urn"] == "All").all()


def test_schools_results_are_there_when_the_study_says_so(few, release):
    cells = release.cells()
    own = cells[(cells["unit"] == "schools") & (cells["school_urn"] != "All")]
    scores = few.scores()
    assert len(own) == len(scores)
    assert (own["value"] == 1).all()
    assert "released" in " ".join(release.notes)


def test_the_policy_can_be_named_and_is_printed_with_the_release(few):
    looser = disclosure.build_release(few, "dfe")
    assert looser.manifest["policy"]["id"] == "dfe"
    assert looser.notes[0].startswith("Policy dfe")
    assert looser.cells()["value"].notna().sum() > 0


def test_a_policy_that_alters_figures_makes_no_release(few):
    with pytest.raises(DisclosureError, match="alters figures"):
        disclosure.build_release(few, "rounding-10")


def test_a_study_in_which_nobody_is_left_to_show_gives_an_honest_empty_release(pilot):
    one = narrowed(pilot, n_schools=1, school_results=False)
    cells = disclosure.build_release(one).cells()
    pupils = cells[(cells["topic"] == "pupils") & (cells["school_urn"] != "All")]
    assert pupils["value"].isna().mean() > 0.5


def test_a_category_called_all_is_refused(few):
    rows = few.surveys["pupils"].responses.assign(sex="All")
    survey = dataclasses.replace(few.surveys["pupils"], responses=rows)
    with pytest.raises(DisclosureError, match="stands for a margin"):
        disclosure.build_release(dataclasses.replace(few, surveys={"pupils": survey}))


def test_a_number_that_a_school_went_by_before_is_no_school_of_the_release(release):
    assert "900007" not in set(release.schools()["school_urn"])
    assert "900007" not in set(release.cells()["school_urn"])
    assert "900071" in set(release.schools()["school_urn"])


def test_a_folder_is_no_release_and_is_told_what_to_do_first(tmp_path):
    with pytest.raises(DisclosureError, match="found: a folder") as refused:
        disclosure.open_release(tmp_path)
    assert "careerbench release FOLDER" in refused.value.hint
