"""One audit on every engine; a real Spark on this machine.

With ``CAREERBENCH_REQUIRE_SPARK=1`` (as CI sets it) a missing Spark or Java fails the tests instead
of skipping them.
"""

import os
import shutil

import pandas as pd
import pytest

LAZY = ("polars_lazy", "duckdb", "spark")
ENGINES = ("polars", "pyarrow", *LAZY)
SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
    "spark.driver.memory": "1g",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.log.level": "ERROR",
    "spark.sql.session.timeZone": "UTC",
}


def missing(what):
    """Skip, or fail where Spark is required."""
    if os.environ.get("CAREERBENCH_REQUIRE_SPARK") == "1":
        pytest.fail(f"{what}, and CAREERBENCH_REQUIRE_SPARK is 1")
    pytest.skip(what)


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    """Start a real Spark in one process of this machine."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        missing("PySpark is not installed: uv sync --extra spark")
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        missing("there is no Java: Debian's openjdk-17-jre-headless")
    builder = SparkSession.builder.master("local[1]").appName("careerbench tests")
    home = str(tmp_path_factory.mktemp("spark"))
    for name, value in (SETTINGS | {"spark.sql.warehouse.dir": home}).items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


@pytest.fixture
def put_on(request):
    """Put a pandas frame on an engine: ``put_on("duckdb", frame)``."""
    import pyarrow as pa

    def put(engine, frame):
        table = pa.Table.from_pandas(frame, preserve_index=False)
        if engine == "spark":
            return request.getfixturevalue("spark").createDataFrame(table)
        if engine == "duckdb":
            import duckdb

            return duckdb.connect().from_arrow(table)
        if engine == "pyarrow":
            return table
        import polars as pl

        eager = pl.from_arrow(table)
        return eager.lazy() if engine == "polars_lazy" else eager

    return put


@pytest.fixture
def as_pandas():
    """Fetch a frame of any engine, in an order that does not depend on the engine."""
    import narwhals as nw

    def fetch(native):
        frame = nw.from_native(native)
        eager = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
        table = eager.to_pandas()
        keys = ["school_urn", "wave", "benchmark", "criterion", "respondent", "item"]
        sort = [name for name in keys if name in table]
        texts = dict.fromkeys(sort, "str")
        return pd.DataFrame(table.astype(texts).sort_values(sort, ignore_index=True))

    return fetch
