"""Pure statistics: arrays in, frozen results out.

A missing answer has a named `State`; no result holds NaN. In the arrays that go in, NaN means
"not reported" and is never used.
"""

from kpialign.evidence.arrows import Arrows, arrows, linked_alone
from kpialign.evidence.association import Association, Interval, association
from kpialign.evidence.breaks import Split, split
from kpialign.evidence.bunching import Bunching, bunching
from kpialign.evidence.denominators import Jumps, jumps, parted
from kpialign.evidence.density import Density, Lean, density_test
from kpialign.evidence.design import shock, step_from
from kpialign.evidence.equivalence import no_meaningful_link
from kpialign.evidence.fdr import adjusted
from kpialign.evidence.gap import Gaps, gaps
from kpialign.evidence.influence import Press, press, total_effects
from kpialign.evidence.lead import Stepped, nearest_with_a_step
from kpialign.evidence.left import left_over
from kpialign.evidence.local import Local, beside_pool
from kpialign.evidence.mix import Mix, Reversal, mix
from kpialign.evidence.peers import Panel, Peers, leave_out_peers, sharing
from kpialign.evidence.placebo import StepRank, rank_step
from kpialign.evidence.pool import Pooled, pool, pool_slopes, random_effects
from kpialign.evidence.power import smallest_visible, smallest_visible_pooled
from kpialign.evidence.rank import Ranked, Standing, ranked, standing
from kpialign.evidence.recorders import Recorders, recorders
from kpialign.evidence.relabel import Relabelling, relabel
from kpialign.evidence.state import State
from kpialign.evidence.step import Step, step
from kpialign.evidence.sticking import (
    PeriodEnds,
    Repeats,
    Sticking,
    period_ends,
    repeats,
    sticking,
    trajectory_test,
)

__all__ = [
    "Arrows",
    "Association",
    "Bunching",
    "Density",
    "Gaps",
    "Interval",
    "Jumps",
    "Lean",
    "Local",
    "Mix",
    "Panel",
    "Peers",
    "PeriodEnds",
    "Pooled",
    "Press",
    "Ranked",
    "Recorders",
    "Relabelling",
    "Repeats",
    "Reversal",
    "Split",
    "Standing",
    "State",
    "Step",
    "StepRank",
    "Stepped",
    "Sticking",
    "adjusted",
    "arrows",
    "association",
    "beside_pool",
    "bunching",
    "density_test",
    "gaps",
    "jumps",
    "leave_out_peers",
    "left_over",
    "linked_alone",
    "mix",
    "nearest_with_a_step",
    "no_meaningful_link",
    "parted",
    "period_ends",
    "pool",
    "pool_slopes",
    "press",
    "random_effects",
    "rank_step",
    "ranked",
    "recorders",
    "relabel",
    "repeats",
    "sharing",
    "shock",
    "smallest_visible",
    "smallest_visible_pooled",
    "split",
    "standing",
    "step",
    "step_from",
    "sticking",
    "total_effects",
    "trajectory_test",
]
