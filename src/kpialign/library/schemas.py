"""JSON Schemas of definition files, for editors that complete and check while one types.

They say what a file may hold; what fits together across files only :mod:`crosscheck` knows.
"""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from kpialign.errors import UsageError, did_you_mean
from kpialign.library.load import MODELS


def schema(kind: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a file in the folder of one kind.

    Raises:
        UsageError: no kind of definition is kept in a folder of that name.
    """
    if kind not in MODELS:
        hint = did_you_mean(kind, MODELS) or f"Kinds: {', '.join(MODELS)}."
        raise UsageError(f"no kind of definition is called {kind!r}. {hint}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **TypeAdapter(MODELS[kind]).json_schema(),
        "title": f"kpialign {kind}",
    }
