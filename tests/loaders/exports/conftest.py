import pytest


@pytest.fixture
def save(tmp_path):
    def save_as(name, said):
        file = tmp_path / name
        file.write_bytes(said if isinstance(said, bytes) else said.encode())
        return file

    return save_as
