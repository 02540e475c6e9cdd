-- Members of a whole that are expected and did not give their part, and why.
SELECT
    p.indicator,
    s.scope_level,
    s.scope,
    p.period,
    p.organisation,
    p.role,
    p.state,
    y.trust
FROM expected_part AS p
INNER JOIN scope_member AS s
    ON p.organisation = s.organisation AND p.role = s.role AND p.period = s.period
INNER JOIN organisation_type AS y ON p.organisation = y.organisation AND p.role = y.role
WHERE p.state NOT IN ('reported', 'no_activity')
