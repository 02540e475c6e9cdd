-- The latest name each organisation was given, by a workspace list first.
WITH named AS (
    SELECT organisation, role, name, period, 3 AS preference FROM organisation WHERE name <> ''
    UNION ALL
    SELECT organisation, role, name, '9999-12' AS period, 0 AS preference
    FROM workspace_organisation
    WHERE name <> ''
    UNION ALL
    SELECT service AS organisation, 'ambulance' AS role, name, '9999-11' AS period, 2 AS preference
    FROM serves
    UNION ALL
    SELECT system AS organisation, 'icb' AS role, name, period, 4 AS preference
    FROM system
    UNION ALL
    SELECT code AS organisation, 'region' AS role, name, '9999-11' AS period, 2 AS preference
    FROM region
)

SELECT
    organisation,
    role,
    name
FROM named
QUALIFY
    row_number() OVER (PARTITION BY organisation, role ORDER BY preference, period DESC, name) = 1
