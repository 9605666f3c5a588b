import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis.configuration import set_hypothesis_home_dir

from careerbench.frameworks import AnswerScale

set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "careerbench-hypothesis")

DATA = Path(__file__).parents[2].parent / "shared" / "data"


@pytest.fixture
def save(tmp_path):
    def save_as(name, said):
        file = tmp_path / name
        file.write_bytes(said if isinstance(said, bytes) else said.encode())
        return file

    return save_as


@pytest.fixture(scope="session")
def real():
    def find(name):
        file = DATA / name
        if not file.exists():
            pytest.skip(f"the real file {name} is not on this machine")
        return file

    return find


@pytest.fixture
def framework():
    """One item for the school, one by year group, on one scale."""
    scale = AnswerScale(
        name="s",
        answers=("yes", "no"),
        meets=("yes",),
        missing=("dk",),
        labels={"yes": "Fully in place", "no": "no", "dk": "dk"},
    )
    items = {
        "b1_1": SimpleNamespace(text="Is there a plan?", scale="s", by_year_group=False),
        "b1_2": SimpleNamespace(text="Who met an employer?", scale="s", by_year_group=True),
    }
    return SimpleNamespace(id="fake", items=items, scales={"s": scale})
