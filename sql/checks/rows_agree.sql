-- Rows of one file that give one organisation, month and item different figures.
SELECT
    f.name AS file,
    g.sheet,
    g.row,
    g.heading AS "column",
    g.text AS value,
    g.organisation,
    g.period,
    'rows for the same organisation and month disagree' AS message
FROM figure_loaded AS g
INNER JOIN staged_file AS f ON g.file_id = f.file_id
QUALIFY
    min(g.text) OVER (PARTITION BY g.file_id, g.role, g.organisation, g.period, g.item)
    <> max(g.text) OVER (PARTITION BY g.file_id, g.role, g.organisation, g.period, g.item)
ORDER BY ALL
