-- Figures of this run that stand before earlier ones: what was, what is, which files.
-- Both were shown from the same day: a figure never revises one of another status.
WITH run AS (SELECT recorded_at FROM this_run)

SELECT
    o.item,
    o.organisation,
    o.period,
    o.value AS was,
    n.value AS now,
    fo.name AS was_file,
    fn.name AS now_file,
    coalesce(CAST(sn.published_on AS VARCHAR), '') AS published_on
FROM data_item_value AS o
INNER JOIN run AS r ON o.known_to = r.recorded_at
INNER JOIN data_item_value AS n
    ON
        o.organisation = n.organisation
        AND o.role = n.role
        AND o.period = n.period
        AND o.item = n.item
        AND n.known_to IS NULL
INNER JOIN shown_submission AS a ON o.submission_id = a.submission_id
INNER JOIN shown_submission AS b
    ON n.submission_id = b.submission_id AND a.shown_from = b.shown_from
INNER JOIN submission AS so ON o.submission_id = so.submission_id
INNER JOIN submission AS sn ON n.submission_id = sn.submission_id
INNER JOIN file AS fo ON so.file_id = fo.file_id
INNER JOIN file AS fn ON sn.file_id = fn.file_id
WHERE o.value IS DISTINCT FROM n.value
