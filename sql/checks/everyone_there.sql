-- Organisations that reported in every one of the months before and have no figure in a file
-- that is the whole month's. Who was succeeded or closed is not missed, nor who left out days.
WITH whole AS (
    SELECT DISTINCT
        v.file_id,
        f.name,
        f.shown_from,
        l.value AS months,
        v.role,
        split_part(v.item, '.', 1) AS area,
        c.month,
        c.period
    FROM staged_value AS v
    INNER JOIN staged_file AS f ON v.file_id = f.file_id AND f.replaces = 'period'
    INNER JOIN calendar AS c ON v.period = c.period
    INNER JOIN tolerance AS l
        ON f.layout = l.about AND l.code = 'KG-116' AND l.kind = 'layout' AND l.name = 'months'
),

present AS (
    SELECT DISTINCT
        k.shown_from,
        s.role,
        s.organisation,
        s.area,
        k.month
    FROM known_figure AS k
    INNER JOIN known_series AS s ON k.series = s.series
    SEMI JOIN whole AS w ON k.shown_from = w.shown_from AND s.role = w.role AND s.area = w.area
),

there AS (
    SELECT DISTINCT
        v.file_id,
        v.role,
        v.organisation,
        split_part(v.item, '.', 1) AS area,
        v.period
    FROM staged_value AS v
    INNER JOIN staged_file AS f ON v.file_id = f.file_id
    WHERE v.value IS NOT NULL OR f.grain = 'day'
)

SELECT
    w.name AS file,
    '' AS sheet,
    CAST(NULL AS BIGINT) AS row,
    '' AS "column",
    '' AS value,
    p.organisation,
    w.period,
    'no figures of ' || p.organisation || ' for ' || w.period || ', which reported in each of the '
    || CAST(w.months AS INTEGER) || ' months before' AS message
FROM whole AS w
INNER JOIN present AS p
    ON
        w.shown_from = p.shown_from
        AND w.role = p.role
        AND w.area = p.area
        AND p.month >= w.month - w.months
        AND p.month < w.month
ANTI JOIN there AS t
    ON
        w.file_id = t.file_id
        AND w.role = t.role
        AND w.area = t.area
        AND w.period = t.period
        AND p.organisation = t.organisation
ANTI JOIN succession AS s ON p.organisation = s.predecessor AND w.period >= s.since
ANTI JOIN (SELECT * FROM workspace_organisation WHERE closed <> '') AS o
    ON p.organisation = o.organisation AND w.role = o.role AND w.period > o.closed
GROUP BY w.name, w.period, w.months, p.organisation, w.role, w.area
HAVING count(*) = max(w.months)
ORDER BY ALL
