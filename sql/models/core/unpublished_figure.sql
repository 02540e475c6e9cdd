-- Indicator × organisation × month whose figure holds an item that nobody outside may see
-- yet: of a submission shown from a later day, or never.
SELECT DISTINCT
    t.indicator,
    h.organisation,
    h.role,
    h.period
FROM held_figure AS h
INNER JOIN submission AS s ON h.submission_id = s.submission_id
INNER JOIN term AS t ON h.item = t.item
CROSS JOIN audience AS a
WHERE s.shown_from > a.day
