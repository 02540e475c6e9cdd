"""Frames as extracts: each becomes a Parquet file, and is read like any other."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpialign.errors import UsageError

if TYPE_CHECKING:
    import polars as pl


def is_frame(given: object) -> bool:
    """Whether it is a table in memory: of Polars, pandas, DuckDB or Arrow."""
    return hasattr(given, "__arrow_c_stream__") or hasattr(given, "collect_schema")


def write_frames(frames: Mapping[str, Any], folder: Path) -> tuple[Path, ...]:
    """Write each frame as ``<name>.parquet``.

    Raises:
        UsageError: a name cannot be a file's, or a frame cannot be turned into columns.
    """
    return tuple(_write(name, frame, folder) for name, frame in frames.items())


def _write(name: str, frame: Any, folder: Path) -> Path:
    file = name if name.endswith(".parquet") else f"{name}.parquet"
    if Path(file).name != file or "\\" in file or file.startswith((".", "~$")):
        raise UsageError(f"frame {name!r}: its name is shown as that of a file. Use a plain word.")
    try:
        _polars(frame).write_parquet(folder / file)
    except (ValueError, TypeError) as error:  # Arrow's and Polars' errors are among them
        raise _mixed(name, error) from error
    except Exception as error:
        if type(error).__module__.partition(".")[0] in ("polars", "pyarrow", "duckdb"):
            raise _mixed(name, error) from error
        raise
    return folder / file


def _mixed(name: str, error: Exception) -> UsageError:
    told = str(error).partition("\n")[0]
    return UsageError(
        f"frame {name!r}: could not be turned into columns of one kind each ({told}). "
        "Where numbers and words stand in one column, make it text."
    )


def _polars(frame: Any) -> pl.DataFrame:
    import polars as pl

    if isinstance(frame, pl.LazyFrame):
        return frame.collect()
    named = [name for name in getattr(getattr(frame, "index", None), "names", ()) if name]
    return pl.DataFrame(frame.reset_index() if named else frame)  # pandas keeps keys in its index
