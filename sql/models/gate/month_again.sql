-- Months of files in which most organisations repeat, figure by figure, what they sent for
-- another month.
WITH repeating AS (
    SELECT
        file_id,
        month,
        as_in,
        count(*) AS bodies,
        sum(equal) AS equal
    FROM resent
    WHERE equal = figures
    GROUP BY file_id, month, as_in
),

-- Bodies that could have shown it: those with a figure that says something in the month.
reporting AS (
    SELECT
        k.file_id,
        k.month,
        count(DISTINCT s.body) AS bodies
    FROM known_figure AS k
    INNER JOIN (SELECT DISTINCT file_id, month FROM repeating) AS r
        ON k.file_id = r.file_id AND k.month = r.month
    INNER JOIN known_series AS s ON k.series = s.series
    INNER JOIN tolerance AS t
        ON s.item = t.about AND t.code = 'KG-111' AND t.kind = 'item' AND t.name = 'least'
    WHERE k.value >= t.value
    GROUP BY k.file_id, k.month
)

SELECT
    r.file_id,
    r.month,
    r.as_in,
    r.bodies AS repeating,
    p.bodies,
    CAST(r.equal AS BIGINT) AS equal
FROM repeating AS r
INNER JOIN staged_file AS f ON r.file_id = f.file_id
INNER JOIN reporting AS p ON r.file_id = p.file_id AND r.month = p.month
INNER JOIN check_limit AS l
    ON l.code = 'KG-110' AND l.kind = 'layout' AND f.layout = l.about
WHERE r.bodies >= l.bodies AND r.bodies >= l.share * p.bodies
