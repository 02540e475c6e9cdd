-- One figure for each organisation, item and month: as staged, else as published before.
-- `file_id` is the file that is judged by it, and null where it only gives the history, also
-- because the file says again what was published before.
WITH shown AS (
    SELECT DISTINCT shown_from
    FROM staged_file
),

in_more_files AS (
    SELECT
        role,
        item,
        period
    FROM staged_value
    GROUP BY role, item, period
    HAVING count(DISTINCT file_id) > 1
),

staged AS (
    SELECT
        a.shown_from,
        k.body,
        k.series,
        c.month,
        v.value,
        CASE WHEN f.shown_from = a.shown_from THEN v.file_id END AS file_id,
        f.published_on,
        m.item IS NOT NULL AS several
    FROM staged_value AS v
    INNER JOIN known_series AS k
        ON v.role = k.role AND v.organisation = k.organisation AND v.item = k.item
    INNER JOIN staged_file AS f ON v.file_id = f.file_id
    INNER JOIN shown AS a ON f.shown_from <= a.shown_from
    INNER JOIN calendar AS c ON v.period = c.period
    LEFT JOIN in_more_files AS m ON v.role = m.role AND v.item = m.item AND v.period = m.period
    WHERE v.status = 'reported'
),

-- Of several files the one whose figure would hold: the last one dated.
once AS (
    SELECT * EXCLUDE (published_on, several)
    FROM staged
    WHERE NOT several
    UNION ALL
    SELECT * EXCLUDE (published_on, several)
    FROM staged
    WHERE several
    QUALIFY
        row_number() OVER (
            PARTITION BY shown_from, series, month
            ORDER BY published_on DESC NULLS LAST, file_id DESC NULLS LAST
        ) = 1
),

before AS (
    SELECT
        g.shown_from,
        k.body,
        k.series,
        g.month,
        g.value
    FROM ledger_figure AS g
    INNER JOIN known_series AS k
        ON g.role = k.role AND g.organisation = k.organisation AND g.item = k.item
)

SELECT
    coalesce(o.shown_from, b.shown_from) AS shown_from,
    coalesce(o.body, b.body) AS body,
    coalesce(o.series, b.series) AS series,
    coalesce(o.month, b.month) AS month,
    coalesce(o.value, b.value) AS value,
    CASE WHEN b.value IS NULL OR b.value <> o.value THEN o.file_id END AS file_id
FROM once AS o
FULL JOIN before AS b
    ON o.shown_from = b.shown_from AND o.series = b.series AND o.month = b.month
