"""Small look-up tables brought to the engine of the frame they are joined to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

if TYPE_CHECKING:
    import pandas as pd


def table_like(frame: nw.DataFrame, table: pd.DataFrame) -> nw.DataFrame:
    """Bring a small pandas table to the engine of ``frame``."""
    columns = {str(name): values.tolist() for name, values in table.items()}
    schema = nw.from_native(table, eager_only=True).schema
    return nw.from_dict(columns, schema, backend=frame.implementation)
