"""What every test may use: the sample study, and the public files beside the project."""

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
def shared_data():
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the public files (shared/data beside the project) are not here")
    return folder
