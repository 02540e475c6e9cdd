-- The figures that hold now, or that held on the day asked for in `as_of`: what was known
-- by the end of a day, what was published by it, or both. An undated submission counts as
-- published on the day it was recorded. Only submissions that may be shown count; where
-- several of different status say one figure, published stands before management
-- information, and an embargo that has passed makes a figure a published one.
WITH moment AS (
    SELECT
        published_on,
        CAST(known_on AS TIMESTAMP) + INTERVAL 1 DAY AS known_before
    FROM as_of
),

known AS (
    SELECT
        v.organisation,
        v.role,
        v.period,
        v.item,
        v.value,
        v.status,
        v.submission_id,
        v.known_from,
        s.shown_from,
        m.published_on AS asked,
        v.known_to IS NULL OR v.known_to >= m.known_before AS open
    FROM data_item_value AS v
    INNER JOIN shown_submission AS s ON v.submission_id = s.submission_id
    CROSS JOIN moment AS m
    WHERE
        (m.known_before IS NULL OR v.known_from < m.known_before)
        AND (m.published_on IS NOT NULL OR v.known_to IS NULL OR v.known_to >= m.known_before)
),

-- The last word on each item and month, by the day from which it is shown. A figure that
-- still holds was said again by it; a body it no longer names has no figure from then.
last_word AS (
    SELECT
        b.period,
        f.item,
        a.shown_from,
        max(b.published_on) AS published_on,
        max(b.submission_id) AS submission_id,
        coalesce(max(b.published_on), max(CAST(r.recorded_at AS DATE))) AS spoken_on
    FROM submission AS b
    INNER JOIN shown_submission AS a ON b.submission_id = a.submission_id
    INNER JOIN (SELECT DISTINCT file_id, item FROM field) AS f ON b.file_id = f.file_id
    INNER JOIN run AS r ON b.run_id = r.run_id
    CROSS JOIN moment AS m
    WHERE m.known_before IS NULL OR r.recorded_at < m.known_before
    GROUP BY b.period, f.item, a.shown_from
),

-- Where more than one status speaks of an item and month: which stands first.
contested AS (
    SELECT
        period,
        item,
        shown_from,
        row_number() OVER (
            PARTITION BY period, item
            ORDER BY
                shown_from = DATE '9999-12-31', published_on DESC NULLS LAST, submission_id DESC
        ) AS place
    FROM last_word
    QUALIFY count(*) OVER (PARTITION BY period, item) > 1
),

published AS (
    SELECT
        k.*,
        s.published_on,
        coalesce(s.published_on, CAST(k.known_from AS DATE)) AS said_on
    FROM known AS k
    INNER JOIN submission AS s ON k.submission_id = s.submission_id
    WHERE k.asked IS NOT NULL
    UNION ALL
    SELECT
        k.*,
        w.published_on,
        w.published_on AS said_on
    FROM known AS k
    INNER JOIN last_word AS w
        ON k.period = w.period AND k.item = w.item AND k.shown_from = w.shown_from
    WHERE k.asked IS NOT NULL AND k.open AND w.published_on IS NOT NULL
),

named AS (
    SELECT
        p.*,
        bool_or(p.open) OVER (
            PARTITION BY p.organisation, p.role, p.period, p.item, p.shown_from
        ) AS named_still
    FROM published AS p
),

latest AS (
    SELECT p.*
    FROM named AS p
    LEFT JOIN last_word AS w
        ON p.period = w.period AND p.item = w.item AND p.shown_from = w.shown_from
    WHERE
        p.said_on <= p.asked
        AND (p.named_still OR w.spoken_on IS NULL OR w.spoken_on > p.asked)
    QUALIFY
        row_number() OVER (
            PARTITION BY p.organisation, p.role, p.period, p.item
            ORDER BY
                p.published_on DESC NULLS LAST, p.open DESC, p.known_from DESC, p.submission_id DESC
        ) = 1
),

first_of_contested AS (
    SELECT k.*
    FROM known AS k
    INNER JOIN contested AS c
        ON k.period = c.period AND k.item = c.item AND k.shown_from = c.shown_from
    WHERE k.asked IS NULL
    QUALIFY
        row_number() OVER (
            PARTITION BY k.organisation, k.role, k.period, k.item ORDER BY c.place
        ) = 1
)

SELECT
    k.organisation,
    k.role,
    k.period,
    k.item,
    k.value,
    k.status,
    k.submission_id
FROM known AS k
ANTI JOIN contested AS c ON k.period = c.period AND k.item = c.item
WHERE k.asked IS NULL
UNION ALL
SELECT
    organisation,
    role,
    period,
    item,
    value,
    status,
    submission_id
FROM first_of_contested
UNION ALL
SELECT
    organisation,
    role,
    period,
    item,
    value,
    status,
    submission_id
FROM latest
