-- New and changed figures; an equal figure sent again adds no row.
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
    NULL AS known_to
FROM arriving AS a
ANTI JOIN (SELECT * FROM data_item_value WHERE known_to IS NULL) AS v
    ON
        a.organisation = v.organisation
        AND a.role = v.role
        AND a.period = v.period
        AND a.item = v.item
WHERE a.wins;
