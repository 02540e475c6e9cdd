-- The parts that made each whole in the months compared, by the body that answers today: as
-- wholes are told, with the places of the month itself, and with those as first told. A
-- denominator of days or of one is nobody's own, and is the same for all.
WITH place AS (
    SELECT
        'told' AS basis,
        s.scope_level,
        s.scope,
        s.organisation,
        s.role,
        s.period,
        s.share
    FROM scope_member AS s
    INNER JOIN moved_month AS m ON s.period = m.period
    UNION ALL
    SELECT
        'then' AS basis,
        p.level AS scope_level,
        p.parent AS scope,
        p.organisation,
        p.role,
        p.period,
        p.share
    FROM membership AS p
    INNER JOIN moved_month AS m ON p.period = m.period
    SEMI JOIN member_month AS b
        ON p.organisation = b.organisation AND p.role = b.role AND p.period = b.period
    WHERE p.role <> 'ambulance' OR p.level = 'region'
    UNION ALL
    -- Only systems and regions have other places than those told.
    SELECT
        'then' AS basis,
        s.scope_level,
        s.scope,
        s.organisation,
        s.role,
        s.period,
        s.share
    FROM scope_member AS s
    INNER JOIN moved_month AS m ON s.period = m.period
    WHERE s.scope_level IN ('england', 'service', 'icb_services')
),

part AS (
    SELECT
        p.indicator,
        p.organisation,
        p.role,
        p.period,
        p.denominator_kind,
        p.scale,
        p.numerator,
        p.denominator,
        CASE WHEN r.late THEN NULL ELSE p.numerator - coalesce(r.numerator_more, 0) END
            AS numerator_first,
        CASE
            WHEN r.late THEN NULL
            WHEN p.denominator_kind = 'parts' THEN p.denominator - coalesce(r.denominator_more, 0)
            ELSE p.denominator
        END AS denominator_first
    FROM expected_part AS p
    INNER JOIN moved_month AS m ON p.period = m.period
    LEFT JOIN revised_part AS r
        ON
            p.indicator = r.indicator
            AND p.organisation = r.organisation
            AND p.role = r.role
            AND p.period = r.period
    WHERE p.state = 'reported'
)

SELECT
    p.indicator,
    s.scope_level,
    s.scope,
    n.now AS unit,
    p.role,
    p.period,
    min(p.denominator_kind) AS denominator_kind,
    min(p.scale) AS scale,
    sum(s.share * p.numerator) FILTER (WHERE s.basis = 'told') AS numerator,
    CASE
        WHEN min(p.denominator_kind) = 'parts'
            THEN sum(s.share * p.denominator) FILTER (WHERE s.basis = 'told')
        ELSE max(p.denominator) FILTER (WHERE s.basis = 'told')
    END AS denominator,
    sum(s.share * p.numerator) FILTER (WHERE s.basis = 'then') AS numerator_then,
    CASE
        WHEN min(p.denominator_kind) = 'parts'
            THEN sum(s.share * p.denominator) FILTER (WHERE s.basis = 'then')
        ELSE max(p.denominator) FILTER (WHERE s.basis = 'then')
    END AS denominator_then,
    sum(s.share * p.numerator_first) FILTER (WHERE s.basis = 'then') AS numerator_first,
    CASE
        WHEN min(p.denominator_kind) = 'parts'
            THEN sum(s.share * p.denominator_first) FILTER (WHERE s.basis = 'then')
        ELSE max(p.denominator_first) FILTER (WHERE s.basis = 'then')
    END AS denominator_first
FROM part AS p
INNER JOIN place AS s
    ON p.organisation = s.organisation AND p.role = s.role AND p.period = s.period
INNER JOIN organisation_now AS n ON p.organisation = n.organisation AND p.role = n.role
GROUP BY p.indicator, s.scope_level, s.scope, n.now, p.role, p.period
