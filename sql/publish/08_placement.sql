-- `share` is what part of the body belongs to the parent; a word that names one is whole.
-- Of one month the latest word stands: what it says otherwise is no longer said.
CREATE OR REPLACE TEMP TABLE good_placement AS
SELECT DISTINCT
    p.organisation,
    p.role,
    p.level,
    p.parent,
    p.period,
    p.share
FROM staged_placement AS p
SEMI JOIN good_file AS g ON p.file_id = g.file_id
ANTI JOIN held_back AS h
    ON p.file_id = h.file_id AND p.organisation = h.organisation AND p.period = h.period;
DELETE FROM placement AS p
WHERE EXISTS (
    SELECT 1
    FROM good_placement AS g
    WHERE
        g.organisation = p.organisation
        AND g.role = p.role
        AND g.level = p.level
        AND g.period = p.period
);
INSERT INTO placement SELECT * FROM good_placement;
