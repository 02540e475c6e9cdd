-- The same figure month after month: the last month of a run that is staged tells it.
WITH limits AS (
    SELECT
        s.series,
        l.months,
        l.least
    FROM check_limit AS l
    INNER JOIN known_series AS s ON l.about = s.item
    WHERE l.code = 'KG-114' AND l.kind = 'item'
),

again AS (
    SELECT
        a.shown_from,
        a.series,
        a.month,
        a.value,
        a.file_id,
        l.months,
        a.month - row_number() OVER (
            PARTITION BY a.shown_from, a.series, a.value ORDER BY a.month
        ) AS run
    FROM known_figure AS a
    INNER JOIN known_figure AS b
        ON
            a.shown_from = b.shown_from
            AND a.series = b.series
            AND a.month = b.month + 1
            AND a.value = b.value
    INNER JOIN limits AS l ON a.series = l.series
    WHERE a.value >= l.least
),

told AS (
    SELECT
        series,
        value,
        file_id,
        month,
        months,
        count(*) OVER run_of + 1 AS times
    FROM again
    WINDOW run_of AS (PARTITION BY shown_from, series, value, run)
    QUALIFY month = max(month) OVER run_of
)

SELECT
    f.name AS file,
    v.sheet,
    v.row,
    d.heading AS "column",
    regexp_replace(CAST(t.value AS VARCHAR), '[.]0$', '') AS value,
    s.organisation,
    c.period,
    'the same figure for ' || t.times || ' months: was it copied forward?' AS message
FROM told AS t
INNER JOIN known_series AS s ON t.series = s.series
INNER JOIN staged_file AS f ON t.file_id = f.file_id
INNER JOIN calendar AS c ON t.month = c.month
INNER JOIN staged_value AS v
    ON
        t.file_id = v.file_id
        AND s.role = v.role
        AND s.organisation = v.organisation
        AND c.period = v.period
        AND s.item = v.item
INNER JOIN column_heading AS d
    ON v.file_id = d.file_id AND v.sheet = d.sheet AND v.position = d.position
WHERE t.times >= t.months
ORDER BY ALL
