-- The newest month of a calendar that a database follows: was it published, or if it bears no
-- date read here, later than it was due?
WITH limits AS (
    SELECT
        about AS layout,
        value AS days
    FROM tolerance
    WHERE code = 'KG-117' AND kind = 'layout' AND name = 'days'
),

known AS (
    SELECT
        d.calendar,
        max(d.period) AS period
    FROM submission AS s
    INNER JOIN due AS d ON s.layout = d.layout AND s.period = d.period
    WHERE s.shown_from < DATE '9999-12-31'
    GROUP BY d.calendar
),

arrived AS (
    SELECT
        f.name,
        d.calendar,
        d.period,
        d.day AS due,
        coalesce(f.published_on, a.day) AS day,
        f.published_on IS NOT NULL AS dated,
        l.days
    FROM (SELECT DISTINCT file_id, period FROM staged_reading WHERE period IS NOT NULL) AS r
    INNER JOIN staged_file AS f ON r.file_id = f.file_id AND f.shown_from < DATE '9999-12-31'
    INNER JOIN due AS d ON f.layout = d.layout AND r.period = d.period
    INNER JOIN limits AS l ON f.layout = l.layout
    INNER JOIN known AS k ON d.calendar = k.calendar AND d.period > k.period
    CROSS JOIN audience AS a
    QUALIFY d.period = max(d.period) OVER (PARTITION BY d.calendar)
)

SELECT
    name AS file,
    '' AS sheet,
    CAST(NULL AS BIGINT) AS row,
    '' AS "column",
    CAST(day AS VARCHAR) AS value,
    '' AS organisation,
    period,
    CASE WHEN dated THEN 'published on ' ELSE 'bears no date and was read on ' END || day
    || ', ' || date_diff('day', due, day) || ' days after it was due (' || due || ')' AS message
FROM arrived
WHERE date_diff('day', due, day) > days
ORDER BY ALL
