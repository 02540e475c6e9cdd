-- A figure that differs from the one published before, in a file that is neither dated later
-- nor called a revision.
SELECT
    f.name AS file,
    v.sheet,
    v.row,
    d.heading AS "column",
    coalesce(regexp_replace(CAST(v.value AS VARCHAR), '[.]0$', ''), v.status) AS value,
    v.organisation,
    v.period,
    'was ' || regexp_replace(CAST(g.value AS VARCHAR), '[.]0$', '') || ' in ' || w.name
    || ', and nothing says that this is a revision' AS message
FROM staged_value AS v
INNER JOIN staged_file AS f ON v.file_id = f.file_id
INNER JOIN calendar AS c ON v.period = c.period
INNER JOIN ledger_figure AS g
    ON
        f.shown_from = g.shown_from
        AND v.role = g.role
        AND v.organisation = g.organisation
        AND v.item = g.item
        AND c.month = g.month
INNER JOIN submission AS s ON g.submission_id = s.submission_id
INNER JOIN file AS w ON s.file_id = w.file_id
INNER JOIN column_heading AS d
    ON v.file_id = d.file_id AND v.sheet = d.sheet AND v.position = d.position
WHERE
    (v.status <> 'reported' OR v.value <> g.value)
    AND (f.published_on IS NULL OR f.published_on <= s.published_on)
    AND lower(f.name) NOT LIKE '%revis%'
ORDER BY ALL
