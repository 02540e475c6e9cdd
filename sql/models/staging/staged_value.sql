-- One value per organisation, period and item of each file. Rows of one key add up where
-- their table says so; else the first stands, and whether they agree is a check. A month
-- of days is the mean of a stock or the sum of a flow: reported if every day is, and a
-- partial month if the file has only some of its days.
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

-- Few keys are said twice; only they need an order.
said_twice AS (
    SELECT
        file_id,
        role,
        organisation,
        period,
        coalesce(day, 0) AS day,
        item
    FROM told
    GROUP BY ALL
    HAVING count(*) > 1
),

twice AS (
    SELECT t.*
    FROM told AS t
    SEMI JOIN said_twice AS d
        ON
            t.file_id = d.file_id
            AND t.role = d.role
            AND t.organisation = d.organisation
            AND t.period = d.period
            AND coalesce(t.day, 0) = d.day
            AND t.item = d.item
),

added AS (
    SELECT
        file_id,
        layout,
        organisation,
        role,
        period,
        day,
        item,
        sum(value) AS value,
        CASE
            WHEN count(*) FILTER (WHERE status = 'reported') = count(*) THEN 'reported'
            ELSE min(status) FILTER (WHERE status <> 'reported')
        END AS status,
        bool_or(means_not_reported) AS means_not_reported,
        min(sheet) AS sheet,
        min(row) AS row,
        min(position) AS position,
        grain
    FROM twice
    WHERE adds
    GROUP BY ALL
),

first AS (
    SELECT *
    FROM twice
    WHERE NOT adds
    QUALIFY
        row_number() OVER (
            PARTITION BY file_id, role, organisation, period, day, item ORDER BY sheet, row, position
        ) = 1
),

each AS (
    SELECT
        file_id,
        layout,
        organisation,
        role,
        period,
        day,
        item,
        value,
        status,
        means_not_reported,
        sheet,
        row,
        position,
        grain
    FROM told AS t
    ANTI JOIN said_twice AS d
        ON
            t.file_id = d.file_id
            AND t.role = d.role
            AND t.organisation = d.organisation
            AND t.period = d.period
            AND coalesce(t.day, 0) = d.day
            AND t.item = d.item
    UNION ALL BY NAME
    SELECT * EXCLUDE (adds, text, loaded)
    FROM first
    UNION ALL BY NAME
    SELECT *
    FROM added
),

once AS (
    SELECT
        * EXCLUDE (means_not_reported)
        REPLACE (
            CASE WHEN NOT means_not_reported AND status = 'reported' THEN value END AS value,
            CASE WHEN means_not_reported THEN 'not_reported' ELSE status END AS status
        )
    FROM each
),

days_in_file AS (
    SELECT
        file_id,
        period,
        count(DISTINCT day) AS days
    FROM staged_reading
    GROUP BY file_id, period
),

month_of_days AS (
    SELECT
        o.file_id,
        o.layout,
        o.organisation,
        o.role,
        o.period,
        o.item,
        CASE min(i.measured) WHEN 'stock' THEN avg(o.value) ELSE sum(o.value) END AS value,
        CASE
            WHEN count(*) FILTER (WHERE o.status = 'reported') = c.days THEN 'reported'
            WHEN count(*) FILTER (WHERE o.status = 'reported') = f.days THEN 'partial_month'
            WHEN count(*) FILTER (WHERE o.status = 'rejected') > 0 THEN 'rejected'
            ELSE 'not_reported'
        END AS status,
        min(o.sheet) AS sheet,
        min(o.row) AS row,
        min(o.position) AS position
    FROM once AS o
    INNER JOIN item AS i ON o.item = i.item
    INNER JOIN calendar AS c ON o.period = c.period
    INNER JOIN days_in_file AS f ON o.file_id = f.file_id AND o.period = f.period
    WHERE o.grain = 'day'
    GROUP BY o.file_id, o.layout, o.organisation, o.role, o.period, o.item, c.days, f.days
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
    CASE WHEN status IN ('reported', 'partial_month') THEN value END AS value,
    status,
    sheet,
    row,
    position
FROM month_of_days
