-- Every physical row, read once: whose figures it holds and of when, by the places its
-- table says to look at, and what becomes of it: loaded, set aside or rejected, and why.
WITH total AS (
    SELECT
        file_id,
        sheet,
        list(
            {'position': position, 'equals': lower(equals), 'starts_with': starts_with,
            'level': level, 'adds_up': adds_up}
            ORDER BY level, position
        ) AS rules
    FROM staged_total
    GROUP BY file_id, sheet
),

-- Words of split columns that some item of the table asks for, where its figures stand, and
-- whose indicator it is that they name, if they name one.
asked AS (
    SELECT
        f.file_id,
        f.sheet,
        f.split_text,
        list(DISTINCT f.position) AS read_at,
        min(i.role) AS answers
    FROM staged_field AS f
    LEFT JOIN reported_part AS i ON f.item = i.item
    GROUP BY f.file_id, f.sheet, f.split_text
),

known_role AS (SELECT DISTINCT role FROM indicator),

-- A table with a period over every block of columns names its bodies as of the last.
last_period AS (
    SELECT
        file_id,
        max(period) AS period
    FROM staged_reading
    GROUP BY file_id
),

placed AS (
    SELECT
        r.file_id,
        r.sheet,
        r.row,
        r.cells,
        r.fate AS part_of_sheet,
        t.use,
        t.level AS table_level,
        t.role AS table_role,
        lower(trim(coalesce(r.cells[t.role_at], ''))) AS role_text,
        t.figures_at,
        t.width,
        -- A cell beyond the last heading: the figures before it may stand one column too far right.
        array_to_string(r.cells[t.width + 1:], '') <> '' AS too_wide,
        t.adds,
        t.repeats,
        t.parent_level,
        trim(r.cells[t.share_at]) AS share_text,
        t.period_in_columns,
        t.other_rows,
        -- A marker where the code should stand is no code.
        CASE WHEN m.text IS NULL THEN upper(trim(r.cells[t.code_at])) ELSE '' END AS organisation,
        trim(regexp_replace(coalesce(r.cells[t.name_at], ''), '[\s\x{A0}]+', ' ', 'g')) AS name,
        trim(regexp_replace(coalesce(r.cells[t.parent_at], ''), '[\s\x{A0}]+', ' ', 'g')) AS parent,
        -- A row of the table that is part of a total loaded from another row of it.
        t.kept_at IS NOT NULL
        AND NOT list_contains(t.kept, lower(trim(coalesce(r.cells[t.kept_at], '')))) AS is_part,
        trim(coalesce(r.cells[t.kept_at], '')) AS part,
        coalesce(
            t.period_text,
            array_to_string(
                list_transform(t.period_at, lambda p: coalesce(r.cells[p], '')), ' '
            )
        ) AS period_text,
        array_to_string(
            list_transform(t.split_at, lambda p: coalesce(r.cells[p], '')), chr(31)
        ) AS split_text,
        list_filter(
            o.rules,
            lambda x: lower(trim(r.cells[x.position])) = x.equals
            OR starts_with(trim(r.cells[x.position]), x.starts_with)
        )[1] AS total
    FROM staged_record AS r
    INNER JOIN staged_file AS s ON r.file_id = s.file_id
    LEFT JOIN staged_table AS t
        ON r.fate = 'data' AND r.file_id = t.file_id AND r.sheet = t.sheet
    LEFT JOIN total AS o ON t.file_id = o.file_id AND t.sheet = o.sheet
    LEFT JOIN marker AS m
        ON
            s.layout = m.layout
            AND m.status <> 'reported'
            AND m.text <> ''
            AND trim(r.cells[t.code_at]) = m.text
),

