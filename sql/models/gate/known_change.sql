-- How much each figure changed from the month before, as a logarithm; half a unit stands for 0.
SELECT
    a.shown_from,
    a.series,
    a.month,
    a.file_id,
    a.value,
    b.value AS before,
    ln((a.value + 0.5) / (b.value + 0.5)) AS change
FROM known_figure AS a
INNER JOIN known_figure AS b
    ON a.shown_from = b.shown_from AND a.series = b.series AND a.month = b.month + 1
WHERE a.value >= 0 AND b.value >= 0
