-- Organisations whose figures of one month are those of another: how many figures both months
-- have that say something, and how many of them are equal. Only months that give the largest
-- figure of the organisation alike are looked at, and of two staged months the later one.
WITH least AS (
    SELECT
        s.series,
        t.value AS least
    FROM known_series AS s
    INNER JOIN tolerance AS t
        ON s.item = t.about AND t.code = 'KG-111' AND t.kind = 'item' AND t.name = 'least'
),

telling AS (
    SELECT k.*
    FROM known_figure AS k
    INNER JOIN least AS l ON k.series = l.series AND k.value >= l.least
),

largest AS (
    SELECT
        shown_from,
        file_id,
        body,
        month,
        max(value) AS value,
        max_by(series, value) AS series
    FROM telling
    WHERE file_id IS NOT NULL
    GROUP BY shown_from, file_id, body, month
),

alike AS (
    SELECT
        a.shown_from,
        a.file_id,
        a.body,
        a.month,
        b.month AS as_in
    FROM largest AS a
    INNER JOIN telling AS b
        ON a.shown_from = b.shown_from AND a.series = b.series AND a.value = b.value
    WHERE a.month <> b.month AND (a.month > b.month OR b.file_id IS NULL)
)

SELECT
    a.file_id,
    a.body,
    a.month,
    a.as_in,
    count(*) AS figures,
    count(*) FILTER (WHERE n.value = w.value) AS equal
FROM alike AS a
INNER JOIN telling AS n ON a.file_id = n.file_id AND a.body = n.body AND a.month = n.month
INNER JOIN telling AS w
    ON a.shown_from = w.shown_from AND a.as_in = w.month AND n.series = w.series
GROUP BY a.file_id, a.body, a.month, a.as_in
