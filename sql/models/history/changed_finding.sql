-- Each arrow over all ties as two runs found it: new, gone, still there, or of another
-- verdict. `compared` has one row: the two runs and their moments.
WITH was AS (
    SELECT f.*
    FROM finding AS f
    INNER JOIN compared AS c ON f.run_id = c.was_run
    WHERE f.tie = ''
),

now AS (
    SELECT f.*
    FROM finding AS f
    INNER JOIN compared AS c ON f.run_id = c.now_run
    WHERE f.tie = ''
)

SELECT
    coalesce(n.rule, w.rule) AS rule,
    coalesce(n.arrow, w.arrow) AS arrow,
    CASE
        WHEN w.rule IS NULL THEN 'new'
        WHEN n.rule IS NULL THEN 'gone'
        WHEN w.verdict <> n.verdict THEN 'verdict changed'
        ELSE 'still there'
    END AS became,
    coalesce(w.verdict, '') AS was_verdict,
    coalesce(n.verdict, '') AS now_verdict,
    w.r AS was_r,
    n.r AS now_r
FROM was AS w
FULL JOIN now AS n ON w.rule = n.rule AND w.arrow = n.arrow
