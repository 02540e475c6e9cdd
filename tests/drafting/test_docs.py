"""The keys that docs/layouts.md shows are those there are."""

import re
from pathlib import Path
from typing import Any

from kpialign.definitions.layouts import Layout, NotReportedRule, Table
from kpialign.library.reader import read

TEXT = (Path(__file__).parents[2] / "docs" / "layouts.md").read_text("utf-8")


def blocks() -> list[Any]:
    found = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    documents = [read("docs/layouts.md", block.encode()) for block in found]
    assert [faults for _, faults in documents if faults] == []
    return [document.value for document, _ in documents]


def test_every_example_is_a_layout_or_a_part_of_one() -> None:
    whole, zeros, tables, *parts = blocks()
    (rule,) = zeros["not_reported"]
    NotReportedRule.model_validate(rule)
    (table,) = tables["tables"]
    Layout.model_validate({**whole, "tables": [table]})
    for part in parts:
        without = {k: v for k, v in table.items() if k not in ("items", "optional")}
        some = {} if "long" in part or "items" in part else {"items": table["items"]}
        Table.model_validate({**without, **some, **part})
    assert len(parts) == 3


def test_every_key_is_told() -> None:
    for model in (Layout, Table):
        for name, field in model.model_fields.items():
            assert re.search(rf"\b{field.alias or name}\b", TEXT), name
