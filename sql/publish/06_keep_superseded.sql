-- Figures that lost to another file of the same run, or to one that already holds, are
-- kept where they differ: known and superseded in the same moment.
INSERT INTO data_item_value
SELECT
    a.organisation,
    a.role,
    a.period,
    a.item,
    a.value,
    a.status,
    a.submission_id,
    a.sheet,
    a.row,
    a.position,
    (SELECT recorded_at FROM this_run) AS known_from,
    (SELECT recorded_at FROM this_run) AS known_to
FROM arriving AS a
ANTI JOIN (SELECT * FROM data_item_value WHERE known_to IS NULL) AS v
    ON
        a.organisation = v.organisation
        AND a.role = v.role
        AND a.period = v.period
        AND a.item = v.item
        AND a.value IS NOT DISTINCT FROM v.value
        AND a.status = v.status
WHERE NOT a.wins;
