-- What a file says beside figures is used where one of them was good, or it holds none.
CREATE OR REPLACE TEMP TABLE good_file AS
SELECT DISTINCT file_id
FROM staged_good
UNION
SELECT t.file_id
FROM staged_table AS t
ANTI JOIN held_file AS h ON t.file_id = h.file_id
WHERE t.use = 'place';
