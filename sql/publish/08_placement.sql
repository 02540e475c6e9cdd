-- `share` is what part of the body belongs to the parent; a word that names one is whole.
INSERT INTO placement
SELECT DISTINCT
    p.organisation,
    p.role,
    p.level,
    p.parent,
    p.period,
    p.share
FROM staged_placement AS p
INNER JOIN (SELECT DISTINCT file_id FROM staged_good) AS g ON p.file_id = g.file_id
EXCEPT
SELECT * FROM placement;
