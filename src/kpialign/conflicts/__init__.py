"""Rules judged on series: what was declared, weighed over all ties, put into words."""

from kpialign.conflicts.judge import Judged, judge
from kpialign.conflicts.network import Network, Shift

__all__ = ["Judged", "Network", "Shift", "judge"]
