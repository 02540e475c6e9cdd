-- For every role, item and period, the file whose figures hold (or for an organisation of it): the latest published date;
-- an undated file never stands before a dated one. Among equals the fingerprint decides,
-- so that the order of files changes nothing (files that disagree were refused before).
CREATE OR REPLACE TEMP TABLE winner AS
WITH slice AS (
    SELECT DISTINCT
        g.file_id,
        g.role,
        g.item,
        g.period,
        -- A file that speaks for its organisations alone wins or loses for each by itself.
        CASE WHEN f.replaces = 'organisation_period' THEN g.organisation END AS organisation,
        f.published_on,
        f.sha256
    FROM staged_good AS g
    INNER JOIN staged_file AS f ON g.file_id = f.file_id
),

-- The latest date of what was published, also where it changed no figure and so has none.
holder AS (
    SELECT
        s.period,
        f.item,
        max(s.published_on) AS published_on
    FROM submission AS s
    INNER JOIN (SELECT DISTINCT file_id, item FROM field) AS f ON s.file_id = f.file_id
    WHERE s.run_id < (SELECT run_id FROM this_run)
    GROUP BY s.period, f.item
)

SELECT
    s.file_id,
    s.role,
    s.item,
    s.period,
    s.organisation
FROM slice AS s
LEFT JOIN holder AS h ON s.item = h.item AND s.period = h.period
WHERE h.published_on IS NULL OR s.published_on >= h.published_on
QUALIFY
    row_number() OVER (
        PARTITION BY s.role, s.item, s.period, s.organisation
        ORDER BY s.published_on DESC NULLS LAST, s.sha256
    ) = 1;
