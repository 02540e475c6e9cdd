-- Changes from the month before beyond what peers saw, of the months in which a figure of the
-- item moved far, and of the same months a year earlier.
WITH limits AS (
    SELECT
        s.series,
        s.role,
        s.item,
        ln(l.times) AS far,
        l.least,
        l.peers
    FROM check_limit AS l
    INNER JOIN known_series AS s ON l.about = s.item
    WHERE l.code = 'KG-113' AND l.kind = 'item'
),

-- A change that is far from the middle of all is far itself by half, or another one is.
moved AS (
    SELECT DISTINCT
        h.shown_from,
        l.role,
        l.item,
        h.month
    FROM known_change AS h
    INNER JOIN limits AS l ON h.series = l.series
    WHERE h.file_id IS NOT NULL AND abs(h.change) > l.far / 2 AND greatest(h.value, h.before) >= l.least
),

asked AS (
    SELECT
        shown_from,
        role,
        item,
        month
    FROM moved
    UNION
    SELECT
        shown_from,
        role,
        item,
        month - 12 AS month
    FROM moved
),

looked_at AS (
    SELECT
        h.*,
        l.role,
        l.item,
        l.peers
    FROM known_change AS h
    INNER JOIN limits AS l ON h.series = l.series
    SEMI JOIN asked AS m
        ON
            h.shown_from = m.shown_from
            AND l.role = m.role
            AND l.item = m.item
            AND h.month = m.month
),

everyone AS (
    SELECT
        shown_from,
        role,
        item,
        month,
        median(change) AS change
    FROM looked_at
    GROUP BY shown_from, role, item, month
    HAVING count(*) >= max(peers)
)

SELECT
    h.shown_from,
    h.series,
    h.month,
    h.file_id,
    h.value,
    h.before,
    h.change - coalesce(e.change, 0) AS beyond
FROM looked_at AS h
LEFT JOIN everyone AS e
    ON
        h.shown_from = e.shown_from
        AND h.role = e.role
        AND h.item = e.item
        AND h.month = e.month
