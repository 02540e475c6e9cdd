-- One value per organisation, period and item of each file. Where rows repeat a key the
-- first stands; whether they agree is a check.
WITH told AS (
    SELECT
        g.*,
        h.rule IS NOT NULL AS means_not_reported
    FROM figure AS g
    LEFT JOIN condition_target AS t ON g.layout = t.layout AND g.item = t.item
    LEFT JOIN not_reported_hit AS h
        ON
            t.rule = h.rule
            AND g.layout = h.layout
            AND g.file_id = h.file_id
            AND g.role = h.role
            AND g.organisation = h.organisation
            AND g.period = h.period
    WHERE g.loaded
)

SELECT
    file_id,
    layout,
    organisation,
    role,
    period,
    item,
    CASE WHEN NOT means_not_reported THEN value END AS value,
    CASE WHEN means_not_reported THEN 'not_reported' ELSE status END AS status,
    sheet,
    row,
    position
FROM told
QUALIFY
    row_number() OVER (
        PARTITION BY file_id, role, organisation, period, item ORDER BY sheet, row, position
    ) = 1
