-- One value per organisation, period and item of each file. Where rows repeat a key the
-- first stands; whether they agree is a check. A month of days is the mean of a stock or
-- the sum of a flow, and is not reported unless every day is.
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
),

once AS (
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
        position,
        grain
    FROM told
    QUALIFY
        row_number() OVER (
            PARTITION BY file_id, role, organisation, period, day, item ORDER BY sheet, row, position
        ) = 1
),

month_of_days AS (
    SELECT
        o.file_id,
        o.layout,
        o.organisation,
        o.role,
        o.period,
        o.item,
        i.measured,
        avg(o.value) AS mean,
        sum(o.value) AS added_up,
        CASE
            WHEN count(*) FILTER (WHERE o.status = 'reported') = c.days THEN 'reported'
            WHEN count(*) FILTER (WHERE o.status = 'rejected') > 0 THEN 'rejected'
            ELSE 'not_reported'
        END AS status,
        min(o.sheet) AS sheet,
        min(o.row) AS row,
        min(o.position) AS position
    FROM once AS o
    INNER JOIN item AS i ON o.item = i.item
    INNER JOIN calendar AS c ON o.period = c.period
    WHERE o.grain = 'day'
    GROUP BY o.file_id, o.layout, o.organisation, o.role, o.period, o.item, i.measured, c.days
)

SELECT
    file_id,
    layout,
    organisation,
    role,
    period,
    item,
    value,
    status,
    sheet,
    row,
    position
FROM once
WHERE grain = 'month'
UNION ALL
SELECT
    file_id,
    layout,
    organisation,
    role,
    period,
    item,
    CASE WHEN status = 'reported' THEN CASE measured WHEN 'stock' THEN mean ELSE added_up END END
        AS value,
    status,
    sheet,
    row,
    position
FROM month_of_days
