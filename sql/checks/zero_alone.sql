-- Nothing, or next to nothing, for most of a year where the peers' middle share would give many:
-- told once for an organisation, at the last month that is staged.
WITH last_month AS (
    SELECT
        shown_from,
        role,
        indicator,
        max(month) AS month
    FROM known_rate
    WHERE file_id IS NOT NULL
    GROUP BY shown_from, role, indicator
),

year AS (
    SELECT
        m.shown_from,
        m.month,
        k.role,
        k.organisation,
        k.indicator,
        max(CASE WHEN k.month = m.month THEN k.file_id END) AS file_id,
        count(DISTINCT k.month) AS months,
        count(DISTINCT k.month) FILTER (WHERE k.numerator = 0) AS nothing,
        sum(k.numerator) AS numerator,
        sum(k.denominator) AS denominator
    FROM last_month AS m
    INNER JOIN check_limit AS l
        ON l.code = 'KG-115' AND l.kind = 'indicator' AND m.indicator = l.about
    INNER JOIN known_rate AS k
        ON
            m.shown_from = k.shown_from
            AND m.role = k.role
            AND m.indicator = k.indicator
            AND k.month > m.month - l.months
            AND k.month <= m.month
    INNER JOIN indicator AS i ON k.indicator = i.indicator AND i.denominator_kind = 'parts'
    ANTI JOIN peer_left_out AS p ON i.peer_set = p.peer_set AND k.organisation = p.organisation
    GROUP BY m.shown_from, m.month, k.role, k.organisation, k.indicator
),

peer AS (
    SELECT
        y.shown_from,
        y.role,
        y.indicator,
        count(*) AS peers,
        median(y.numerator / y.denominator) AS middle
    FROM year AS y
    GROUP BY y.shown_from, y.role, y.indicator
)

SELECT
    f.name AS file,
    v.sheet,
    v.row,
    d.heading AS "column",
    regexp_replace(CAST(y.numerator AS VARCHAR), '[.]0$', '') AS value,
    y.organisation,
    c.period,
    i.title || ': 0 in ' || y.nothing || ' of ' || y.months || ' months; at the share of its peers there '
    || 'would be about ' || CAST(CAST(round(p.middle * y.denominator) AS BIGINT) AS VARCHAR) AS message
FROM year AS y
INNER JOIN check_limit AS l
    ON l.code = 'KG-115' AND l.kind = 'indicator' AND y.indicator = l.about
INNER JOIN peer AS p
    ON y.shown_from = p.shown_from AND y.role = p.role AND y.indicator = p.indicator
INNER JOIN staged_file AS f ON y.file_id = f.file_id
INNER JOIN calendar AS c ON y.month = c.month
INNER JOIN indicator AS i ON y.indicator = i.indicator
INNER JOIN numerator_place AS v
    ON
        y.indicator = v.indicator
        AND y.file_id = v.file_id
        AND y.role = v.role
        AND y.organisation = v.organisation
        AND c.period = v.period
INNER JOIN column_heading AS d
    ON v.file_id = d.file_id AND v.sheet = d.sheet AND v.position = d.position
WHERE
    y.months >= l.known
    AND y.nothing >= l.zero * y.months
    AND y.numerator <= l.at_most * p.middle * y.denominator
    AND p.peers > l.peers
    AND p.middle * y.denominator >= l.expected
ORDER BY ALL
