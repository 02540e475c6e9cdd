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
        v.role,
        v.organisation,
        v.item,
        c.month,
        v.value,
        CASE WHEN f.shown_from = a.shown_from THEN v.file_id END AS file_id,
        f.published_on,
        m.item IS NOT NULL AS several
    FROM staged_value AS v
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
            PARTITION BY shown_from, role, organisation, item, month
            ORDER BY published_on DESC NULLS LAST, file_id DESC NULLS LAST
        ) = 1
)

SELECT
    o.shown_from,
    o.role,
    o.organisation,
    o.item,
    o.month,
    o.value,
    CASE WHEN g.value IS NULL OR g.value <> o.value THEN o.file_id END AS file_id
FROM once AS o
LEFT JOIN ledger_figure AS g
    ON
        o.shown_from = g.shown_from
        AND o.role = g.role
        AND o.organisation = g.organisation
        AND o.item = g.item
        AND o.month = g.month
UNION ALL
SELECT
    g.shown_from,
    g.role,
    g.organisation,
    g.item,
    g.month,
    g.value,
    NULL AS file_id
FROM ledger_figure AS g
ANTI JOIN once AS o
    ON
        g.shown_from = o.shown_from
        AND g.role = o.role
        AND g.organisation = o.organisation
        AND g.item = o.item
        AND g.month = o.month
