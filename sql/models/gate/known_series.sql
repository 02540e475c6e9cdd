-- Every organisation's item at hand, numbered, so that five million figures are joined by number.
SELECT
    row_number() OVER (ORDER BY role, organisation, item) AS series,
    dense_rank() OVER (ORDER BY role, organisation) AS body,
    role,
    organisation,
    item,
    split_part(item, '.', 1) AS area
FROM (
    SELECT
        role,
        organisation,
        item
    FROM staged_value
    UNION
    SELECT
        role,
        organisation,
        item
    FROM ledger_figure
)
