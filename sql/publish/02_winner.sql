-- For every role, item and period, the file whose figures hold: the latest published date;
-- an undated file never stands before a dated one. Among equals the fingerprint decides,
-- so that the order of files changes nothing (files that disagree were refused before).
CREATE OR REPLACE TEMP TABLE winner AS
WITH slice AS (
    SELECT DISTINCT
        g.file_id,
        g.role,
        g.item,
        g.period,
        f.published_on,
        f.sha256
    FROM staged_good AS g
    INNER JOIN staged_file AS f ON g.file_id = f.file_id
),

holder AS (
    SELECT
        v.role,
        v.item,
        v.period,
        max(s.published_on) AS published_on
    FROM data_item_value AS v
    INNER JOIN submission AS s ON v.submission_id = s.submission_id
    WHERE v.known_to IS NULL
    GROUP BY v.role, v.item, v.period
)

SELECT
    s.file_id,
    s.role,
    s.item,
    s.period
FROM slice AS s
LEFT JOIN holder AS h ON s.role = h.role AND s.item = h.item AND s.period = h.period
WHERE h.published_on IS NULL OR s.published_on >= h.published_on
QUALIFY
    row_number() OVER (
        PARTITION BY s.role, s.item, s.period
        ORDER BY s.published_on DESC NULLS LAST, s.sha256
    ) = 1;
