"""The words an estimate may carry instead of a number, and the array types of this layer."""

from enum import StrEnum
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
Counts: TypeAlias = NDArray[np.int64]
Masked: TypeAlias = np.ma.MaskedArray[Any, np.dtype[np.float64]]


class State(StrEnum):
    """Whether a number could be worked out, and if not why."""

    ESTIMATED = "estimated"
    TOO_LITTLE_DATA = "too_little_data"
    NO_VARIATION = "no_variation"
    NOT_COMPARED = "not_compared"
