-- The winners' figures, beside their submission.
CREATE OR REPLACE TEMP TABLE arriving AS
SELECT
    g.organisation,
    g.role,
    g.period,
    g.item,
    g.value,
    g.status,
    b.submission_id,
    b.shown_from,
    g.sheet,
    g.row,
    g.position,
    w.file_id IS NOT NULL
    AND row_number() OVER (
        PARTITION BY g.organisation, g.role, g.period, g.item, w.file_id IS NOT NULL
        ORDER BY f.published_on DESC NULLS LAST, f.sha256
    ) = 1 AS wins
FROM staged_good AS g
INNER JOIN staged_file AS f ON g.file_id = f.file_id
INNER JOIN submission AS b
    ON
        g.file_id = b.file_id
        AND g.period = b.period
        AND b.run_id = (SELECT run_id FROM this_run)
LEFT JOIN winner AS w
    ON
        g.file_id = w.file_id
        AND g.role = w.role
        AND g.item = w.item
        AND g.period = w.period
        AND coalesce(w.organisation, g.organisation) = g.organisation;
