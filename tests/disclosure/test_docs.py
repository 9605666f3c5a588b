"""docs/disclosure.md: its examples run, its tables name what there is, and its defaults are those."""

import doctest
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from careerbench import disclosure
from careerbench.study.plan import ReleasePlan, read_plan

PAGE = Path(__file__).parents[2] / "docs" / "disclosure.md"
TEXT = PAGE.read_text(encoding="utf-8")


@pytest.fixture
def released(small_release, tmp_path, monkeypatch):
    """Save a release under the name that the page opens, and go there."""
    replace(small_release).save(tmp_path / "pilot.release")
    monkeypatch.chdir(tmp_path)


def test_the_examples_of_the_page_run(released):
    found = doctest.testfile(
        str(PAGE),
        module_relative=False,
        optionflags=doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL,
    )
    assert (found.failed, found.attempted) == (0, 18)


def test_the_release_table_of_the_page_is_the_default():
    said = tomllib.loads(re.search(r"```toml\n(.*?)```", TEXT, re.DOTALL)[1])["release"]
    faults = []
    assert read_plan(said, ["pupils"], faults) == ReleasePlan()
    assert (faults, set(said)) == ([], {"policy", "characteristics", "depth", "school_results"})


def test_the_table_of_policies_names_all_that_ship():
    table = TEXT.split("## Policies")[1].split("##")[0]
    assert [name for name in disclosure.list_policies()["policy"] if f"`{name}`" not in table] == []


def test_what_the_page_explains_of_a_certificate_is_in_it(small_release):
    table = TEXT.split("| in the certificate")[1].split("\n\n")[0]
    explained = re.findall(r"`(\w+)`", table)
    assert len(explained) == 7
    assert [key for key in explained if key not in small_release.certificate] == []