-- What the row's words name, in whose role it reports, and what is wrong with either.
named AS (
    SELECT
        p.*,
        h.why AS hint,
        a.file_id IS NOT NULL AS is_asked,
        coalesce(p.table_role, nullif(p.role_text, ''), a.answers) AS role,
        CASE
            WHEN coalesce(p.table_role, nullif(p.role_text, ''), a.answers) IS NULL
                THEN 'no role, and a data item may be of several: say whose it is'
            WHEN p.role_text <> '' AND o.role IS NULL
                THEN 'no indicator is of the role ' || p.role_text
            WHEN a.answers <> coalesce(p.table_role, nullif(p.role_text, ''), a.answers)
                THEN 'an indicator that ' || a.answers || ' answers for, not '
                    || coalesce(p.table_role, p.role_text)
            WHEN
                len(list_filter(a.read_at, lambda x: trim(p.cells[x]) <> '')) = 0
                AND len(list_filter(p.figures_at, lambda x: trim(p.cells[x]) <> '')) > 0
                THEN h.why
        END AS wrong
    FROM placed AS p
    LEFT JOIN asked AS a
        ON p.file_id = a.file_id AND p.sheet = a.sheet AND p.split_text = a.split_text
    LEFT JOIN staged_hint AS h
        ON p.file_id = h.file_id AND p.sheet = h.sheet AND p.split_text = h.split_text
    LEFT JOIN known_role AS o ON p.role_text = o.role
)

SELECT
    p.file_id,
    p.sheet,
    p.row,
    p.cells,
    p.use,
    p.role,
    p.adds,
    p.repeats,
    p.organisation,
    p.name,
    p.parent,
    p.parent_level,
    p.share_text,
    p.split_text,
    p.period_text,
    coalesce(d.period, CASE WHEN p.period_in_columns THEN e.period END) AS period,
    d.day,
    p.total IS NOT NULL AS is_total,
    coalesce(p.total.level, p.table_level) AS level,
    -- England's row of a part is not the sum of the rows loaded, which are those of the total.
    coalesce(p.total.adds_up, TRUE) AND NOT (p.is_part AND p.part <> '') AS adds_up,
    CASE
        WHEN p.use IS NULL THEN 'set aside'
        WHEN p.total IS NOT NULL THEN 'set aside'
        WHEN p.use = 'reconcile' THEN 'set aside'
        WHEN len(p.cells) < p.width OR p.too_wide THEN 'rejected'
        WHEN p.organisation = '' THEN 'rejected'
        WHEN d.period IS NULL AND NOT p.period_in_columns THEN 'rejected'
        WHEN p.is_part THEN 'set aside'
        WHEN p.use = 'place' AND p.parent = '' THEN 'rejected'
        WHEN p.use = 'place' THEN 'loaded'
        WHEN NOT p.is_asked AND p.other_rows = 'ignore' THEN 'set aside'
        WHEN NOT p.is_asked THEN 'rejected'
        WHEN p.wrong IS NOT NULL THEN 'rejected'
        ELSE 'loaded'
    END AS fate,
    CASE
        WHEN p.use IS NULL THEN p.part_of_sheet
        WHEN p.total IS NOT NULL AND NOT p.total.adds_up
            THEN 'figures of ' || p.total.level || ', which rows do not add up to'
        WHEN p.total IS NOT NULL THEN 'total of ' || p.total.level
        WHEN p.use = 'reconcile' THEN 'printed figures, reconciled'
        WHEN len(p.cells) < p.width
            THEN 'cut short: ' || len(p.cells) || ' of ' || p.width || ' columns'
        WHEN p.too_wide
            THEN 'too wide: ' || len(p.cells) || ' cells under ' || p.width || ' headings'
        WHEN p.organisation = '' THEN 'no organisation code'
        WHEN d.period IS NULL AND NOT p.period_in_columns
            THEN 'period not read: ' || trim(p.period_text)
        WHEN p.is_part THEN 'part of a total, added up'
        WHEN p.use = 'place' AND p.parent = '' THEN 'no parent to belong to'
        WHEN p.use = 'place' THEN ''
        WHEN NOT p.is_asked AND p.other_rows = 'ignore' THEN 'no item asks for this row'
        WHEN NOT p.is_asked
            THEN coalesce(
                p.hint,
                'not an item the definitions know: ' || replace(p.split_text, chr(31), ', ')
            )
        ELSE coalesce(p.wrong, '')
    END AS reason,
    reason = 'part of a total, added up' AS is_part
FROM named AS p
LEFT JOIN staged_reading AS d ON p.file_id = d.file_id AND p.period_text = d.text
LEFT JOIN last_period AS e ON p.file_id = e.file_id
