-- Each printed figure beside the sum of what was loaded from the same file.
-- A body whose name or region two sheets spell differently is still one body.
WITH placement AS (
    SELECT
        file_id,
        role,
        organisation,
        period,
        min(level) AS level,
        min(parent) AS parent,
        min(parent_text) AS parent_text
    FROM staged_placement
    GROUP BY file_id, role, organisation, period
),

placed AS (
    SELECT
        v.file_id,
        v.role,
        v.organisation,
        v.period,
        v.item,
        v.value,
        p.level,
        p.parent,
        lower(p.parent_text) AS parent_text
    FROM staged_value AS v
    LEFT JOIN placement AS p
        ON
            v.file_id = p.file_id
            AND v.role = p.role
            AND v.organisation = p.organisation
            AND v.period = p.period
    WHERE v.status = 'reported'
)

SELECT
    t.file_id,
    t.sheet,
    t.row,
    t.heading,
    t.item,
    t.level,
    t.organisation,
    t.name,
    t.period,
    t.value AS printed,
    coalesce(sum(i.coefficient * v.value), 0) AS added_up
FROM printed_total AS t
INNER JOIN item_part AS i ON t.item = i.item AND i.adds
LEFT JOIN placed AS v
    ON
        t.file_id = v.file_id
        AND t.role = v.role
        AND t.period = v.period
        AND i.part = v.item
        AND (
            t.level = 'england'
            OR (t.level = 'organisation' AND t.organisation = v.organisation)
            OR (t.level = v.level AND (t.organisation = upper(v.parent) OR lower(t.name) = v.parent_text))
        )
GROUP BY ALL
