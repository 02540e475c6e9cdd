"""The command line as its user calls it, within the tests' own process.

A process of its own costs seconds of imports; tests of what a process imports, and of two
processes at once, start one.
"""

import io
import os
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from kpialign.cli import main


@dataclass(frozen=True)
class Done:
    """What a command leaves: its exit code and what it said."""

    returncode: int
    stdout: str
    stderr: str


def run(*args: str, cwd: Path, **env: str) -> Done:
    """Call ``kpialign`` with arguments in a folder."""
    out, err = io.StringIO(), io.StringIO()
    with (
        chdir(cwd),
        patch.dict(os.environ, env),
        patch.object(sys, "argv", ["kpialign", *args]),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
    return Done(code, out.getvalue(), err.getvalue())
