-- Impossible jumps: from last month to this one a figure changed much more than this
-- organisation's figures do, and more than it did in the same months a year ago, both beyond
-- what its peers saw. The scale is the organisation's own median change. A file none of whose
-- figures has the months this takes is told as skipped.
WITH limits AS (
    SELECT
        s.series,
        l.months,
        l.deviations,
        ln(l.times) AS far,
        l.least
    FROM check_limit AS l
    INNER JOIN known_series AS s ON l.about = s.item
    WHERE l.code = 'KG-113' AND l.kind = 'item'
),

far AS (
    SELECT
        n.*,
        l.deviations,
        l.far,
        l.months
    FROM beyond_peers AS n
    INNER JOIN limits AS l ON n.series = l.series
    WHERE n.file_id IS NOT NULL AND abs(n.beyond) > l.far AND greatest(n.value, n.before) >= l.least
),

usual AS (
    SELECT
        h.shown_from,
        h.series,
        count(*) AS changes,
        1.4826 * median(abs(h.change)) AS deviation
    FROM known_change AS h
    SEMI JOIN far AS r ON h.shown_from = r.shown_from AND h.series = r.series
    GROUP BY h.shown_from, h.series
),

jump AS (
    SELECT
        n.*,
        y.value AS value_then,
        y.before AS before_then,
        CASE
            WHEN sign(n.beyond) <> sign(n.beyond - y.beyond) THEN 0
            ELSE least(abs(n.beyond), abs(n.beyond - y.beyond))
        END AS size,
        u.deviation
    FROM far AS n
    INNER JOIN beyond_peers AS y
        ON n.shown_from = y.shown_from AND n.series = y.series AND n.month = y.month + 12
    INNER JOIN usual AS u
        ON n.shown_from = u.shown_from AND n.series = u.series AND u.changes >= n.months - 1
),

asked_of AS (
    SELECT DISTINCT k.file_id
    FROM known_figure AS k
    INNER JOIN limits AS l ON k.series = l.series
    INNER JOIN (
        SELECT
            shown_from,
            series,
            count(*) AS months
        FROM known_figure
        GROUP BY shown_from, series
    ) AS m ON k.shown_from = m.shown_from AND k.series = m.series AND m.months >= l.months
    WHERE k.file_id IS NOT NULL
)

SELECT
    f.name AS file,
    v.sheet,
    v.row,
    d.heading AS "column",
    regexp_replace(CAST(j.value AS VARCHAR), '[.]0$', '') AS value,
    s.organisation,
    c.period,
    'found ' || regexp_replace(CAST(j.value AS VARCHAR), '[.]0$', '') || ' after '
    || regexp_replace(CAST(j.before AS VARCHAR), '[.]0$', '') || ' the month before; a year earlier '
    || regexp_replace(CAST(j.value_then AS VARCHAR), '[.]0$', '') || ' after '
    || regexp_replace(CAST(j.before_then AS VARCHAR), '[.]0$', '') AS message,
    'warn' AS outcome
FROM jump AS j
INNER JOIN known_series AS s ON j.series = s.series
INNER JOIN staged_file AS f ON j.file_id = f.file_id
INNER JOIN calendar AS c ON j.month = c.month
INNER JOIN staged_value AS v
    ON
        j.file_id = v.file_id
        AND s.role = v.role
        AND s.organisation = v.organisation
        AND c.period = v.period
        AND s.item = v.item
INNER JOIN column_heading AS d
    ON v.file_id = d.file_id AND v.sheet = d.sheet AND v.position = d.position
WHERE j.size > j.far AND j.size > j.deviations * j.deviation
UNION ALL
SELECT
    f.name AS file,
    '' AS sheet,
    CAST(NULL AS BIGINT) AS row,
    '' AS "column",
    '' AS value,
    '' AS organisation,
    '' AS period,
    'no new figure of which ' || CAST(t.months AS INTEGER) || ' months are known' AS message,
    'skipped' AS outcome
FROM staged_file AS f
CROSS JOIN (SELECT min(l.months) AS months FROM limits AS l) AS t
ANTI JOIN asked_of AS k ON f.file_id = k.file_id
WHERE t.months IS NOT NULL
ORDER BY ALL
