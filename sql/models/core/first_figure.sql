-- What each figure was when it was first told, where it was told differently later: the
-- earliest among those that may be shown; of one moment the undated, then the earliest published.
SELECT
    v.organisation,
    v.role,
    v.period,
    v.item,
    CASE WHEN v.status = 'reported' THEN v.value END AS value
FROM data_item_value AS v
INNER JOIN shown_submission AS s ON v.submission_id = s.submission_id
INNER JOIN submission AS b ON v.submission_id = b.submission_id
INNER JOIN moved_month AS m ON v.period = m.period
QUALIFY
    count(*) OVER (PARTITION BY v.organisation, v.role, v.period, v.item) > 1
    AND row_number() OVER (
        PARTITION BY v.organisation, v.role, v.period, v.item
        ORDER BY v.known_from, b.published_on NULLS FIRST, v.submission_id
    ) = 1
