-- Files that give one figure differently while nothing says which is later: both undated,
-- or dated the same day. The first such figure of each pair of files stands for all.
-- Figures of another status (published, embargoed…) may differ.
WITH in_more_files AS (
    SELECT
        role,
        period,
        item
    FROM staged_value
    GROUP BY role, period, item
    HAVING count(DISTINCT file_id) > 1
),

told AS (
    SELECT v.*
    FROM staged_value AS v
    SEMI JOIN in_more_files AS m ON v.role = m.role AND v.period = m.period AND v.item = m.item
)

SELECT
    fa.name AS file,
    a.sheet,
    a.row,
    d.heading AS "column",
    coalesce(regexp_replace(CAST(a.value AS VARCHAR), '[.]0$', ''), a.status) AS value,
    a.organisation,
    a.period,
    'disagrees with ' || fb.name || ' in '
    || count(*) OVER (PARTITION BY a.file_id, b.file_id)
    || ' figures, and nothing says which is later' AS message
FROM told AS a
INNER JOIN told AS b
    ON
        a.role = b.role
        AND a.organisation = b.organisation
        AND a.period = b.period
        AND a.item = b.item
INNER JOIN staged_file AS fa ON a.file_id = fa.file_id
INNER JOIN staged_file AS fb ON b.file_id = fb.file_id
INNER JOIN column_heading AS d
    ON a.file_id = d.file_id AND a.sheet = d.sheet AND a.position = d.position
WHERE
    a.file_id <> b.file_id
    AND fa.shown_from = fb.shown_from
    AND fa.published_on IS NOT DISTINCT FROM fb.published_on
    AND (a.value IS DISTINCT FROM b.value OR a.status <> b.status)
QUALIFY
    row_number() OVER (
        PARTITION BY a.file_id, b.file_id ORDER BY a.period, a.organisation, a.item
    ) = 1
ORDER BY ALL
