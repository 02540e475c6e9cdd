-- Columns that the file of the month before had and this one has not, and columns that are not
-- in the layout. Where the one looks like the other, was it renamed?
WITH read_as AS (
    SELECT
        f.file_id,
        f.name,
        f.layout,
        f.shown_from,
        TRUE AS staged,
        max(r.period) AS period
    FROM staged_file AS f
    INNER JOIN staged_reading AS r ON f.file_id = r.file_id
    GROUP BY f.file_id, f.name, f.layout, f.shown_from
    UNION ALL
    SELECT
        f.file_id,
        f.name,
        f.layout,
        s.shown_from,
        FALSE AS staged,
        max(s.period) AS period
    FROM file AS f
    INNER JOIN submission AS s ON f.file_id = s.file_id
    GROUP BY f.file_id, f.name, f.layout, s.shown_from
),

before AS (
    SELECT
        a.file_id,
        a.period,
        b.file_id AS before_id,
        b.name AS before_name,
        b.staged AS before_staged
    FROM read_as AS a
    INNER JOIN read_as AS b
        ON a.layout = b.layout AND a.period > b.period AND a.shown_from >= b.shown_from
    WHERE a.staged
    QUALIFY
        row_number() OVER (PARTITION BY a.file_id ORDER BY b.period DESC, b.staged, b.file_id DESC) = 1
),

-- Tables whose rows name their items have none where a month had nothing to say.
heading AS (
    SELECT
        file_id,
        TRUE AS staged,
        item,
        min(heading) AS heading
    FROM staged_field
    WHERE split_text = ''
    GROUP BY file_id, item
    UNION ALL
    SELECT
        file_id,
        FALSE AS staged,
        item,
        min(heading) AS heading
    FROM field
    GROUP BY file_id, item
),

wrong AS (
    SELECT
        b.file_id,
        '' AS sheet,
        h.heading,
        u.heading AS near,
        b.period,
        'the column ' || h.heading || ' was in ' || b.before_name || ' and is not here' AS message
    FROM before AS b
    INNER JOIN heading AS h ON b.before_id = h.file_id AND b.before_staged = h.staged
    SEMI JOIN (SELECT * FROM staged_field WHERE split_text = '') AS o ON b.file_id = o.file_id
    ANTI JOIN heading AS n ON b.file_id = n.file_id AND n.staged AND h.item = n.item
    INNER JOIN item AS i
        ON h.item = i.item AND (i.collected_until IS NULL OR b.period <= i.collected_until)
    LEFT JOIN staged_unused AS u ON b.file_id = u.file_id AND h.item = u.near_item
    UNION ALL
    SELECT
        u.file_id,
        u.sheet,
        u.heading,
        CASE WHEN b.file_id IS NULL THEN u.near END AS near,
        '' AS period,
        'the column ' || u.heading || ' is not in the layout and was not read' AS message
    FROM staged_unused AS u
    LEFT JOIN before AS b ON u.file_id = b.file_id
)

SELECT
    f.name AS file,
    w.sheet,
    CAST(NULL AS BIGINT) AS row,
    w.heading AS "column",
    '' AS value,
    '' AS organisation,
    w.period,
    w.message || coalesce('; renamed: is it ' || w.near || '?', '') AS message
FROM wrong AS w
INNER JOIN staged_file AS f ON w.file_id = f.file_id
ORDER BY ALL
