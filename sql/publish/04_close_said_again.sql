-- A file that was read again for another month, or with another status: what it said of the
-- first month, or with the first status, no longer holds. Another status closes it even where
-- the gate holds the file back: figures said to be under an embargo may not stay open.
UPDATE data_item_value AS v
SET known_to = (SELECT recorded_at FROM this_run)
WHERE
    v.known_to IS NULL
    AND EXISTS (
        SELECT 1
        FROM submission AS b
        INNER JOIN file AS before ON b.file_id = before.file_id
        INNER JOIN staged_file AS s ON before.sha256 = s.sha256
        WHERE
            b.submission_id = v.submission_id
            AND (
                b.shown_from <> s.shown_from
                OR (
                    s.file_id IN (SELECT g.file_id FROM staged_good AS g)
                    AND NOT EXISTS (
                        SELECT 1
                        FROM staged_reading AS r
                        WHERE r.file_id = s.file_id AND r.period = v.period
                    )
                )
            )
    );
