-- sent_month
-- Months in which a trust, or a body of unknown kind, sent any figure of an area.
SELECT DISTINCT
    d.organisation,
    d.role,
    split_part(d.item, '.', 1) AS area,
    d.period,
    c.month
FROM data_item AS d
INNER JOIN calendar AS c ON d.period = c.period
INNER JOIN organisation_type AS t
    ON d.organisation = t.organisation AND d.role = t.role AND t.trust
WHERE d.status = 'reported'
