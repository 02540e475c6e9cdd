-- One value per organisation, period and item of each file. Rows of one key add up where
-- their table says so; else the first stands, and whether they agree is a check. A month
-- of days is the mean of a stock or the sum of a flow: reported if every day is, and a
-- partial month if the file has only some of its days.
WITH twice AS (
    SELECT g.*
    FROM figure AS g
    SEMI JOIN said_twice AS d
        ON
            g.file_id = d.file_id
            AND g.role = d.role
            AND g.organisation = d.organisation
            AND g.period = d.period
            AND coalesce(g.day, 0) = d.day
            AND g.item = d.item
    WHERE g.loaded
),

each AS (
    SELECT
        file_id,
        layout,
        grain,
        organisation,
        role,
        period,
        day,
        item,
        value,
        status,
        sheet,
        row,
        position
    FROM figure AS g
    ANTI JOIN said_twice AS d
        ON
            g.file_id = d.file_id
            AND g.role = d.role
            AND g.organisation = d.organisation
            AND g.period = d.period
            AND coalesce(g.day, 0) = d.day
            AND g.item = d.item
    WHERE g.loaded
    UNION ALL
    SELECT
        file_id,
        layout,
        grain,
        organisation,
        role,
        period,
        day,
        item,
        value,
        status,
        sheet,
        row,
        position
    FROM twice
    WHERE NOT adds
    QUALIFY
        row_number() OVER (
            PARTITION BY file_id, role, organisation, period, day, item ORDER BY sheet, row, position
        ) = 1
    UNION ALL
    SELECT
        file_id,
        layout,
        grain,
        organisation,
        role,
        period,
        day,
        item,
        sum(value) AS value,
        coalesce(min(status) FILTER (WHERE status <> 'reported'), 'reported') AS status,
        min(sheet) AS sheet,
        min(row) AS row,
        min(position) AS position
    FROM twice
    WHERE adds
    GROUP BY file_id, layout, grain, organisation, role, period, day, item
),

once AS (
    SELECT
        g.* EXCLUDE (value, status),
        CASE WHEN h.rule IS NULL AND g.status = 'reported' THEN g.value END AS value,
        CASE WHEN h.rule IS NULL THEN g.status ELSE 'not_reported' END AS status
    FROM each AS g
    LEFT JOIN condition_target AS t ON g.layout = t.layout AND g.item = t.item
    LEFT JOIN not_reported_hit AS h
        ON
            t.rule = h.rule
            AND g.layout = h.layout
            AND g.file_id = h.file_id
            AND g.role = h.role
            AND g.organisation = h.organisation
            AND g.period = h.period
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
