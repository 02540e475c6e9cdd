-- A file whose organisations mostly repeat, figure by figure, what they sent for another month.
-- A file of one month fails as a whole; of others, the organisations that repeat, in that month.
WITH months AS (
    SELECT
        file_id,
        count(DISTINCT period) AS months
    FROM staged_reading
    WHERE period IS NOT NULL
    GROUP BY file_id
),

told AS (
    SELECT
        m.*,
        n.period,
        m.repeating || ' of ' || m.bodies || ' organisations repeat for ' || n.period
        || ' their figures of ' || o.period || ' (' || m.equal
        || ' figures): was the file of that month sent again?' AS message
    FROM month_again AS m
    INNER JOIN calendar AS n ON m.month = n.month
    INNER JOIN calendar AS o ON m.as_in = o.month
)

SELECT
    f.name AS file,
    '' AS sheet,
    CAST(NULL AS BIGINT) AS row,
    '' AS "column",
    t.repeating || ' of ' || t.bodies AS value,
    '' AS organisation,
    '' AS period,
    t.message
FROM told AS t
INNER JOIN staged_file AS f ON t.file_id = f.file_id
INNER JOIN months AS m ON t.file_id = m.file_id AND m.months = 1
UNION ALL
SELECT
    f.name AS file,
    min(v.sheet) AS sheet,
    min(v.row) AS row,
    '' AS "column",
    r.equal || ' equal figures' AS value,
    v.organisation,
    t.period,
    t.message
FROM told AS t
INNER JOIN staged_file AS f ON t.file_id = f.file_id
INNER JOIN months AS m ON t.file_id = m.file_id AND m.months > 1
INNER JOIN resent AS r
    ON
        t.file_id = r.file_id
        AND t.month = r.month
        AND t.as_in = r.as_in
        AND r.equal = r.figures
INNER JOIN (SELECT DISTINCT body, role, organisation FROM known_series) AS s ON r.body = s.body
INNER JOIN staged_value AS v
    ON
        t.file_id = v.file_id
        AND s.role = v.role
        AND s.organisation = v.organisation
        AND t.period = v.period
GROUP BY f.name, r.equal, v.organisation, t.period, t.message
ORDER BY ALL
