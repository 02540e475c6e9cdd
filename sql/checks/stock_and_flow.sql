-- A stock has to close as it opened, with what came in and without what went out. Asked where
-- every part is known; the month before gives the opening figure unless an item does.
WITH part AS (
    SELECT
        k.shown_from,
        s.role,
        s.organisation,
        f.stock,
        k.month + f.months_back AS month,
        f.coefficient * k.value AS value
    FROM known_figure AS k
    INNER JOIN known_series AS s ON k.series = s.series
    INNER JOIN flow AS f ON s.item = f.item
),

expected AS (
    SELECT
        p.shown_from,
        p.role,
        p.organisation,
        p.stock,
        p.month,
        sum(p.value) AS value
    FROM part AS p
    INNER JOIN (SELECT stock, count(*) AS items FROM flow GROUP BY stock) AS n ON p.stock = n.stock
    GROUP BY p.shown_from, p.role, p.organisation, p.stock, p.month, n.items
    HAVING count(*) = n.items
),

closing AS (
    SELECT
        k.shown_from,
        s.role,
        s.organisation,
        s.item AS stock,
        k.month,
        k.value,
        k.file_id
    FROM known_figure AS k
    INNER JOIN known_series AS s ON k.series = s.series
    WHERE k.file_id IS NOT NULL AND s.item IN (SELECT f.stock FROM flow AS f)
)

SELECT
    f.name AS file,
    v.sheet,
    v.row,
    d.heading AS "column",
    regexp_replace(CAST(k.value AS VARCHAR), '[.]0$', '') AS value,
    k.organisation,
    c.period,
    'opening and what came in, less what went out, make '
    || regexp_replace(CAST(e.value AS VARCHAR), '[.]0$', '') || ', but '
    || regexp_replace(CAST(k.value AS VARCHAR), '[.]0$', '') || ' were left at the end' AS message
FROM closing AS k
INNER JOIN expected AS e
    ON
        k.shown_from = e.shown_from
        AND k.role = e.role
        AND k.organisation = e.organisation
        AND k.stock = e.stock
        AND k.month = e.month
INNER JOIN check_limit AS l
    ON l.code = 'KG-120' AND l.kind = 'item' AND k.stock = l.about
INNER JOIN staged_file AS f ON k.file_id = f.file_id
INNER JOIN calendar AS c ON k.month = c.month
INNER JOIN staged_value AS v
    ON
        k.file_id = v.file_id
        AND k.role = v.role
        AND k.organisation = v.organisation
        AND c.period = v.period
        AND k.stock = v.item
INNER JOIN column_heading AS d
    ON v.file_id = d.file_id AND v.sheet = d.sheet AND v.position = d.position
WHERE abs(k.value - e.value) >= greatest(l.count_of, l.share * e.value)
ORDER BY ALL
