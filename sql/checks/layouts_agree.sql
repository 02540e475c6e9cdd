-- An item that two layouts give, and differently for many organisations: two definitions, or
-- two clocks, under one name. Some differences are a revision.
WITH given AS (
    SELECT
        v.file_id,
        f.layout,
        v.role,
        v.organisation,
        v.item,
        c.month,
        v.value,
        f.shown_from
    FROM staged_value AS v
    INNER JOIN staged_file AS f ON v.file_id = f.file_id
    INNER JOIN calendar AS c ON v.period = c.period
    WHERE v.status = 'reported'
),

others AS (
    SELECT
        layout,
        name,
        role,
        organisation,
        item,
        month,
        value,
        shown_from
    FROM (
        SELECT
            g.*,
            f.name
        FROM given AS g
        INNER JOIN staged_file AS f ON g.file_id = f.file_id
        INNER JOIN (
            SELECT
                role,
                item,
                month
            FROM given
            GROUP BY role, item, month
            HAVING count(DISTINCT layout) > 1
        ) AS m ON g.role = m.role AND g.item = m.item AND g.month = m.month
    )
    UNION ALL
    SELECT
        s.layout,
        w.name,
        g.role,
        g.organisation,
        g.item,
        g.month,
        g.value,
        g.shown_from
    FROM ledger_figure AS g
    INNER JOIN submission AS s ON g.submission_id = s.submission_id
    INNER JOIN file AS w ON s.file_id = w.file_id
),

beside AS (
    SELECT
        g.file_id,
        g.item,
        g.month,
        g.role,
        o.layout,
        o.name,
        count(*) FILTER (WHERE g.value <> 0 OR o.value <> 0) AS bodies,
        count(*) FILTER (WHERE g.value <> o.value) AS differing,
        min(g.organisation) FILTER (WHERE g.value <> o.value) AS organisation
    FROM given AS g
    INNER JOIN others AS o
        ON
            g.role = o.role
            AND g.organisation = o.organisation
            AND g.item = o.item
            AND g.month = o.month
            AND g.layout <> o.layout
            AND g.shown_from >= o.shown_from
    GROUP BY g.file_id, g.item, g.month, g.role, o.layout, o.name
)

SELECT
    f.name AS file,
    v.sheet,
    v.row,
    d.heading AS "column",
    regexp_replace(CAST(v.value AS VARCHAR), '[.]0$', '') AS value,
    '' AS organisation,
    c.period,
    b.differing || ' of ' || b.bodies || ' organisations have another figure in ' || b.name || ' ('
    || b.layout || '), the first of them ' || b.organisation || ': are they one item?' AS message
FROM beside AS b
INNER JOIN check_limit AS l
    ON l.code = 'KG-121' AND l.kind = 'item' AND b.item = l.about
INNER JOIN staged_file AS f ON b.file_id = f.file_id
INNER JOIN calendar AS c ON b.month = c.month
INNER JOIN staged_value AS v
    ON
        b.file_id = v.file_id
        AND b.role = v.role
        AND b.organisation = v.organisation
        AND c.period = v.period
        AND b.item = v.item
INNER JOIN column_heading AS d
    ON v.file_id = d.file_id AND v.sheet = d.sheet AND v.position = d.position
WHERE b.differing >= l.bodies AND b.differing >= l.share * b.bodies
ORDER BY ALL
