"""What all definition models share: frozen, strict about keys, dated by month."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, model_validator

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


Identifier = Annotated[str, AfterValidator(_identifier)]
Month = Annotated[Period, BeforeValidator(_month)]
Fraction = Annotated[float, BeforeValidator(_fraction)]
"""A number, or one written as ``1/60``."""

OneOrMore = Annotated[tuple[str, ...], BeforeValidator(_as_list)]
