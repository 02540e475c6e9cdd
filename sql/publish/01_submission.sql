-- One submission per file and period; it names the one whose figures it stands before.
INSERT INTO submission (
    submission_id, run_id, file_id, layout, period, published_on, supersedes, shown_from
)
SELECT
    (SELECT coalesce(max(submission_id), 0) FROM submission)
    + row_number() OVER (ORDER BY f.file_id, f.period) AS submission_id,
    (SELECT run_id FROM this_run) AS run_id,
    f.file_id,
    s.layout,
    f.period,
    s.published_on,
    h.submission_id AS supersedes,
    s.shown_from
FROM (
    SELECT
        file_id,
        period
    FROM staged_good
    UNION
    SELECT
        p.file_id,
        p.period
    FROM staged_placement AS p
    SEMI JOIN good_file AS g ON p.file_id = g.file_id
) AS f
INNER JOIN staged_file AS s ON f.file_id = s.file_id
LEFT JOIN (
    SELECT
        v.period,
        b.layout,
        b.shown_from,
        max(v.submission_id) AS submission_id
    FROM data_item_value AS v
    INNER JOIN submission AS b ON v.submission_id = b.submission_id
    WHERE v.known_to IS NULL
    GROUP BY v.period, b.layout, b.shown_from
) AS h
    ON f.period = h.period AND s.layout = h.layout AND s.shown_from = h.shown_from;
