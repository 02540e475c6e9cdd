-- Keys of a file that more than one row gives a figure for. They are few: only for them does
-- the order of rows matter, and whether rows agree.
SELECT
    file_id,
    role,
    organisation,
    period,
    coalesce(day, 0) AS day,
    item,
    count(*) AS times
FROM figure
WHERE loaded
GROUP BY ALL
HAVING count(*) > 1
