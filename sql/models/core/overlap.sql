-- Months in which a body and its successor both report after the one took over from the
-- other. Where one file says the whole month it lists them apart and both count; else the
-- successor's figure is taken to hold the predecessor's, which then does not count. A month
-- given for the area itself settles it.
WITH concerned AS (
    SELECT predecessor AS organisation FROM succession
    UNION
    SELECT successor AS organisation FROM succession
),

sent AS (
    SELECT
        v.organisation,
        v.role,
        v.period,
        split_part(v.item, '.', 1) AS area,
        bool_and(w.layout IS NOT NULL) AS whole
    FROM held_figure AS v
    INNER JOIN concerned AS c ON v.organisation = c.organisation
    LEFT JOIN submission AS b ON v.submission_id = b.submission_id
    LEFT JOIN whole_layout AS w ON b.layout = w.layout
    WHERE v.status = 'reported'
    GROUP BY v.organisation, v.role, v.period, split_part(v.item, '.', 1)
)

SELECT
    p.predecessor,
    p.successor,
    o.role,
    o.period,
    p.area,
    p.since,
    NOT p.said AND o.whole AND n.whole AS counted
FROM succession_path AS p
INNER JOIN sent AS o
    ON p.predecessor = o.organisation AND p.area = o.area AND o.period >= p.since
INNER JOIN sent AS n
    ON
        p.successor = n.organisation
        AND p.area = n.area
        AND o.role = n.role
        AND o.period = n.period
