-- Impossible jumps: from last month to this one a figure changed much more than this
-- organisation's figures do, and more than it did in the same months a year ago, both beyond
-- what its peers saw. The scale is the organisation's own median change.
WITH limits AS (
    SELECT
        about AS item,
        max(value) FILTER (WHERE name = 'months') AS months,
        max(value) FILTER (WHERE name = 'deviations') AS deviations,
        max(value) FILTER (WHERE name = 'times') AS times,
        max(value) FILTER (WHERE name = 'least') AS least,
        max(value) FILTER (WHERE name = 'peers') AS peers
    FROM tolerance
    WHERE code = 'KG-113' AND kind = 'item'
    GROUP BY about
),

beside AS (
    SELECT
        *,
        lag(value) OVER own AS before,
        lag(month) OVER own AS month_before
    FROM known_figure
    WINDOW own AS (PARTITION BY shown_from, role, organisation, item ORDER BY month)
),

change AS (
    SELECT
        shown_from,
        role,
        organisation,
        item,
        month,
        file_id,
        value,
        before,
        ln((value + 0.5) / (before + 0.5)) AS change
    FROM beside
    WHERE month = month_before + 1 AND value >= 0 AND before >= 0
),

everyone AS (
    SELECT
        h.shown_from,
        h.role,
        h.item,
        h.month,
        median(h.change) AS change
    FROM change AS h
    INNER JOIN limits AS l ON h.item = l.item
    GROUP BY h.shown_from, h.role, h.item, h.month
    HAVING count(*) >= max(l.peers)
),

own AS (
    SELECT
        h.*,
        h.change - coalesce(e.change, 0) AS beyond
    FROM change AS h
    LEFT JOIN everyone AS e
        ON
            h.shown_from = e.shown_from
            AND h.role = e.role
            AND h.item = e.item
            AND h.month = e.month
),

usual AS (
    SELECT
        shown_from,
        role,
        organisation,
        item,
        count(*) AS months,
        1.4826 * median(abs(beyond)) AS deviation
    FROM own
    GROUP BY shown_from, role, organisation, item
),

jump AS (
    SELECT
        n.*,
        y.value AS value_then,
        y.before AS before_then,
        u.deviation,
        CASE
            WHEN sign(n.beyond) <> sign(n.beyond - y.beyond) THEN 0
            ELSE least(abs(n.beyond), abs(n.beyond - y.beyond))
        END AS size
    FROM own AS n
    INNER JOIN own AS y
        ON
            n.shown_from = y.shown_from
            AND n.role = y.role
            AND n.organisation = y.organisation
            AND n.item = y.item
            AND n.month = y.month + 12
    INNER JOIN usual AS u
        ON
            n.shown_from = u.shown_from
            AND n.role = u.role
            AND n.organisation = u.organisation
            AND n.item = u.item
    INNER JOIN limits AS l ON n.item = l.item
    WHERE n.file_id IS NOT NULL AND u.months >= l.months - 1
)

SELECT
    f.name AS file,
    v.sheet,
    v.row,
    d.heading AS "column",
    regexp_replace(CAST(j.value AS VARCHAR), '[.]0$', '') AS value,
    j.organisation,
    c.period,
    'found ' || regexp_replace(CAST(j.value AS VARCHAR), '[.]0$', '') || ' after '
    || regexp_replace(CAST(j.before AS VARCHAR), '[.]0$', '') || ' the month before; a year earlier '
    || regexp_replace(CAST(j.value_then AS VARCHAR), '[.]0$', '') || ' after '
    || regexp_replace(CAST(j.before_then AS VARCHAR), '[.]0$', '') AS message
FROM jump AS j
INNER JOIN limits AS l ON j.item = l.item
INNER JOIN staged_file AS f ON j.file_id = f.file_id
INNER JOIN calendar AS c ON j.month = c.month
INNER JOIN staged_value AS v
    ON
        j.file_id = v.file_id
        AND j.role = v.role
        AND j.organisation = v.organisation
        AND c.period = v.period
        AND j.item = v.item
INNER JOIN column_heading AS d
    ON v.file_id = d.file_id AND v.sheet = d.sheet AND v.position = d.position
WHERE
    j.size > ln(l.times)
    AND j.size > l.deviations * j.deviation
    AND greatest(j.value, j.before) >= l.least
ORDER BY ALL
