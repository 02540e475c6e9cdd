-- An organisation whose figures of a month are all those of another month of its own, where
-- not most of the file's organisations repeat that month.
WITH told AS (
    SELECT
        r.*,
        s.role,
        s.organisation
    FROM resent AS r
    INNER JOIN staged_file AS f ON r.file_id = f.file_id
    INNER JOIN check_limit AS l
        ON l.code = 'KG-111' AND l.kind = 'layout' AND f.layout = l.about
    INNER JOIN (SELECT DISTINCT body, role, organisation FROM known_series) AS s ON r.body = s.body
    ANTI JOIN month_again AS m
        ON r.file_id = m.file_id AND r.month = m.month AND r.as_in = m.as_in
    WHERE r.equal = r.figures AND r.equal >= l.figures
)

SELECT
    f.name AS file,
    min(v.sheet) AS sheet,
    min(v.row) AS row,
    '' AS "column",
    r.equal || ' equal figures' AS value,
    r.organisation,
    n.period,
    'all ' || r.equal || ' figures of ' || n.period || ' are those of ' || o.period AS message
FROM told AS r
INNER JOIN staged_file AS f ON r.file_id = f.file_id
INNER JOIN calendar AS n ON r.month = n.month
INNER JOIN calendar AS o ON r.as_in = o.month
INNER JOIN staged_value AS v
    ON
        r.file_id = v.file_id
        AND r.role = v.role
        AND r.organisation = v.organisation
        AND n.period = v.period
GROUP BY f.name, r.equal, r.organisation, n.period, o.period
ORDER BY ALL
