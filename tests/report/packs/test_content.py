"""What packs say: everything is a function of shown cells, and what is hidden is said to be."""

import re
from decimal import ROUND_HALF_UP, Decimal

import pytest

from careerbench import report
from careerbench.errors import BadArgumentError, DisclosureError
from careerbench.report.packs.model import HIDDEN, Mean, Share, parts


def rounded(value):
    return int(Decimal(repr(value)).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def worked_out(number, cells):
    """Work a printed number out again from the released cells alone; None if any is hidden."""
    rows = cells.iloc[list(number.cells)]
    if (rows["reason"] != "").any() or rows["value"].isna().any():
        return None
    values = rows["value"].tolist()
    if number.kind == "count":
        return f"{int(values[0]):,}"
    if number.kind == "mean":
        return f"{values[0]:.1f}"
    if number.kind == "percent":
        return f"{rounded(100 * values[0] / values[1])}%"
    if number.kind == "tally":
        return str(len(values))
    if number.kind == "moves":
        return str(len(values) // 2)
    if number.kind == "state":
        return rows["answer"].iloc[0] if values == [1] else None
    before, after = 100 * values[0] / values[1], 100 * values[2] / values[3]
    points = rounded(round(after - before, 9))
    return f"+{points}" if points > 0 else f"−{-points}" if points < 0 else "0"


def test_every_number_of_every_pack_follows_from_shown_cells(every_pack, saved_release):
    cells = saved_release.cells()
    numbers = {number for pack in every_pack for number in pack.numbers() if number.is_shown}
    kinds = {number.kind for number in numbers}
    assert kinds == {"count", "mean", "percent", "tally", "moves", "state", "points"}
    wrong = [n for n in numbers if worked_out(n, cells) != n.text]
    assert wrong == []


def test_moves_are_counted_from_the_first_and_last_states_of_the_same_benchmark(
    every_pack, saved_release
):
    cells, order = saved_release.cells(), ["not achieved", "partial", "achieved"]
    moves = [
        s for p in every_pack for sec in p.sections for s in sec.said if s.id == "school-moved-up"
    ]
    assert moves
    for said in moves:
        rows = [cells.iloc[row] for row in said.numbers[0].cells]  # {up}, the first slot
        for before, after in zip(rows[::2], rows[1::2], strict=True):
            assert before["item"] == after["item"]
            assert before["wave"] < after["wave"]  # baseline, year_1, year_2
            assert order.index(before["answer"]) < order.index(after["answer"])


def test_a_percentage_stands_only_where_enough_answered(every_pack, saved_release):
    least = saved_release.manifest["policy"]["percentages"]["least"]
    values = saved_release.cells()["value"]
    percents = [n for pack in every_pack for n in pack.numbers() if n.kind == "percent"]
    assert percents
    assert min(values.iloc[n.cells[1]] for n in percents) >= least


def test_every_hidden_cell_of_a_table_says_hidden(source, saved_release):
    # found without the pack's own code: the school's hidden counts of positive answers
    cells = saved_release.cells()
    mine = cells[
        (cells["school_urn"] == "900001") & (cells["topic"] == "pupils")
        & (cells["answer_group"] == "positive") & (cells["answer"] == "All")
        & (cells["sex"] != "All")
    ]  # fmt: skip
    hidden = mine[mine["reason"] == "c"]
    assert len(hidden) > 0
    pack = report.school_pack(saved_release, "900001")
    table = next(t for t in pack.tables if t.id == "pupils-by-sex")
    by_place = {
        (row[0].split(" (positive")[0], row[1], column.heading): cell
        for row in table.rows
        for column, cell in zip(table.columns, row, strict=True)
    }
    for cell in hidden.itertuples():
        key = (
            source.word("item:pupils", cell.item),
            {"F": "Female", "M": "Male"}[cell.sex],
            source.waves[cell.wave],
        )
        assert by_place[key].text.startswith(HIDDEN)
        assert not by_place[key].percent.is_shown


def test_no_cell_of_any_table_is_blank_or_a_hidden_zero(every_pack):
    for pack in every_pack:
        for table in pack.tables:
            for row in table.rows:
                assert len(row) == len(table.columns)
                for cell in row:
                    assert (cell if isinstance(cell, str) else cell.text).strip()
                    for number in parts(cell):
                        assert number.is_shown or not re.search(r"\d", number.text)


def test_where_nothing_is_shown_in_a_slice_words_stand_in_its_place(every_pack):
    said = [word for pack in every_pack for s in pack.sections for word in s.words]
    assert (
        "By year group: every figure is hidden, at every wave and for every question. Groups are "
        "small, or showing one would give another away."
    ) in said


def test_every_section_that_hides_a_figure_says_in_words_why(every_pack):
    n_hiding = 0
    for pack in every_pack:
        for section in pack.sections:
            if any(n.kind == "hidden" for t in section.tables for _, _, n in t.numbers()):
                n_hiding += 1
                assert any(
                    "It must not be read as 0. A figure is hidden because few" in w
                    for w in section.words
                )
    assert n_hiding > 10


def test_a_school_without_an_audit_at_a_wave_says_so(every_pack, saved_release):
    cells = saved_release.cells()
    own = cells[(cells["topic"] == "benchmarks") & (cells["school_urn"] != "All")]
    n_waves = own.groupby("school_urn")["wave"].nunique()
    few = n_waves[n_waves < 3].index[0]
    pack = next(pack for pack in every_pack if pack.key == f"school-{few}")
    missing = set(saved_release.manifest["waves"]) - set(own[own["school_urn"] == few]["wave"])
    titles = [saved_release.manifest["waves"][wave] for wave in missing]
    said = [one.text for one in pack.sections[0].said]
    assert [f"There is no audit of this school at {title}." for title in titles] == [
        text for text in said if "no audit" in text
    ]
    table = pack.tables[0]
    columns = [n for n, c in enumerate(table.columns) if c.heading in titles]
    assert {row[n].text for row in table.rows for n in columns} == {"no result"}


def test_a_mean_is_printed_as_released_with_its_n(every_pack):
    means = [
        cell
        for pack in every_pack
        for table in pack.tables
        for row in table.rows
        for cell in row
        if isinstance(cell, Mean) and cell.is_shown
    ]
    assert means
    assert all(re.fullmatch(r"\d\.\d \(n [\d,]+\)", mean.text) for mean in means)


def test_the_trace_names_the_cells_of_every_number_in_the_tables(every_pack, saved_release):
    for pack in every_pack[:5]:
        numbers = [n for t in pack.tables for _, _, n in t.numbers() if n.is_shown]
        assert [row[3] for row in pack.trace] == [number.text for number in numbers]
        assert [row[9] for row in pack.trace] == [", ".join(map(str, n.cells)) for n in numbers]
    cells = saved_release.cells()
    table, row, _, printed, how, topic, question, _wave, where, rows = every_pack[1].trace[0]
    first = cells.iloc[int(rows)]
    assert (table, how) == ("benchmarks-by-wave", "the answer of the cell that says 1")
    assert (first["answer"], first["topic"], first["value"]) == (printed, topic.lower(), 1)
    assert question == row
    assert f"school_urn {first['school_urn']}" in where


def test_counts_of_schools_stand_beside_the_schools_own_state(answered):
    table = next(t for t in answered.tables if t.id == "area-by-state")
    assert [c.heading for c in table.columns] == [
        "Benchmark", "This school", "Achieved", "Partial", "Not achieved", "Not scored", "All",
    ]  # fmt: skip
    for row in table.rows:
        assert sum(cell.value for cell in row[2:6]) == row[6].value


def test_the_notes_say_edition_policy_fingerprint_version_and_limits(answered, saved_release):
    words = " ".join(answered.sections[-2].words)
    assert saved_release.fingerprint in words
    assert "ne-primary-2019, provisional: not known well enough to be cited" in words
    assert "careerbench 0." in words
    assert "default: Fewer than 10, zeros protected" in words
    assert "there is no comparison group" in words


@pytest.mark.parametrize("thing", ["pilot.release", None, object()])
def test_nothing_but_a_release_makes_a_pack(thing):
    with pytest.raises(BadArgumentError) as error:
        report.school_pack(thing, "900001")
    assert str(error.value) == (
        "school_pack: packs are written from a Release and from nothing else.\n"
        f"  found: type {type(thing).__name__}\n"
        "  try:   disclosure.open_release('study.release'), or disclosure.build_release(study)"
    )


def test_a_study_makes_no_pack(pilot):
    with pytest.raises(BadArgumentError, match="found: type Study"):
        report.programme_pack(pilot)


def test_a_school_that_the_release_does_not_name_is_refused(saved_release):
    with pytest.raises(BadArgumentError, match="names no school '800001'"):
        report.school_pack(saved_release, "800001")


def test_two_states_at_once_are_refused(changed):
    def twice(cells):
        own = (cells["school_urn"] == "900002") & (cells["topic"] == "benchmarks")
        row = cells[own & (cells["value"] == 1)].iloc[[0]].copy()
        row["answer"] = "achieved" if row["answer"].iloc[0] != "achieved" else "partial"
        import pandas as pd

        return pd.concat([cells, row], ignore_index=True)

    release = changed("cells", twice)
    with pytest.raises(DisclosureError, match="at once"):
        report.school_pack(release, "900002")
    assert report.school_pack(release, "900001").key == "school-900001"


def test_a_shown_count_that_is_not_whole_is_refused(changed):
    def halved(cells):
        own = (cells["school_urn"] == "900002") & (cells["topic"] == "benchmarks")
        cells.loc[cells[own].index[0], "value"] = 0.5
        return cells

    with pytest.raises(DisclosureError, match="not whole"):
        report.school_pack(changed("cells", halved), "900002")


def test_a_hidden_count_of_schools_is_hidden_in_table_chart_and_sentence(changed):
    def hide(cells):
        some = (cells["topic"] == "benchmarks") & (cells["school_urn"] == "All")
        some &= cells["answer"].isin(["achieved", "partial"])
        cells.loc[some, "value"] = float("nan")
        cells.loc[some, "reason"] = "c"
        return cells

    pack = report.programme_pack(changed("cells", hide))
    assert "standing" not in {chart.id for chart in pack.charts}
    table = next(t for t in pack.tables if t.id == "achieved-by-wave")
    shares = [cell for row in table.rows for cell in row if isinstance(cell, Share)]
    assert {share.text.split(" of ")[0] for share in shares} == {HIDDEN}
    assert all(row[-1].text == HIDDEN for row in table.rows)
    said = [s.id for s in (*pack.sections[0].said, *pack.sections[1].said)]
    assert said == []


def test_a_question_that_is_turned_round_says_which_answers_are_positive(changed, source):
    def turn(labels):
        labels.loc[len(labels)] = ["answer_group:pupils:pu_jobs", "positive", "Positive (No)"]
        return labels

    pack = report.programme_pack(changed("labels", turn))
    titles = [row[0] for t in pack.tables if t.id == "pupils-answers" for row in t.rows]
    assert [title for title in titles if title.endswith(" (positive here: No)")] == titles[:1]
    assert not any("positive here" in title for title in titles[1:])


def test_a_hidden_state_is_not_called_a_wave_without_an_audit(changed):
    def hide(cells):
        own = (cells["topic"] == "benchmarks") & (cells["school_urn"] == "900001")
        cells.loc[own, ["value", "reason"]] = [float("nan"), "c"]
        return cells

    pack = report.school_pack(changed("cells", hide), "900001")
    first = pack.sections[0]
    assert [said.id for said in first.said] == []
    assert {cell.text for row in first.tables[0].rows for cell in row[1:]} == {HIDDEN}


def test_a_release_without_results_of_single_schools_does_not_say_that_there_was_no_audit(changed):
    def drop(cells):
        own = (cells["topic"] == "benchmarks") & (cells["school_urn"] != "All")
        return cells[~own].reset_index(drop=True)

    pack = report.school_pack(changed("cells", drop), "900001")
    assert pack.sections[0].words[0].startswith("This release holds no Benchmark results of single")
    assert not any("audit of this school" in said.text for s in pack.sections for said in s.said)
    assert "standing" not in {chart.id for chart in pack.charts}


def test_of_one_wave_no_pack_tells_a_change(saved_release):
    from careerbench.disclosure import Release

    wave = next(iter(saved_release.manifest["waves"]))
    cells = saved_release.cells()
    release = Release(
        {**saved_release.manifest, "waves": {wave: saved_release.manifest["waves"][wave]}},
        {**saved_release.tables, "cells": cells[cells["wave"] == wave].reset_index(drop=True)},
        saved_release.fingerprint,
    )
    for pack in (report.programme_pack(release), report.school_pack(release, "900001")):
        section = next(s for s in pack.sections if s.title == "What changed")
        assert "no change can be told" in section.words[0]
        assert section.tables == section.said == ()
        assert not any("Change" in c.heading for table in pack.tables for c in table.columns)
