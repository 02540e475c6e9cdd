-- Shares of one body in a file of places must add up to 1, and be numbers above 0.
WITH told AS (
    SELECT
        file_id,
        organisation,
        role,
        level,
        period,
        sum(share) AS shares,
        count(*) FILTER (WHERE share IS NULL OR share <= 0) AS wrong
    FROM staged_placement
    GROUP BY ALL
)

SELECT
    f.name AS file,
    k.sheet,
    k.row,
    'share' AS "column",
    k.share_text AS value,
    t.organisation,
    t.period,
    CASE
        WHEN t.wrong > 0 THEN 'a share is no number above 0'
        ELSE 'the shares of this body add up to ' || CAST(round(t.shares, 4) AS VARCHAR)
    END AS message
FROM told AS t
INNER JOIN staged_file AS f ON t.file_id = f.file_id
INNER JOIN record_read AS k
    ON
        t.file_id = k.file_id
        AND t.organisation = k.organisation
        AND t.role = k.role
        AND t.period = k.period
WHERE k.use = 'place' AND k.fate = 'loaded' AND (t.wrong > 0 OR abs(t.shares - 1) >= 0.005)
ORDER BY ALL
