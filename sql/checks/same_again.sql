-- The same figure month after month: the last month of a run that is staged tells it.
WITH limits AS (
    SELECT
        about AS item,
        max(value) FILTER (WHERE name = 'months') AS months,
        max(value) FILTER (WHERE name = 'least') AS least
    FROM tolerance
    WHERE code = 'KG-114' AND kind = 'item'
    GROUP BY about
),

again AS (
    SELECT
        a.shown_from,
        a.role,
        a.organisation,
        a.item,
        a.month,
        a.value,
        a.file_id,
        l.months,
        a.month - row_number() OVER (
            PARTITION BY a.shown_from, a.role, a.organisation, a.item, a.value ORDER BY a.month
        ) AS run
    FROM known_figure AS a
    INNER JOIN known_figure AS b
        ON
            a.shown_from = b.shown_from
            AND a.role = b.role
            AND a.organisation = b.organisation
            AND a.item = b.item
            AND a.month = b.month + 1
            AND a.value = b.value
    INNER JOIN limits AS l ON a.item = l.item
    WHERE a.value >= l.least
),

told AS (
    SELECT
        role,
        organisation,
        item,
        value,
        file_id,
        month,
        months,
        count(*) OVER (PARTITION BY shown_from, role, organisation, item, value, run) + 1 AS times
    FROM again
    QUALIFY
        month = max(month) OVER (PARTITION BY shown_from, role, organisation, item, value, run)
)

SELECT
    f.name AS file,
    v.sheet,
    v.row,
    d.heading AS "column",
    regexp_replace(CAST(t.value AS VARCHAR), '[.]0$', '') AS value,
    t.organisation,
    c.period,
    'the same figure for ' || t.times || ' months: was it copied forward?' AS message
FROM told AS t
INNER JOIN staged_file AS f ON t.file_id = f.file_id
INNER JOIN calendar AS c ON t.month = c.month
INNER JOIN staged_value AS v
    ON
        t.file_id = v.file_id
        AND t.role = v.role
        AND t.organisation = v.organisation
        AND c.period = v.period
        AND t.item = v.item
INNER JOIN column_heading AS d
    ON v.file_id = d.file_id AND v.sheet = d.sheet AND v.position = d.position
WHERE t.times >= t.months
ORDER BY ALL
