-- Months each area of items (ae, amb…) has reported figures for, so that holes have names.
SELECT DISTINCT
    split_part(item, '.', 1) AS area,
    period
FROM data_item
WHERE status = 'reported'
