"""What every test may use: the sample study, and the public files beside the project."""

import dataclasses
from pathlib import Path

import pytest
from hypothesis import settings

# no test is timed: machines are shared, and a first import takes longer than any deadline
settings.register_profile("house", deadline=None)
settings.load_profile("house")

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def sample_folder():
    return ROOT / "data_samples"


@pytest.fixture(scope="session")
def pilot(sample_folder):
    from careerbench.study import open_study

    return open_study(sample_folder)


@pytest.fixture(scope="session")
def small_pilot(pilot):
    """The sample study with twelve schools' answers to two questions, so that it is released fast."""
    survey, items = pilot.surveys["pupils"], ("pu_jobs", "pu_learning")
    schools, rows = sorted(pilot.schools["school_urn"])[:12], survey.responses
    mine = dataclasses.replace(
        survey,
        responses=rows[rows["school_urn"].isin(schools) & rows["item"].isin(items)],
        scale=dataclasses.replace(
            survey.scale,
            items=tuple(item for item in survey.scale.items if item.id in items),
            minimum_answered=1,
        ),
    )
    plan = dataclasses.replace(pilot.release, characteristics=("year_group", "sex"))
    return dataclasses.replace(pilot, surveys={"pupils": mine}, release=plan)


@pytest.fixture(scope="session")
def small_release(small_pilot):
    """Everything that may be seen of ``small_pilot``: read it, never change it."""
    from careerbench.disclosure import build_release

    return build_release(small_pilot)


@pytest.fixture(scope="session")
def shared_data():
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the public files (shared/data beside the project) are not here")
    return folder
