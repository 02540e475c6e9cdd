-- stay_count
-- Records of stays added up as they are read: by organisation, month of departure and band of ten
-- minutes, or by the reason why they are in no band. A minute counts when it is complete.
WITH told AS (
    SELECT
        nullif(trim(CAST(organisation AS VARCHAR)), '') AS organisation,
        TRY_CAST(arrival AS TIMESTAMP) AS arrived,
        TRY_CAST(departure AS TIMESTAMP) AS departed,
        TRY_CAST(stays AS DOUBLE) AS stays
    FROM stay_record
),

judged AS (
    SELECT
        organisation,
        date_trunc('month', departed) AS month,
        floor((epoch(departed) - epoch(arrived)) / 60) AS minutes,
        stays,
        CASE
            WHEN organisation IS NULL THEN 'no organisation'
            WHEN arrived IS NULL THEN 'no time of arrival that can be read'
            WHEN departed IS NULL THEN 'no time of departure that can be read'
            WHEN departed < arrived THEN 'departure before arrival'
            WHEN stays IS NULL OR stays < 0 OR stays <> floor(stays) THEN 'no count that can be read'
            ELSE 'counted'
        END AS fate
    FROM told
)

SELECT
    CASE WHEN fate = 'counted' THEN organisation END AS organisation,
    CASE WHEN fate = 'counted' THEN month END AS month,
    CASE WHEN fate = 'counted' THEN least(10 * floor(minutes / 10), 600) END AS minutes_from,
    fate,
    count(*) AS records,
    CASE WHEN fate = 'counted' THEN sum(stays) END AS stays
FROM judged
GROUP BY 1, 2, 3, 4
