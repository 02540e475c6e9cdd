-- Figures that held after one run and were others after another: what was, what is, and
-- the file that says it, as far as they could be shown on the days of the runs. `compared`
-- has one row: the two runs and their moments.
WITH was AS (
    SELECT v.*
    FROM data_item_value AS v
    INNER JOIN shown_submission AS s ON v.submission_id = s.submission_id
    CROSS JOIN compared AS c
    CROSS JOIN audience AS a
    WHERE
        v.known_from <= c.was_at
        AND (v.known_to IS NULL OR v.known_to > c.was_at)
        AND (a.everything OR s.shown_from <= CAST(c.was_at AS DATE))
    QUALIFY
        row_number() OVER (
            PARTITION BY v.organisation, v.role, v.period, v.item
            ORDER BY s.shown_from = DATE '9999-12-31', v.known_from DESC, s.shown_from DESC
        ) = 1
),

now AS (
    SELECT v.*
    FROM data_item_value AS v
    INNER JOIN shown_submission AS s ON v.submission_id = s.submission_id
    CROSS JOIN compared AS c
    CROSS JOIN audience AS a
    WHERE
        v.known_from <= c.now_at
        AND (v.known_to IS NULL OR v.known_to > c.now_at)
        AND (a.everything OR s.shown_from <= CAST(c.now_at AS DATE))
    QUALIFY
        row_number() OVER (
            PARTITION BY v.organisation, v.role, v.period, v.item
            ORDER BY s.shown_from = DATE '9999-12-31', v.known_from DESC, s.shown_from DESC
        ) = 1
)

SELECT
    coalesce(n.organisation, w.organisation) AS organisation,
    coalesce(n.role, w.role) AS role,
    coalesce(n.period, w.period) AS period,
    coalesce(n.item, w.item) AS item,
    CASE
        WHEN w.item IS NULL THEN 'new'
        WHEN n.item IS NULL THEN 'gone'
        ELSE 'revised'
    END AS became,
    w.value AS was,
    n.value AS now,
    coalesce(w.status, '') AS was_status,
    coalesce(n.status, '') AS now_status,
    coalesce(wf.name, '') AS was_file,
    coalesce(nf.name, '') AS now_file,
    coalesce(CAST(ns.published_on AS VARCHAR), '') AS published_on
FROM was AS w
FULL JOIN now AS n
    ON
        w.organisation = n.organisation
        AND w.role = n.role
        AND w.period = n.period
        AND w.item = n.item
LEFT JOIN submission AS ws ON w.submission_id = ws.submission_id
LEFT JOIN file AS wf ON ws.file_id = wf.file_id
LEFT JOIN submission AS ns ON n.submission_id = ns.submission_id
LEFT JOIN file AS nf ON ns.file_id = nf.file_id
WHERE w.item IS NULL OR n.item IS NULL OR w.value IS DISTINCT FROM n.value OR w.status <> n.status
