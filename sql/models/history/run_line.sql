-- The runs of the ledger: when, by which version and definitions, what each brought, and a
-- fingerprint of what it found. A run that broke off found nothing and has no outcome.
WITH brought AS (
    SELECT
        moment,
        count(*) AS figures
    FROM (
        SELECT known_from AS moment FROM data_item_value
        UNION ALL
        SELECT known_to AS moment FROM data_item_value WHERE known_to IS NOT NULL
    )
    GROUP BY moment
),

found AS (
    SELECT
        run_id,
        md5(string_agg(
            concat_ws('|', rule, arrow, verdict, CAST(round(coalesce(r, 9), 4) AS VARCHAR)), ','
            ORDER BY rule, arrow
        )) AS fingerprint
    FROM finding
    WHERE tie = ''
    GROUP BY run_id
)

SELECT
    r.run_id,
    r.recorded_at,
    r.version,
    r.audience,
    coalesce(r.definitions_hash, '') AS definitions_hash,
    (SELECT count(*) FROM file AS f WHERE f.run_id = r.run_id) AS files,
    coalesce(b.figures, 0) AS figures,
    coalesce(d.fingerprint, '') AS fingerprint,
    r.outcome <> '' OR d.fingerprint IS NOT NULL AS finished
FROM run AS r
LEFT JOIN brought AS b ON r.recorded_at = b.moment
LEFT JOIN found AS d ON r.run_id = d.run_id
