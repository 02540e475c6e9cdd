-- Organisations whose figures of one month are those of another: how many figures both months
-- have that say something, and how many of them are equal. Only months that give the largest
-- figure of the organisation alike are looked at, and of two staged months the later one.
WITH telling AS (
    SELECT
        k.shown_from,
        k.role,
        k.organisation,
        k.item,
        k.month,
        k.value,
        k.file_id
    FROM known_figure AS k
    INNER JOIN tolerance AS t
        ON k.item = t.about AND t.code = 'KG-111' AND t.kind = 'item' AND t.name = 'least'
    WHERE k.value >= t.value
),

largest AS (
    SELECT *
    FROM telling
    WHERE file_id IS NOT NULL
    QUALIFY
        row_number() OVER (
            PARTITION BY file_id, role, organisation, month ORDER BY value DESC, item
        ) = 1
),

alike AS (
    SELECT
        a.shown_from,
        a.file_id,
        a.role,
        a.organisation,
        a.month,
        b.month AS as_in
    FROM largest AS a
    INNER JOIN telling AS b
        ON
            a.shown_from = b.shown_from
            AND a.role = b.role
            AND a.organisation = b.organisation
            AND a.item = b.item
            AND a.value = b.value
    WHERE a.month <> b.month AND (a.month > b.month OR b.file_id IS NULL)
)

SELECT
    a.file_id,
    a.role,
    a.organisation,
    a.month,
    a.as_in,
    count(*) AS figures,
    count(*) FILTER (WHERE n.value = w.value) AS equal
FROM alike AS a
INNER JOIN telling AS n
    ON
        a.file_id = n.file_id
        AND a.role = n.role
        AND a.organisation = n.organisation
        AND a.month = n.month
INNER JOIN telling AS w
    ON
        a.shown_from = w.shown_from
        AND a.role = w.role
        AND a.organisation = w.organisation
        AND a.as_in = w.month
        AND n.item = w.item
GROUP BY a.file_id, a.role, a.organisation, a.month, a.as_in
