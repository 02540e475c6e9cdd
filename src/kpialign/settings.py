"""One ``Settings``: defaults, then ``kpialign.toml``, then the environment, then options."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from kpialign.errors import UsageError, did_you_mean
from kpialign.terms import Period, Release

CONFIG = "kpialign.toml"
PREFIX = "KPIALIGN_"


def _month(value: Any) -> Any:
    return Period.parse(value) if isinstance(value, str) else value


def _status(value: Any) -> Any:
    return Release.parse(value) if isinstance(value, str) else value


Month = Annotated[Period, BeforeValidator(_month)]
Status = Annotated[Release, BeforeValidator(_status)]
Audience = Literal["public", "internal"]


class Settings(BaseModel):
    """What a run is asked to do.

    Attributes:
        system: code of the system, region or service put in front; empty for England.
        database: the DuckDB file.
        report: the folder that the report, findings and charts are written to.
        workspace: folder with the user's own definitions and facts.
        boundaries: whether every month of a whole is counted with the places of the month told
            (``now``) or with its own (``then``).
        periods: file name, or a pattern of names, → month of files that carry none.
        status: file name, or a pattern of names, → status of what the file says.
        audience: ``public``, for what anybody may see, or ``internal``, for everything.
        process_rules: the rule set of process charts.
        disclosure: how small numbers are hidden in figures that are not published.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    system: str = ""
    database: Path = Path("kpialign.duckdb")
    report: Path = Path("report")
    workspace: Path = Path()
    boundaries: Literal["now", "then"] = "now"
    periods: dict[str, Month] = Field(default_factory=dict)
    status: dict[str, Status] = Field(default_factory=dict)
    audience: Audience = "public"
    process_rules: str = "mdc-2023"
    disclosure: Literal["nhs-digital", "ehrql", "none"] = "nhs-digital"

    @property
    def definitions(self) -> Path:
        """The folder of the user's own definitions."""
        return self.workspace / "definitions"

    @property
    def exceptions(self) -> Path:
        """The folder of what checks may not hold against some rows for a while."""
        return self.workspace / "exceptions"

    @property
    def pack(self) -> Path:
        """The folder the outputs go to; what is not for publication never lies among the rest."""
        if self.audience == "public":
            return self.report
        return self.report.with_name(f"{self.report.name}-not-for-publication")


def find_workspace(given: Path | None, extracts: Sequence[Path]) -> Path:
    """Return the workspace: the one given, else the current or the extracts folder that is one."""
    if given is not None:
        if not given.is_dir():
            raise UsageError(f"--workspace {given}: there is no such folder.")
        return given
    candidates = [Path(), *(path for path in extracts if path.is_dir())]
    return next((folder for folder in candidates if (folder / CONFIG).is_file()), Path())


def read_settings(
    workspace: Path, options: Mapping[str, Any], environ: Mapping[str, str] = os.environ
) -> Settings:
    """Gather the settings; later sources stand before earlier ones.

    Raises:
        UsageError: the file is no TOML, or names a setting that does not exist.
    """
    known = Settings.model_fields
    from_file = _read_toml(workspace / CONFIG)
    for key in from_file:
        if key not in known:
            raise UsageError(
                f"{workspace / CONFIG}: unknown setting {key!r}. {did_you_mean(key, known)}"
            )
    from_environ = {
        key: environ[PREFIX + key.upper()] for key in known if PREFIX + key.upper() in environ
    }
    given = {key: value for key, value in options.items() if value is not None}
    merged = {**from_file, **from_environ, **given, "workspace": workspace}
    try:
        return Settings(**merged)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise UsageError(f"setting {place}: {first['msg']}") from error


def _read_toml(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: is not valid TOML: {error}") from error
