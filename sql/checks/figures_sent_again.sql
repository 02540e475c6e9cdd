-- An organisation whose figures of a month are all those of another month.
WITH limits AS (
    SELECT
        about AS layout,
        max(value) AS figures
    FROM tolerance
    WHERE code = 'KG-111' AND kind = 'layout' AND name = 'figures'
    GROUP BY about
)

SELECT
    f.name AS file,
    v.sheet,
    v.row,
    '' AS "column",
    r.equal || ' equal figures' AS value,
    r.organisation,
    n.period,
    'all ' || r.equal || ' figures of ' || n.period || ' are those of ' || o.period AS message
FROM resent AS r
INNER JOIN staged_file AS f ON r.file_id = f.file_id
INNER JOIN limits AS l ON f.layout = l.layout
INNER JOIN calendar AS n ON r.month = n.month
INNER JOIN calendar AS o ON r.as_in = o.month
INNER JOIN (
    SELECT
        file_id,
        role,
        organisation,
        period,
        min(sheet) AS sheet,
        min(row) AS row
    FROM staged_value
    GROUP BY file_id, role, organisation, period
) AS v
    ON
        r.file_id = v.file_id
        AND r.role = v.role
        AND r.organisation = v.organisation
        AND n.period = v.period
WHERE r.equal = r.figures AND r.equal >= l.figures
ORDER BY ALL
