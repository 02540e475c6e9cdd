-- Who sent anything at all in a month.
SELECT DISTINCT
    organisation,
    role,
    period
FROM data_item
