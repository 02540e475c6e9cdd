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
ANTI JOIN (
    SELECT
        d.*,
        s.shown_from
    FROM data_item_value AS d
    INNER JOIN submission AS s ON d.submission_id = s.submission_id
    WHERE d.known_to IS NULL
) AS v
    ON
        a.organisation = v.organisation
        AND a.role = v.role
        AND a.period = v.period
        AND a.item = v.item
        AND a.shown_from = v.shown_from
WHERE a.wins;
