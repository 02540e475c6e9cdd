"""What a run says: readings, gate results, findings, system values, and the outcome.

All are frozen. Tables are Polars frames; their columns are listed on :class:`Tables`.
"""

from kpialign.findings.calibration import Calibration
from kpialign.findings.composites import (
    BandStep,
    Coherence,
    CompositeDoubt,
    CompositeMove,
    CompositePart,
    CompositeStep,
    CompositeValue,
    PartPair,
)
from kpialign.findings.data import (
    FAULTS,
    CellCount,
    CheckResult,
    DataIssue,
    FileReading,
    Gated,
    GateVerdict,
    Revision,
    no_faults,
)
from kpialign.findings.evidence import (
    ArrowResult,
    Citation,
    Divergence,
    Estimate,
    EvidenceStep,
    Finding,
    Lead,
    TieEstimate,
)
from kpialign.findings.exemptions import Exemption
from kpialign.findings.facts import EventMark, Expected, Unpublished
from kpialign.findings.learned import Change, Learned, StepSeen
from kpialign.findings.ledger import Ledger, LedgerStage, StageLoss, StageMeasure
from kpialign.findings.movement import Movement, MovementStep
from kpialign.findings.narratives import Narrative, NarrativeKind
from kpialign.findings.outcome import Outcome, Tables
from kpialign.findings.shapes import Look, Seen, Shape, Stakes
from kpialign.findings.wholes import (
    LikeForLike,
    ProcessState,
    SystemValue,
    TargetState,
    TargetStep,
    WholeLine,
)

__all__ = [
    "FAULTS",
    "ArrowResult",
    "BandStep",
    "Calibration",
    "CellCount",
    "Change",
    "CheckResult",
    "Citation",
    "Coherence",
    "CompositeDoubt",
    "CompositeMove",
    "CompositePart",
    "CompositeStep",
    "CompositeValue",
    "DataIssue",
    "Divergence",
    "Estimate",
    "EventMark",
    "EvidenceStep",
    "Exemption",
    "Expected",
    "FileReading",
    "Finding",
    "GateVerdict",
    "Gated",
    "Lead",
    "Learned",
    "Ledger",
    "LedgerStage",
    "LikeForLike",
    "Look",
    "Movement",
    "MovementStep",
    "Narrative",
    "NarrativeKind",
    "Outcome",
    "PartPair",
    "ProcessState",
    "Revision",
    "Seen",
    "Shape",
    "StageLoss",
    "StageMeasure",
    "Stakes",
    "StepSeen",
    "SystemValue",
    "Tables",
    "TargetState",
    "TargetStep",
    "TieEstimate",
    "Unpublished",
    "WholeLine",
    "no_faults",
]
