-- A column that is nothing but zeros in a month, where many reported figures under it the month
-- before: the cells of those who did are told.
WITH nothing AS (
    SELECT
        v.file_id,
        v.role,
        v.item,
        v.period,
        f.shown_from,
        c.month,
        l.bodies,
        l.least
    FROM staged_value AS v
    INNER JOIN staged_file AS f ON v.file_id = f.file_id
    INNER JOIN calendar AS c ON v.period = c.period
    INNER JOIN check_limit AS l
        ON l.code = 'KG-123' AND l.kind = 'item' AND v.item = l.about
    WHERE v.status = 'reported'
    GROUP BY v.file_id, v.role, v.item, v.period, f.shown_from, c.month, l.bodies, l.least
    HAVING min(v.value) = 0 AND max(v.value) = 0
),

had AS (
    SELECT
        n.file_id,
        n.role,
        n.item,
        n.period,
        s.organisation,
        k.value,
        count(*) OVER column_before AS bodies,
        sum(k.value) OVER column_before AS figures,
        n.bodies AS least_bodies,
        n.least
    FROM nothing AS n
    INNER JOIN known_series AS s ON n.role = s.role AND n.item = s.item
    INNER JOIN known_figure AS k
        ON n.shown_from = k.shown_from AND s.series = k.series AND n.month = k.month + 1
    WHERE k.value > 0
    WINDOW column_before AS (PARTITION BY n.file_id, n.role, n.item, n.period)
)

SELECT
    f.name AS file,
    v.sheet,
    v.row,
    d.heading AS "column",
    '0' AS value,
    v.organisation,
    v.period,
    'the whole column is 0; the month before ' || h.bodies || ' organisations had figures in it, this one '
    || regexp_replace(CAST(h.value AS VARCHAR), '[.]0$', '') AS message
FROM had AS h
INNER JOIN staged_file AS f ON h.file_id = f.file_id
INNER JOIN staged_value AS v
    ON
        h.file_id = v.file_id
        AND h.role = v.role
        AND h.organisation = v.organisation
        AND h.period = v.period
        AND h.item = v.item
INNER JOIN column_heading AS d
    ON v.file_id = d.file_id AND v.sheet = d.sheet AND v.position = d.position
WHERE h.bodies >= h.least_bodies AND h.figures >= h.least
ORDER BY ALL
