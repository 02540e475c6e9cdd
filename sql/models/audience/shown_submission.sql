-- The submissions whose figures this run may show. Nothing else decides it: every model of
-- figures reads the ledger through here.
SELECT
    s.submission_id,
    s.shown_from
FROM submission AS s
CROSS JOIN audience AS a
WHERE a.everything OR s.shown_from <= a.day
