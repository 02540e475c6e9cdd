-- Which ambulance service conveys to which hospital, month by month, with weights.
-- The first basis that knows the hospital stands: the workspace's links, an override, the
-- system the hospital belongs to, or, named as a fallback, a region with one service.
WITH hospital AS (
    SELECT
        organisation AS hospital,
        period
    FROM member_month
    WHERE role = 'hospital'
),

candidate AS (
    SELECT
        h.hospital,
        h.period,
        w.service,
        w.weight,
        w.basis,
        1 AS preference
    FROM hospital AS h
    INNER JOIN workspace_link AS w
        ON
            h.hospital = w.hospital
            AND (w.period_from IS NULL OR h.period >= w.period_from)
            AND (w.period_until IS NULL OR h.period <= w.period_until)
    UNION ALL
    SELECT
        h.hospital,
        h.period,
        o.service,
        o.weight,
        'override' AS basis,
        2 AS preference
    FROM hospital AS h
    INNER JOIN serves_override AS o ON h.hospital = o.hospital
    UNION ALL
    SELECT
        h.hospital,
        h.period,
        s.service,
        1.0 AS weight,
        'system' AS basis,
        3 AS preference
    FROM hospital AS h
    INNER JOIN membership AS m
        ON
            h.hospital = m.organisation
            AND m.role = 'hospital'
            AND h.period = m.period
            AND m.level = 'icb'
    INNER JOIN serves AS s
        ON
            m.parent = s.system
            AND h.period >= s.period_from
            AND h.period <= s.period_until
    UNION ALL
    SELECT
        h.hospital,
        h.period,
        r.service,
        1.0 AS weight,
        'region' AS basis,
        4 AS preference
    FROM hospital AS h
    INNER JOIN membership AS m
        ON
            h.hospital = m.organisation
            AND m.role = 'hospital'
            AND h.period = m.period
            AND m.level = 'region'
    INNER JOIN region_with_one_service AS r ON m.parent = r.region
)

SELECT
    hospital,
    period,
    service,
    weight,
    basis
FROM candidate
WHERE preference <= 1 OR NOT EXISTS (SELECT 1 FROM workspace_link)
QUALIFY preference = min(preference) OVER (PARTITION BY hospital, period)
