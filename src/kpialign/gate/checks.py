"""The catalogue of checks: a stable code each, what it means, what to do, what it holds back.

Codes are never reused. ``KG-0..`` is asked of one row or one file by Great Expectations;
``KG-1..`` is a file of ``sql/checks``, which returns the rows that are wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kpialign.terms import GateOutcome


class Reach(StrEnum):
    """What a failure holds back: a whole file, an organisation's month in it, or nothing more.

    Nothing more, where what is wrong was already left out on reading.
    """

    FILE = "file"
    ROW = "row"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Check:
    """One check as ``explain`` prints it.

    Attributes:
        severity: the outcome when it does not hold.
        sql: the name of its file in ``sql/checks``, where it is one.
        numbers: the names of its tolerances.
    """

    code: str
    title: str
    means: str
    todo: str
    severity: GateOutcome = GateOutcome.FAIL
    reach: Reach = Reach.ROW
    sql: str = ""
    numbers: tuple[str, ...] = ()


ORGANISATION = Check(
    "KG-001",
    "Every row names its organisation",
    "A figure without an organisation can be credited to nobody.",
    "Give the organisation code in this row, or take the row out, and send the file again.",
)
MONTH = Check(
    "KG-002",
    "Every row names its month",
    "A figure without a month has no place in a series.",
    "Give the month in this row and send the file again.",
)
CALENDAR = Check(
    "KG-003",
    "The month is a calendar month",
    "Months are kept as YYYY-MM; anything else was not understood.",
    "Correct the month, or add its form to the layout's period.reads.",
)
FUTURE = Check(
    "KG-004",
    "The month is not in the future",
    "Figures for a month that has not begun are a typing error or a forecast.",
    "Correct the month; forecasts do not belong in an extract.",
)
ONE_ROW = Check(
    "KG-005",
    "One row for each organisation and month",
    "A second row for the same organisation and month would be counted twice, or hide the first.",
    "Send one row, or say in the layout which rows are totals.",
)
LEAST = Check(
    "KG-006",
    "No figure is below the least it can be",
    "Counts and times are numbers and not negative; an item may ask for more by its `least`.",
    "Correct the figure at its source and send the file again.",
)
WITHIN = Check(
    "KG-007",
    "The numerator lies within the denominator",
    "A share has a part that is neither below nothing nor above the whole it is taken from.",
    "Compare the columns named here with the source system; one of them is wrong.",
)
RANGE = Check(
    "KG-008",
    "The indicator lies within its range",
    "The indicator's definition says between which values it can be right (`quality.range`).",
    "Check the unit (seconds, minutes, fraction, percent) and the figures it is made of.",
)
WARNING = Check(
    "KG-009",
    "The indicator is below its warning level",
    "Above `quality.warn_above` the figures may still be used, but say how far they reach.",
    "Ask the organisation why; note the answer beside the finding it touches.",
    GateOutcome.WARN,
)
ROWS = Check(
    "KG-010",
    "The file has enough rows",
    "An empty or cut-off file passes every other check, because there is nothing to be wrong.",
    "Export the file again; lower the layout's `row_floor` if so few rows are right.",
    reach=Reach.FILE,
)
FIGURES = Check(
    "KG-011",
    "Every expected column has figures",
    "A column without one figure in the whole file is a broken export or a renamed heading, "
    "unless the item is optional or was not collected in those months.",
    "Export the file again; or say in the definitions that the item is optional or since when "
    "it is collected.",
    reach=Reach.FILE,
)
TOTALS = Check(
    "KG-101",
    "Printed totals equal the sum of their rows",
    "The publisher's own total is the control sum; where it differs, rows are missing or doubled.",
    "Compare the rows of the file with its total; ask the publisher if both look right.",
    reach=Reach.FILE,
    sql="totals_add_up",
)
AGREE = Check(
    "KG-102",
    "Rows for one organisation and month agree",
    "Two rows give different figures for one thing, and nothing says which holds.",
    "Ask the sender which row is right, and for the file with that one alone.",
    sql="rows_agree",
)
FIGURES_READ = Check(
    "KG-103",
    "Every figure can be read",
    "A cell that is neither a number nor a marker is rejected; the rest of its row is used.",
    "Correct the cell, or give its marker a meaning in the layout's `missing`.",
    GateOutcome.WARN,
    Reach.NOTHING,
    sql="figures_read",
)
ROWS_READ = Check(
    "KG-104",
    "Every row can be read",
    "A row without an organisation or a month, cut short or too wide, is rejected as a whole.",
    "Correct the row and send the file again; what it said is lost to every total.",
    reach=Reach.NOTHING,
    sql="rows_read",
)
FILES_AGREE = Check(
    "KG-105",
    "Files that cannot be put in order agree",
    "Two files give one figure differently and neither is dated later, so neither may hold.",
    "Say which is the later one (`--published FILE=DATE`), or take one away.",
    reach=Reach.FILE,
    sql="files_agree",
)
PARTS = Check(
    "KG-106",
    "Totals equal the sum of their parts",
    "The file prints an organisation's total beside its parts, such as specialties or tests; "
    "where they differ, a part is missing or doubled, or the total is of something else.",
    "Compare the organisation's rows in the file with its total; ask the publisher if both "
    "look right.",
    sql="parts_add_up",
)
SHARES = Check(
    "KG-109",
    "Shares of an organisation add up to 1",
    "A body that is shared out by other than its whole would be counted twice, or in part.",
    "Ask the publisher for the shares that are missing, or take the body out of the file.",
    sql="shares_add_up",
)

CELLS = Check(
    "KG-107",
    "Every cell is accounted for",
    "Cells that carry an item are counted a second way; each has to become a figure, a marked "
    "gap, a rejected cell or a repetition. Where one is missing or doubled, reading went wrong.",
    "Nothing is wrong with the file as far as is known: report it as a fault of kpialign.",
    reach=Reach.FILE,
    sql="cells_add_up",
)

HEADINGS = Check(
    "KG-108",
    "Headings stand above the figures",
    "Rows above the headings are titles and are set aside; figures there mean that the rows of "
    "the file were put in another order.",
    "Put the row of headings on top, or ask for the file as it was published.",
    reach=Reach.FILE,
    sql="headings_first",
)

SENT_AGAIN = Check(
    "KG-110",
    "No month is another month's file sent again",
    "Most organisations repeat, figure by figure, what they sent for another month: the file of "
    "that month went out under a new date, or its month was said wrongly. Of a file of many "
    "months that month alone is held back.",
    "Ask the publisher for the file of the month; correct `--period` if it was said by hand.",
    sql="month_sent_again",
    numbers=("share", "bodies"),
)
REPEATED = Check(
    "KG-111",
    "An organisation's month is not another month again",
    "All figures of an organisation that are not small are those of another month of its own.",
    "Ask the organisation which of the two months it means.",
    GateOutcome.WARN,
    sql="figures_sent_again",
    numbers=("least", "figures"),
)
UNITS = Check(
    "KG-112",
    "The unit is the one it was",
    "The indicator stands to the organisation's other months as one unit to another (60, 3600, "
    "or 100 for a percentage). It warns where it is the median that so stands to the peers'.",
    "Ask the sender in which unit the column is: seconds, minutes, percent or a fraction.",
    sql="units_kept",
    numbers=("months", "peers", "steady", "share", "near"),
)
JUMP = Check(
    "KG-113",
    "No figure jumps beyond its own history",
    "The change from the month before is many times what is usual for this organisation, and so "
    "is its difference from the change a year ago; what peers saw is taken out. Asked where two "
    "years are known.",
    "Ask the organisation what changed: a service that opened or closed, a column, a definition.",
    GateOutcome.WARN,
    sql="figures_jump",
    numbers=("months", "deviations", "times", "least", "peers"),
)
AGAIN = Check(
    "KG-114",
    "A figure does not stay the same month after month",
    "Counts move; one that stays was often copied forward or estimated.",
    "Ask the organisation whether it counted in these months.",
    GateOutcome.WARN,
    sql="same_again",
    numbers=("months", "least"),
)
NOTHING = Check(
    "KG-115",
    "Nothing is not reported where peers have many",
    "At the middle share of its peers the organisation would have had many within a year, and it "
    "reports none in most months: a question about recording.",
    "Ask the organisation how it records this; if nothing is recorded, it is not a zero.",
    GateOutcome.WARN,
    sql="zero_alone",
    numbers=("months", "known", "zero", "left", "peers", "expected"),
)

EVERYONE = Check(
    "KG-116",
    "Who reported in the months before is there",
    "A file speaks for a whole month, and an organisation that reported in each of the months "
    "before has no figure in it: whoever stops sending must not look like an improvement.",
    "Ask the organisation; if it was succeeded or closed, say so in succession.csv or "
    "organisations.csv of the workspace.",
    GateOutcome.WARN,
    sql="everyone_there",
    numbers=("months",),
)
IN_TIME = Check(
    "KG-117",
    "A month comes when it is due",
    "The newest month of a publication calendar was published, or read here, later than the "
    "calendar says. The first files of a database are not asked.",
    "Nothing is wrong with the figures; see that what waits for them still stands.",
    GateOutcome.WARN,
    sql="in_time",
    numbers=("days",),
)
NOTICE = Check(
    "KG-118",
    "A revised figure says that it is one",
    "The file gives a figure of a published month otherwise than the file before it, and is "
    "neither dated later nor called a revision. The figure is taken all the same.",
    "Ask the publisher which holds; `--published FILE=DATE` says which file is the later one.",
    GateOutcome.WARN,
    sql="revised_with_notice",
)
COLUMNS = Check(
    "KG-119",
    "The columns are those of the layout and of the month before",
    "An optional column that the last file had is not there, or one that the layout does not know "
    "is filled: it may have been renamed. Their order does not matter. A file without a column "
    "that the layout needs is refused on reading, with the nearest heading.",
    "Add the new heading to the layout beside the old one, or ask for the column.",
    GateOutcome.WARN,
    sql="columns_kept",
)

FLOW = Check(
    "KG-120",
    "A stock closes as it opened, with what came in and without what went out",
    "The item's `flow` names what makes the stock. Where they disagree beyond what is known to go "
    "unreported, one of the figures is of something else.",
    "Compare the columns with last month's file; ask the organisation what else left the list.",
    GateOutcome.WARN,
    sql="stock_and_flow",
    numbers=("share", "count"),
)
ONE_ITEM = Check(
    "KG-121",
    "Two layouts that give one item mean the same",
    "The figures of many organisations differ between files of two layouts: two definitions, or "
    "two clocks, stand under one name. Both are read; the later one holds.",
    "Give the figures of one layout an item of their own, and say what it starts and stops at.",
    GateOutcome.WARN,
    Reach.NOTHING,
    sql="layouts_agree",
    numbers=("bodies", "share"),
)

TOTALS_THERE = Check(
    "KG-122",
    "The printed total is there",
    "The layout knows a total of England, and no row of the sheet is one: the file was cut off, "
    "or a part of it was sent. Without it nothing tells whether all rows came.",
    "Export the file again. If its publisher prints no total any more, take `totals` out of a copy "
    "of the layout among your own definitions.",
    reach=Reach.FILE,
    sql="totals_there",
)
ZEROS = Check(
    "KG-123",
    "A column does not turn to zeros",
    "Every organisation reports 0 in a column in which many had figures the month before.",
    "Export the file again; ask the publisher whether the column is still collected.",
    sql="column_of_zeros",
    numbers=("bodies", "least"),
)
NAMES = Check(
    "KG-124",
    "Names are written in whole letters",
    "Letters of a name were written in one encoding and read in another, or cut in two. Figures "
    "are counted by code, and stand.",
    "Save the file as UTF-8 once, from its source.",
    GateOutcome.WARN,
    Reach.NOTHING,
    sql="names_read",
)

CHECKS = {
    check.code: check
    for check in (
        *(ORGANISATION, MONTH, CALENDAR, FUTURE, ONE_ROW, LEAST, WITHIN, RANGE, WARNING),
        *(ROWS, FIGURES, TOTALS, AGREE, FIGURES_READ, ROWS_READ, FILES_AGREE, PARTS),
        *(CELLS, HEADINGS, SHARES, SENT_AGAIN, REPEATED, UNITS, JUMP, AGAIN, NOTHING),
        *(EVERYONE, IN_TIME, NOTICE, COLUMNS, FLOW, ONE_ITEM, TOTALS_THERE, ZEROS, NAMES),
    )
}
