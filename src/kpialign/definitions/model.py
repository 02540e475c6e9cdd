"""What all definition models share: frozen, strict about keys, dated by month."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetJsonSchemaHandler,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from kpialign.terms import Period


class Maturity(StrEnum):
    """How far a definition may be relied on."""

    DRAFT = "draft"
    TRIAL = "trial"
    STABLE = "stable"
    RETIRED = "retired"


class Definition(BaseModel):
    """A part of a definition file; unknown keys are refused unless they start with ``x_``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _drop_private_keys(cls, data: Any) -> Any:
        if isinstance(data, dict):
            return {k: v for k, v in data.items() if not str(k).startswith("x_")}
        return data

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        schema = handler(core)
        own = handler.resolve_ref_schema(schema)
        own["patternProperties"] = {"^x_": {}}
        own["description"] = str(own.get("description", "")).partition("\n\n>>>")[0]
        return schema


@dataclass(frozen=True, eq=False)
class AlsoWritten:
    """Shorter ways in which an author may write a value; its JSON Schema allows them too."""

    ways: list[JsonSchemaValue] = field(default_factory=list)

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        schema = handler(core)
        ways = self.ways or [schema["items"]]  # without any: one alone in place of a list
        return {"anyOf": [*ways, schema]}


def _fraction(value: Any) -> Any:
    found = re.fullmatch(r"(\d+)/(\d+)", value.strip()) if isinstance(value, str) else None
    return int(found[1]) / int(found[2]) if found and int(found[2]) else value


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else [value]


def _identifier(text: str) -> str:
    parts = text.split(".")
    if not all(part and part.replace("_", "").isalnum() and part == part.lower() for part in parts):
        raise ValueError("an id is dotted lower-case words, such as amb.handover.mean")
    return text


def _month(value: Any) -> Any:
    return Period.parse(value) if isinstance(value, str) else value


TEXT: JsonSchemaValue = {"type": "string"}
_T = TypeVar("_T")

Identifier = Annotated[str, AfterValidator(_identifier)]
Month = Annotated[
    Period,
    BeforeValidator(_month),
    PlainSerializer(str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}$", "title": "YYYY-MM"}),
]
Fraction = Annotated[
    float,
    BeforeValidator(_fraction),
    AlsoWritten([{"type": "string", "pattern": r"^\d+/\d+$"}]),
]
"""A number, or one written as ``1/60``."""

Several = Annotated[tuple[_T, ...], BeforeValidator(_as_list), AlsoWritten()]
"""A list, in place of which one may stand alone."""

OneOrMore = Several[str]
