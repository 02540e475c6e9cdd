-- An indicator that stands to what its organisation had in other months, or whose median stands
-- to its peers', as one unit stands to another: 60 and 3600 for seconds, minutes and hours, and
-- for a percentage that was reported as such 100. Asked only where those months, or peers, are
-- steady themselves.
WITH unit AS (
    SELECT
        i.indicator,
        u.factor,
        u.words
    FROM indicator AS i
    INNER JOIN (
        VALUES
        ('minutes', 60.0, 'minutes and seconds, or hours and minutes'),
        ('minutes', 3600.0, 'hours and seconds'),
        ('seconds', 60.0, 'minutes and seconds'),
        ('seconds', 3600.0, 'hours and seconds'),
        ('percent', 100.0, 'a percentage and a fraction')
    ) AS u (unit, factor, words)
        ON i.unit = u.unit AND (u.unit <> 'percent' OR i.denominator_kind = 'one')
),

told AS (
    SELECT
        *,
        ln(value) AS size
    FROM known_rate
    WHERE value > 0
),

own AS (
    SELECT
        shown_from,
        role,
        organisation,
        indicator,
        count(DISTINCT month) AS months,
        median(size) AS middle
    FROM told
    GROUP BY shown_from, role, organisation, indicator
),

own_steady AS (
    SELECT
        t.shown_from,
        t.role,
        t.organisation,
        t.indicator,
        o.middle
    FROM told AS t
    INNER JOIN own AS o
        ON
            t.shown_from = o.shown_from
            AND t.role = o.role
            AND t.organisation = o.organisation
            AND t.indicator = o.indicator
    INNER JOIN check_limit AS l
        ON
            l.code = 'KG-112'
            AND l.kind = 'indicator'
            AND t.indicator = l.about
            AND o.months >= l.months
    GROUP BY t.shown_from, t.role, t.organisation, t.indicator, o.middle
    HAVING
        count(*) FILTER (WHERE abs(t.size - o.middle) <= ln(l.steady)) >= max(l.share) * count(*)
),

peer AS (
    SELECT
        o.shown_from,
        o.role,
        o.indicator,
        median(o.middle) AS middle
    FROM own AS o
    INNER JOIN check_limit AS l
        ON l.code = 'KG-112' AND l.kind = 'indicator' AND o.indicator = l.about
    GROUP BY o.shown_from, o.role, o.indicator
    HAVING count(*) > max(l.peers)
),

peer_steady AS (
    SELECT
        o.shown_from,
        o.role,
        o.indicator,
        p.middle
    FROM own AS o
    INNER JOIN peer AS p
        ON o.shown_from = p.shown_from AND o.role = p.role AND o.indicator = p.indicator
    INNER JOIN check_limit AS l
        ON l.code = 'KG-112' AND l.kind = 'indicator' AND o.indicator = l.about
    GROUP BY o.shown_from, o.role, o.indicator, p.middle
    HAVING
        count(*) FILTER (WHERE abs(o.middle - p.middle) <= ln(l.steady)) >= max(l.share) * count(*)
),

beside AS (
    SELECT
        t.file_id,
        t.role,
        t.organisation,
        t.indicator,
        t.month,
        t.value,
        t.size,
        o.middle,
        'its other months' AS what,
        'fail' AS outcome
    FROM told AS t
    INNER JOIN own_steady AS o
        ON
            t.shown_from = o.shown_from
            AND t.role = o.role
            AND t.organisation = o.organisation
            AND t.indicator = o.indicator
    WHERE t.file_id IS NOT NULL
    UNION ALL
    SELECT
        t.file_id,
        t.role,
        t.organisation,
        t.indicator,
        t.month,
        t.value,
        o.middle AS size,
        p.middle,
        'its peers' AS what,
        'warn' AS outcome
    FROM told AS t
    INNER JOIN own AS o
        ON
            t.shown_from = o.shown_from
            AND t.role = o.role
            AND t.organisation = o.organisation
            AND t.indicator = o.indicator
    INNER JOIN peer_steady AS p
        ON t.shown_from = p.shown_from AND t.role = p.role AND t.indicator = p.indicator
    WHERE t.file_id IS NOT NULL
    QUALIFY
        row_number() OVER (
            PARTITION BY t.file_id, t.role, t.organisation, t.indicator ORDER BY t.month DESC
        ) = 1
),

wrong AS (
    SELECT
        b.file_id,
        b.role,
        b.organisation,
        b.indicator,
        b.month,
        b.value,
        b.middle,
        b.what,
        b.outcome,
        u.words
    FROM beside AS b
    INNER JOIN check_limit AS l
        ON l.code = 'KG-112' AND l.kind = 'indicator' AND b.indicator = l.about
    INNER JOIN unit AS u
        ON
            b.indicator = u.indicator
            AND abs(abs(b.size - b.middle) - ln(u.factor)) <= ln(l.near)
    QUALIFY
        row_number() OVER (
            PARTITION BY b.file_id, b.role, b.organisation, b.indicator, b.month
            ORDER BY b.outcome, abs(abs(b.size - b.middle) - ln(u.factor)), u.factor
        ) = 1
)

SELECT
    f.name AS file,
    v.sheet,
    v.row,
    d.heading AS "column",
    CAST(round(w.value, 3) AS VARCHAR) AS value,
    w.organisation,
    c.period,
    i.title || ': found ' || CAST(round(w.value, 3) AS VARCHAR) || ' where ' || w.what || ' are about '
    || CAST(round(exp(w.middle), 3) AS VARCHAR) || ': ' || w.words || ' confused?' AS message,
    w.outcome
FROM wrong AS w
INNER JOIN staged_file AS f ON w.file_id = f.file_id
INNER JOIN calendar AS c ON w.month = c.month
INNER JOIN indicator AS i ON w.indicator = i.indicator
INNER JOIN numerator_place AS v
    ON
        w.indicator = v.indicator
        AND w.file_id = v.file_id
        AND w.role = v.role
        AND w.organisation = v.organisation
        AND c.period = v.period
INNER JOIN column_heading AS d
    ON v.file_id = d.file_id AND v.sheet = d.sheet AND v.position = d.position
ORDER BY ALL
