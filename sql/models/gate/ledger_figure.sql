-- Figures already published of the items at hand, five years around the months at hand, as far
-- as whoever may see a staged file may see them: what is said of a file never tells figures
-- that are shown later than the file. A file that is looked at again, because its month was said
-- wrongly or its checks have changed, is no history of its own.
WITH shown AS (
    SELECT DISTINCT shown_from
    FROM staged_file
),

at_hand AS (
    SELECT DISTINCT
        role,
        item
    FROM staged_value
),

span AS (
    SELECT
        min(c.month) - 60 AS first_month,
        max(c.month) + 60 AS last_month
    FROM staged_reading AS r
    INNER JOIN calendar AS c ON r.period = c.period
)

SELECT
    a.shown_from,
    v.role,
    v.organisation,
    v.item,
    c.month,
    v.value,
    s.submission_id
FROM data_item_value AS v
INNER JOIN submission AS s ON v.submission_id = s.submission_id
INNER JOIN file AS f ON s.file_id = f.file_id
ANTI JOIN staged_file AS again ON f.sha256 = again.sha256
INNER JOIN shown AS a ON s.shown_from <= a.shown_from
INNER JOIN at_hand AS h ON v.role = h.role AND v.item = h.item
INNER JOIN calendar AS c ON v.period = c.period
INNER JOIN span AS p ON c.month BETWEEN p.first_month AND p.last_month
WHERE v.known_to IS NULL AND v.status = 'reported'
QUALIFY
    row_number() OVER (
        PARTITION BY a.shown_from, v.role, v.organisation, v.item, c.month
        ORDER BY s.shown_from, s.submission_id DESC
    ) = 1
