import tempfile
from pathlib import Path

import pytest
from hypothesis.configuration import set_hypothesis_home_dir

# pytest is told to skip no `.hypothesis` folder, and would warn of one beside the tests
set_hypothesis_home_dir(Path(tempfile.gettempdir(), "careerbench-hypothesis"))


@pytest.fixture
def save(tmp_path):
    def save_as(name, said):
        file = tmp_path / name
        file.write_bytes(said if isinstance(said, bytes) else said.encode())
        return file

    return save_as
