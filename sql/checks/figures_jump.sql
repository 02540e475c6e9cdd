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

change AS (
    SELECT
        a.shown_from,
        a.role,
        a.organisation,
        a.item,
        a.month,
        a.file_id,
        a.value,
        b.value AS before,
        ln((a.value + 0.5) / (b.value + 0.5)) AS change
    FROM known_figure AS a
    INNER JOIN known_figure AS b
        ON
            a.shown_from = b.shown_from
            AND a.role = b.role
            AND a.organisation = b.organisation
            AND a.item = b.item
            AND a.month = b.month + 1
    WHERE a.value >= 0 AND b.value >= 0
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

far AS (
    SELECT n.*
    FROM own AS n
    INNER JOIN limits AS l ON n.item = l.item
    WHERE
        n.file_id IS NOT NULL
        AND abs(n.beyond) > ln(l.times)
        AND greatest(n.value, n.before) >= l.least
),

usual AS (
    SELECT
        n.shown_from,
        n.role,
        n.organisation,
        n.item,
        count(*) AS months,
        1.4826 * median(abs(n.beyond)) AS deviation
    FROM own AS n
    SEMI JOIN far AS r
        ON
            n.shown_from = r.shown_from
            AND n.role = r.role
            AND n.organisation = r.organisation
            AND n.item = r.item
    GROUP BY n.shown_from, n.role, n.organisation, n.item
),

jump AS (
    SELECT
        n.*,
        y.value AS value_then,
        y.before AS before_then,
        u.deviation,
        u.months,
        CASE
            WHEN sign(n.beyond) <> sign(n.beyond - y.beyond) THEN 0
            ELSE least(abs(n.beyond), abs(n.beyond - y.beyond))
        END AS size
    FROM far AS n
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
    j.months >= l.months - 1
    AND j.size > ln(l.times)
    AND j.size > l.deviations * j.deviation
ORDER BY ALL
