-- Parts by the body that answers today: merged organisations add up over their whole past.
-- A month counts as reported only when everybody expected in it reported.
SELECT
    o.indicator,
    n.now AS organisation,
    o.role,
    o.period,
    min(o.scale) AS scale,
    CASE
        WHEN bool_and(o.state IN ('reported', 'no_activity')) THEN sum(o.numerator)
    END AS numerator,
    CASE
        WHEN NOT bool_and(o.state IN ('reported', 'no_activity')) THEN NULL
        WHEN min(o.denominator_kind) = 'parts' THEN sum(o.denominator)
        ELSE max(o.denominator)
    END AS denominator
FROM expected_part AS o
INNER JOIN organisation_now AS n ON o.organisation = n.organisation AND o.role = n.role
GROUP BY o.indicator, n.now, o.role, o.period
