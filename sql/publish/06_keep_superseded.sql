-- Figures that do not hold, or say again what holds, are kept where what is known would
-- give another figure on the day they were published: known and superseded in the same
-- moment. So a month as it was published can be told whatever the order files came in.
INSERT INTO data_item_value
WITH last_word AS (
    SELECT
        s.period,
        f.item,
        s.shown_from,
        max(s.published_on) AS published_on
    FROM submission AS s
    INNER JOIN (SELECT DISTINCT file_id, item FROM field) AS f ON s.file_id = f.file_id
    WHERE s.run_id < (SELECT run_id FROM this_run)
    GROUP BY s.period, f.item, s.shown_from
),

-- What was not just added: it loses, or says again what holds.
not_added AS (
    SELECT * FROM arriving WHERE NOT wins
    UNION ALL
    SELECT a.*
    FROM arriving AS a
    SEMI JOIN (
        SELECT *
        FROM data_item_value
        WHERE known_to IS NULL AND known_from < (SELECT recorded_at FROM this_run)
    ) AS v
        ON
            a.organisation = v.organisation
            AND a.role = v.role
            AND a.period = v.period
            AND a.item = v.item
    WHERE a.wins
),

come AS (
    SELECT
        a.*,
        coalesce(s.published_on, CAST(r.recorded_at AS DATE)) AS said_on,
        r.recorded_at
    FROM not_added AS a
    INNER JOIN submission AS s ON a.submission_id = s.submission_id
    CROSS JOIN this_run AS r
),

kept AS (
    SELECT
        v.organisation,
        v.role,
        v.period,
        v.item,
        v.value,
        v.status,
        v.submission_id,
        v.known_from,
        v.known_to IS NULL AS open,
        s.published_on,
        s.shown_from,
        coalesce(s.published_on, CAST(v.known_from AS DATE)) AS said_on
    FROM data_item_value AS v
    INNER JOIN submission AS s ON v.submission_id = s.submission_id
    SEMI JOIN come AS c
        ON
            v.organisation = c.organisation
            AND v.role = c.role
            AND v.period = c.period
            AND v.item = c.item
),

-- A figure that still holds was said again by the last word on its item and month.
dated AS (
    SELECT * FROM kept
    UNION ALL
    SELECT
        k.* REPLACE (w.published_on AS published_on, w.published_on AS said_on)
    FROM kept AS k
    INNER JOIN last_word AS w
        ON k.period = w.period AND k.item = w.item AND k.shown_from = w.shown_from
    WHERE k.open AND (k.published_on IS NULL OR w.published_on > k.published_on)
),

said AS (
    SELECT
        c.organisation,
        c.role,
        c.period,
        c.item,
        c.submission_id,
        k.value,
        k.status
    FROM come AS c
    INNER JOIN dated AS k
        ON
            c.organisation = k.organisation
            AND c.role = k.role
            AND c.period = k.period
            AND c.item = k.item
            AND c.shown_from = k.shown_from
    WHERE k.said_on <= c.said_on
    QUALIFY
        row_number() OVER (
            PARTITION BY c.organisation, c.role, c.period, c.item, c.submission_id
            ORDER BY
                k.published_on DESC NULLS LAST, k.open DESC, k.known_from DESC, k.submission_id DESC
        ) = 1
)

SELECT
    c.organisation,
    c.role,
    c.period,
    c.item,
    c.value,
    c.status,
    c.submission_id,
    c.sheet,
    c.row,
    c.position,
    c.recorded_at AS known_from,
    c.recorded_at AS known_to
FROM come AS c
ANTI JOIN said AS k
    ON
        c.organisation = k.organisation
        AND c.role = k.role
        AND c.period = k.period
        AND c.item = k.item
        AND c.submission_id = k.submission_id
        AND c.value IS NOT DISTINCT FROM k.value
        AND c.status = k.status;
