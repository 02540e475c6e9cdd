-- A whole in the month told and a year before, over the bodies that gave their part in both.
WITH both_months AS (
    SELECT *
    FROM year_pair
    WHERE in_now AND in_before AND NOT share_moved
)

SELECT
    b.indicator,
    b.scope_level,
    b.scope,
    count(*) AS members,
    count(*) FILTER (WHERE b.trust) AS trusts,
    min(i.scale) * sum(b.share * b.numerator) / nullif(
        CASE
            WHEN min(i.denominator_kind) = 'parts' THEN sum(b.share * b.denominator)
            ELSE max(b.denominator)
        END,
        0
    ) AS value,
    min(i.scale) * sum(b.share * b.numerator_before) / nullif(
        CASE
            WHEN min(i.denominator_kind) = 'parts' THEN sum(b.share * b.denominator_before)
            ELSE max(b.denominator_before)
        END,
        0
    ) AS year_before
FROM both_months AS b
INNER JOIN indicator AS i ON b.indicator = i.indicator
GROUP BY b.indicator, b.scope_level, b.scope
