-- The months of which each layout brought the figures that are due on a day; management
-- information is not what a calendar waits for.
SELECT DISTINCT
    layout,
    period
FROM submission
WHERE shown_from < DATE '9999-12-31'
