-- Rows of one file that give one organisation, month (or day) and item different figures.
-- Where they agree in a table that `repeats` rows, that they count once is told as a warning.
WITH told AS (
    SELECT
        g.*,
        x.day AS of_day,
        min(g.text) OVER same <> max(g.text) OVER same AS disagree
    FROM figure AS g
    INNER JOIN said_twice AS x
        ON
            g.file_id = x.file_id
            AND g.role = x.role
            AND g.organisation = x.organisation
            AND g.period = x.period
            AND coalesce(g.day, 0) = x.day
            AND g.item = x.item
    WHERE g.loaded AND NOT g.adds
    WINDOW same AS (PARTITION BY g.file_id, g.role, g.organisation, g.period, x.day, g.item)
),

wrong AS (
    SELECT
        file_id,
        sheet,
        row,
        position,
        text,
        organisation,
        period,
        'rows for the same organisation and month disagree' AS message,
        'fail' AS outcome
    FROM told
    WHERE disagree
    UNION ALL
    SELECT
        file_id,
        sheet,
        row,
        position,
        text,
        organisation,
        period,
        'rows say the same of this organisation twice; they count once' AS message,
        'warn' AS outcome
    FROM told
    WHERE NOT disagree AND repeats
    QUALIFY
        row_number() OVER (
            PARTITION BY file_id, role, organisation, period ORDER BY sheet, row, position
        ) = 1
)

SELECT
    f.name AS file,
    w.sheet,
    w.row,
    d.heading AS "column",
    w.text AS value,
    w.organisation,
    w.period,
    w.message,
    w.outcome
FROM wrong AS w
INNER JOIN staged_file AS f ON w.file_id = f.file_id
INNER JOIN column_heading AS d
    ON w.file_id = d.file_id AND w.sheet = d.sheet AND w.position = d.position
ORDER BY ALL
