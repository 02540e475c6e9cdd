-- Months in which anybody reported an indicator, as windows are made of.
SELECT DISTINCT
    indicator,
    period
FROM unit_part
WHERE numerator IS NOT NULL AND denominator IS NOT NULL
