"""A workspace to begin with: settings to fill in, folders, and CSVs that have their headings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kpialign.errors import UsageError
from kpialign.extracts.workspace import (
    CHANGES,
    CHANGES_FILE,
    LINKS,
    MEMBERSHIP,
    NARRATIVE,
    NARRATIVE_FILE,
    ORGANISATIONS,
    SUCCESSION,
)
from kpialign.settings import CONFIG

_FACTS = {
    "links.csv": LINKS,
    "membership.csv": MEMBERSHIP,
    "organisations.csv": ORGANISATIONS,
    "succession.csv": SUCCESSION,
    CHANGES_FILE: CHANGES,
    NARRATIVE_FILE: NARRATIVE,
}
_KINDS = ("items", "layouts", "measures", "conflicts", "composites", "events")
_SETTINGS = """\
# What a run is asked to do; options on the command line stand before it.
# All that is left out has its default.

{system}  # what stands in front: a system, region or ambulance service
# database = "kpialign.duckdb"
# report = "report"

# [periods]  # months of files that carry none, by name or pattern
# "Incomplete-Provider-Feb25*.csv" = "2025-02"
"""


def make_workspace(folder: Path, system: str = "") -> Iterator[tuple[Path, bool]]:
    """Make what is not there yet: each file, and whether it was made; nothing is overwritten.

    Raises:
        UsageError: the folder is a file, or the system is no code.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is a file. Name a folder, new or there already.")
    if system and not (system.isalnum() and system.isascii()):
        raise UsageError(f"--system {system}: a code has letters and figures only, such as QRL.")
    for kind in _KINDS:
        (folder / "definitions" / kind).mkdir(parents=True, exist_ok=True)
    (folder / "exceptions").mkdir(exist_ok=True)
    told = f'system = "{system}"' if system else '# system = "QRL"'
    texts = {CONFIG: _SETTINGS.format(system=told)}
    texts |= {name: ",".join(columns) + "\n" for name, columns in _FACTS.items()}
    for name, text in texts.items():
        path = folder / name
        made = not path.exists()
        if made:
            path.write_text(text, "utf-8", newline="\n")
        yield path, made
