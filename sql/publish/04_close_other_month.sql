-- A file that carries no month and was given another one when it was read again: what it
-- said of the first month no longer holds.
UPDATE data_item_value AS v
SET known_to = (SELECT recorded_at FROM this_run)
WHERE
    v.known_to IS NULL
    AND EXISTS (
        SELECT 1
        FROM submission AS b
        INNER JOIN file AS before ON b.file_id = before.file_id
        INNER JOIN staged_file AS s ON before.sha256 = s.sha256
        INNER JOIN staged_good AS g ON s.file_id = g.file_id
        WHERE
            b.submission_id = v.submission_id
            AND NOT EXISTS (
                SELECT 1
                FROM staged_reading AS r
                WHERE r.file_id = s.file_id AND r.period = v.period
            )
    );
