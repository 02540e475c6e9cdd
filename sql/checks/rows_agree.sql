-- Rows of one file that give one organisation, month (or day) and item different figures.
SELECT
    f.name AS file,
    g.sheet,
    g.row,
    d.heading AS "column",
    g.text AS value,
    g.organisation,
    g.period,
    'rows for the same organisation and month disagree' AS message
FROM figure AS g
INNER JOIN said_twice AS x
    ON
        g.file_id = x.file_id
        AND g.role = x.role
        AND g.organisation = x.organisation
        AND g.period = x.period
        AND coalesce(g.day, 0) = x.day
        AND g.item = x.item
INNER JOIN staged_file AS f ON g.file_id = f.file_id
INNER JOIN column_heading AS d
    ON g.file_id = d.file_id AND g.sheet = d.sheet AND g.position = d.position
WHERE g.loaded AND NOT g.adds
QUALIFY
    min(g.text) OVER (PARTITION BY g.file_id, g.role, g.organisation, g.period, x.day, g.item)
    <> max(g.text) OVER (PARTITION BY g.file_id, g.role, g.organisation, g.period, x.day, g.item)
ORDER BY ALL
