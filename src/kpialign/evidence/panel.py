"""The figures a rule looks at, and which of them may be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kpialign.evidence.state import Floats
from kpialign.terms import Status


@dataclass(frozen=True)
class Panel:
    """One indicator over a full run of calendar months, for units or ties.

    Attributes:
        columns: the units or ties, in order.
        values: shape (months, columns).
        status: shape (months, columns), the words of `Status`.
        events: event regressors by id, each (months,) or (months, columns).

    Raises:
        ValueError: the shapes do not fit, or a reported value is not a number.
    """

    columns: tuple[str, ...]
    values: Floats
    status: NDArray[np.str_]
    events: Mapping[str, Floats] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.values.shape != self.status.shape or self.values.shape[1] != len(self.columns):
            raise ValueError(
                f"{len(self.columns)} columns, values {self.values.shape}, "
                f"status {self.status.shape}: expected (months, columns) for both"
            )
        if not np.isfinite(self.values[self.status == Status.REPORTED]).all():
            raise ValueError("a value is marked reported but is not a number")

    @property
    def reported(self) -> Floats:
        """The values where they were reported, NaN elsewhere: the only way to read them.

        >>> status = np.array([["suppressed"], ["reported"]])
        >>> Panel(("A",), np.array([[0.0], [7.0]]), status).reported.tolist()
        [[nan], [7.0]]
        """
        return np.where(self.status == Status.REPORTED, self.values, np.nan)

    def months(self, first: int, last: int) -> "Panel":
        """Give the months from number `first` up to, not with, `last`."""
        span = slice(first, last)
        cut = {name: regressor[span] for name, regressor in self.events.items()}
        return Panel(self.columns, self.values[span], self.status[span], cut)
