-- record_fact
-- Facts of the record that change what figures mean: a body that ceases to send, months of
-- its own that it did not send, and a merger whose month differs from one source to another.
WITH area_month AS (
    SELECT
        area,
        role,
        month,
        min(period) AS period
    FROM sent_month
    GROUP BY area, role, month
),

area_span AS (
    SELECT
        area,
        role,
        min(month) AS first_month,
        max(month) AS last_month,
        max(period) AS last_period
    FROM area_month
    GROUP BY area, role
),

body AS (
    SELECT
        s.organisation,
        s.role,
        s.area,
        min(s.month) AS first_month,
        max(s.month) AS last_month,
        max(s.period) AS last_period,
        count(*) AS months
    FROM sent_month AS s
    GROUP BY s.organisation, s.role, s.area
),

stopped AS (
    SELECT
        'stopped' AS kind,
        b.area,
        b.role,
        b.organisation,
        b.last_period AS period,
        '' AS beside,
        a.last_month - b.last_month AS months
    FROM body AS b
    INNER JOIN area_span AS a ON b.area = a.area AND b.role = a.role
    ANTI JOIN succession_path AS p ON b.organisation = p.predecessor AND b.area = p.area
    WHERE b.last_month < a.last_month AND b.months >= 6
),

silent AS (
    SELECT
        'silent' AS kind,
        b.area,
        b.role,
        b.organisation,
        min(m.period) AS period,
        '' AS beside,
        count(*) AS months
    FROM body AS b
    INNER JOIN area_month AS m
        ON
            b.area = m.area
            AND b.role = m.role
            AND m.month > b.first_month
            AND m.month < b.last_month
    ANTI JOIN sent_month AS s
        ON
            b.organisation = s.organisation
            AND b.role = s.role
            AND b.area = s.area
            AND m.month = s.month
    GROUP BY b.area, b.role, b.organisation
),

merged AS (
    SELECT
        'merger' AS kind,
        b.area,
        b.role,
        b.organisation,
        b.last_period AS period,
        p.since AS beside,
        b.last_month + 1 - c.month AS months
    FROM body AS b
    INNER JOIN succession_path AS p ON b.organisation = p.predecessor AND b.area = p.area
    INNER JOIN calendar AS c ON p.since = c.period
    INNER JOIN area_span AS a ON b.area = a.area AND b.role = a.role
    WHERE
        b.last_month + 1 <> c.month
        AND c.month > a.first_month
        AND c.month <= a.last_month
)

SELECT * FROM stopped
UNION ALL
SELECT * FROM silent
UNION ALL
SELECT * FROM merged
