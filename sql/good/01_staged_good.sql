-- What is staged less what the gate held back.
CREATE OR REPLACE TEMP TABLE staged_good AS
SELECT v.*
FROM staged_value AS v
ANTI JOIN held_file AS h ON v.file_id = h.file_id
ANTI JOIN held_back AS b
    ON v.file_id = b.file_id AND v.organisation = b.organisation AND v.period = b.period;
