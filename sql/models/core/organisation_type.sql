-- What kind of body each organisation is, and whether it is a trust: by the workspace, by
-- its role as an ambulance service, else by its code.
WITH known AS (
    SELECT DISTINCT
        organisation,
        role
    FROM data_item_value
),

typed AS (
    SELECT
        k.organisation,
        k.role,
        CASE
            WHEN w.type IS NOT NULL THEN w.type
            WHEN k.role = 'ambulance' THEN 'ambulance'
            ELSE coalesce(c.type, 'unknown')
        END AS type,
        CASE
            WHEN w.type IS NOT NULL THEN 'workspace'
            WHEN k.role = 'ambulance' THEN 'role'
            ELSE 'code'
        END AS basis
    FROM known AS k
    LEFT JOIN (
        SELECT
            organisation,
            role,
            max(type) AS type
        FROM workspace_organisation
        WHERE type <> ''
        GROUP BY organisation, role
    ) AS w ON k.organisation = w.organisation AND k.role = w.role
    LEFT JOIN code_type AS c ON k.organisation = c.organisation
)

SELECT
    t.organisation,
    t.role,
    t.type,
    t.basis,
    coalesce(y.trust, FALSE) AS trust
FROM typed AS t
LEFT JOIN type AS y ON t.type = y.type
