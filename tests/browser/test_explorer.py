"""``careerbench demo`` in a real browser: each picker moves the numbers the library gives."""

import pytest

from careerbench import analysis, study
from careerbench.periods import show_year_group
from careerbench.result import show


@pytest.fixture
def explorer(page, address):
    page.goto(address)
    page.get_by_role("heading", level=1).wait_for()
    page.get_by_text("Showing All schools").wait_for()
    return page


def pick(page, label, words):
    page.get_by_label(label, exact=True).select_option(label=words)
    page.get_by_role("status").filter(has_text=words).wait_for()


def table(page, section):
    """Read a section's result table: its rows as lists of what is shown."""
    rows = page.locator(f"#{section} table").last.locator("tbody tr").all()
    return [row.locator("th, td").all_inner_texts() for row in rows]


def expected_shares(scores, labels):
    shares = analysis.achieved_shares(scores).to_frame()
    return [
        [
            labels[row.benchmark], str(row.n_schools), str(row.n_missing), str(row.n_achieved),
            *(show(value, ".0%") for value in (row.share, row.low, row.high)),
        ]
        for row in shares.itertuples()
    ]  # fmt: skip


def expected_means(pilot, **chosen):
    pupils = study.select(pilot.scale_scores("pupils"), **chosen)
    means = analysis.scale_means(pupils, by="year_group").to_frame()
    return [
        [
            show_year_group(row.year_group), str(row.n_respondents), str(row.n_missing), str(row.n_schools),
            *(show(value, ".2f") for value in (row.mean, row.low, row.high)),
        ]
        for row in means.itertuples()
    ]  # fmt: skip


def test_it_opens_on_the_last_wave_with_the_librarys_numbers(explorer, pilot):
    last = study.select(pilot.scores(), wave="year_2")
    assert table(explorer, "shares") == expected_shares(last, pilot.framework.labels)
    assert table(explorer, "means") == expected_means(pilot, wave="year_2")


def test_the_map_has_a_row_for_each_school_and_a_word_for_each_state(explorer, pilot):
    last = study.select(pilot.scores(), wave="year_2")
    assert explorer.locator("#heatmap tbody tr").count() == last["school_urn"].nunique()
    for state, n in last["state"].value_counts().items():
        assert explorer.locator(f'#heatmap td[title="{state}"]').count() == n


def test_picking_a_wave_moves_the_numbers(explorer, pilot):
    pick(explorer, "Wave", "Baseline")
    first = study.select(pilot.scores(), wave="baseline")
    assert table(explorer, "shares") == expected_shares(first, pilot.framework.labels)
    assert table(explorer, "means") == expected_means(pilot, wave="baseline")


def test_picking_a_benchmark_leaves_its_row(explorer, pilot):
    title = pilot.framework.labels["p5"]
    pick(explorer, "Benchmark", title)
    chosen = study.select(pilot.scores(), wave="year_2", benchmark="p5")
    assert table(explorer, "shares") == expected_shares(chosen, pilot.framework.labels)


def test_picking_a_year_group_scores_that_year(explorer, pilot):
    pick(explorer, "Year group", "Year 3")
    chosen = study.select(pilot.scores(year_group="3"), wave="year_2")
    assert table(explorer, "shares") == expected_shares(chosen, pilot.framework.labels)
    assert table(explorer, "means") == expected_means(pilot, wave="year_2", year_group="3")


def test_picking_a_school_leaves_its_answers(explorer, pilot):
    name = pilot.schools.set_index("school_urn")["school_name"]["900003"]
    pick(explorer, "School", f"{name} (900003)")
    chosen = study.select(pilot.scores(), wave="year_2", school_urn="900003")
    assert table(explorer, "shares") == expected_shares(chosen, pilot.framework.labels)
    assert table(explorer, "means") == expected_means(pilot, wave="year_2", school_urn="900003")
    assert explorer.locator("#heatmap tbody tr").count() == 1


def test_every_picture_has_words_and_every_picker_a_label(explorer):
    alts = [image.get_attribute("alt") for image in explorer.locator("section img").all()]
    assert len(alts) == 2
    assert all(alt.endswith(".") for alt in alts)
    for label in ("School", "Year group", "Benchmark", "Wave"):
        assert explorer.get_by_label(label, exact=True).count() == 1


def test_the_page_never_shows_a_respondents_row(explorer, pilot):
    shown = explorer.content()
    respondents = pilot.surveys["pupils"].responses["respondent"].unique()[:200]
    assert not any(respondent in shown for respondent in respondents)
