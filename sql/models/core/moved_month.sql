-- The month told, the month before it and the same month a year before.
SELECT b.period
FROM month_told AS t
INNER JOIN calendar AS c ON t.period = c.period
INNER JOIN calendar AS b ON b.month IN (c.month, c.month - 1, c.month - 12)
