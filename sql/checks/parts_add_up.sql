-- A total that was loaded must equal the sum of the parts set aside for it, to half a unit;
-- parts that name no total of their organisation are told too.
WITH told AS (
    SELECT
        g.file_id,
        g.sheet,
        g.organisation,
        g.role,
        g.period,
        g.item,
        g.position,
        coalesce(min(g.row) FILTER (WHERE g.loaded), min(g.row)) AS row,
        sum(g.value) FILTER (WHERE g.loaded) AS printed,
        coalesce(sum(g.value) FILTER (WHERE NOT g.loaded), 0) AS added_up,
        count(*) FILTER (WHERE g.loaded) AS totals
    FROM figure AS g
    SEMI JOIN (SELECT * FROM staged_table WHERE kept_at IS NOT NULL) AS t
        ON g.file_id = t.file_id AND g.sheet = t.sheet
    INNER JOIN item_part AS i ON g.item = i.item AND i.adds
    WHERE g.loaded OR g.is_part
    GROUP BY ALL
)

SELECT
    f.name AS file,
    t.sheet,
    t.row,
    d.heading AS "column",
    coalesce(regexp_replace(CAST(t.printed AS VARCHAR), '[.]0$', ''), '') AS value,
    t.organisation,
    t.period,
    CASE
        WHEN t.totals = 0 THEN 'parts without the row that prints their total'
        ELSE 'printed total '
            || coalesce(regexp_replace(CAST(t.printed AS VARCHAR), '[.]0$', ''), 'without a figure')
            || ' but its parts add up to '
            || regexp_replace(CAST(t.added_up AS VARCHAR), '[.]0$', '')
    END AS message
FROM told AS t
INNER JOIN staged_file AS f ON t.file_id = f.file_id
INNER JOIN column_heading AS d
    ON t.file_id = d.file_id AND t.sheet = d.sheet AND t.position = d.position
WHERE coalesce(abs(t.printed - t.added_up), t.added_up + 1) >= 0.5
ORDER BY ALL
