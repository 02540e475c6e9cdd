-- Figures that no longer hold: those a winner changes, and those of organisations that a
-- whole-period submission no longer names (unless the gate held the organisation back).
-- Only figures shown from the same day close each other.
UPDATE data_item_value AS v
SET known_to = (SELECT recorded_at FROM this_run)
FROM submission AS was
WHERE
    v.known_to IS NULL
    AND v.submission_id = was.submission_id
    AND EXISTS (
        SELECT 1
        FROM winner AS w
        INNER JOIN staged_file AS f ON w.file_id = f.file_id
        WHERE
            w.role = v.role
            AND w.item = v.item
            AND w.period = v.period
            AND f.shown_from = was.shown_from
            AND (
                f.replaces = 'period'
                OR EXISTS (
                    SELECT 1
                    FROM arriving AS a
                    WHERE
                        a.wins
                        AND a.organisation = v.organisation
                        AND a.role = v.role
                        AND a.item = v.item
                        AND a.shown_from = was.shown_from
                        AND a.period = v.period
                )
            )
            AND NOT EXISTS (
                SELECT 1
                FROM held_back AS b
                WHERE
                    b.file_id = w.file_id
                    AND b.organisation = v.organisation
                    AND b.period = v.period
            )
    )
    AND NOT EXISTS (
        SELECT 1
        FROM arriving AS a
        WHERE
            a.wins
            AND a.organisation = v.organisation
            AND a.role = v.role
            AND a.item = v.item
            AND a.shown_from = was.shown_from
            AND a.period = v.period
            AND a.value IS NOT DISTINCT FROM v.value
            AND a.status = v.status
    );
