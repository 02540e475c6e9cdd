-- For every role, item and period (or organisation of it), the file whose figures hold: the
-- latest published date;
-- an undated file never stands before a dated one. Among equals the fingerprint decides,
-- so that the order of files changes nothing (files that disagree were refused before).
-- Figures shown from different days (published, under an embargo, management information)
-- stand beside each other and never close one another: held_figure says which is shown.
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
        f.shown_from,
        f.sha256
    FROM staged_good AS g
    INNER JOIN staged_file AS f ON g.file_id = f.file_id
),

-- Readings of a file that was later read again with another status: they say nothing more.
overtaken AS (
    SELECT a.file_id
    FROM file AS a
    INNER JOIN (
        SELECT sha256, shown_from, file_id FROM file
        UNION ALL
        SELECT sha256, shown_from, file_id FROM staged_file
    ) AS b ON a.sha256 = b.sha256 AND a.file_id < b.file_id AND a.shown_from <> b.shown_from
),

-- The latest date of what was published, also where it changed no figure and so has none.
holder AS (
    SELECT
        s.period,
        f.item,
        s.shown_from,
        max(s.published_on) AS published_on
    FROM submission AS s
    INNER JOIN (SELECT DISTINCT file_id, item FROM field) AS f ON s.file_id = f.file_id
    WHERE
        s.run_id < (SELECT run_id FROM this_run)
        AND s.file_id NOT IN (SELECT o.file_id FROM overtaken AS o)
    GROUP BY s.period, f.item, s.shown_from
)

SELECT
    s.file_id,
    s.role,
    s.item,
    s.period,
    s.organisation
FROM slice AS s
LEFT JOIN holder AS h
    ON s.item = h.item AND s.period = h.period AND s.shown_from = h.shown_from
WHERE h.published_on IS NULL OR s.published_on >= h.published_on
QUALIFY
    row_number() OVER (
        PARTITION BY s.role, s.item, s.period, s.organisation, s.shown_from
        ORDER BY s.published_on DESC NULLS LAST, s.sha256
    ) = 1;
