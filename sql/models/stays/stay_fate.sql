-- stay_fate
-- What became of the records: counted, or why not.
SELECT
    fate,
    CAST(sum(records) AS BIGINT) AS records
FROM stay_count
GROUP BY fate
