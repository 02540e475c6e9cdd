-- Whose parts make up each whole, by month: England, regions, systems, and the areas of
-- ambulance services. A hospital's share of a service area is its link weight.
SELECT
    'england' AS scope_level,
    'ENGLAND' AS scope,
    organisation,
    role,
    period,
    1.0 AS share
FROM member_month
UNION ALL
SELECT
    level AS scope_level,
    parent AS scope,
    organisation,
    role,
    period,
    share
FROM counted_membership
WHERE role <> 'ambulance' OR level = 'region'
UNION ALL
SELECT
    'service' AS scope_level,
    service AS scope,
    hospital AS organisation,
    'hospital' AS role,
    period,
    weight AS share
FROM link
UNION ALL
SELECT
    'service' AS scope_level,
    organisation AS scope,
    organisation,
    role,
    period,
    1.0 AS share
FROM member_month
WHERE role = 'ambulance'
UNION ALL
-- A system is served by every service that conveys to one of its hospitals; the figure
-- stays that of the service's whole area.
SELECT
    'icb_services' AS scope_level,
    scope,
    service AS organisation,
    'ambulance' AS role,
    period,
    1.0 AS share
FROM system_service
