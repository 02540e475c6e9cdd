"""A sheet's batches put together, as the tests look at them."""

import polars as pl

from kpialign.extracts.document import Sheet
from kpialign.extracts.landing import Landed


def rows_of(sheet: Sheet) -> list[list[str]]:
    return [
        [cell for cell in cells if cell is not None]
        for batch in sheet.batches()
        for _, *cells in batch.rows()
    ]


def numbers_of(sheet: Sheet) -> list[int]:
    return [number for batch in sheet.batches() for number in batch["row"]]


def records_of(landed: Landed) -> pl.DataFrame:
    return pl.concat(landed.records(), how="diagonal")
