-- Names with the letters that text read in the wrong encoding leaves behind: the mark of a
-- letter that could not be read, or two letters of Windows-1252 that stand for one of UTF-8.
SELECT
    f.name AS file,
    r.sheet,
    r.row,
    '' AS "column",
    r.name AS value,
    r.organisation,
    coalesce(r.period, '') AS period,
    'the name has letters that were read in the wrong encoding' AS message,
    c.read AS total
FROM record_read AS r
INNER JOIN staged_file AS f ON r.file_id = f.file_id
INNER JOIN file_count AS c ON r.file_id = c.file_id
WHERE
    r.fate = 'loaded'
    AND regexp_matches(r.name, '\x{FFFD}|[\x{C2}\x{C3}][\x{80}-\x{BF}]|\x{E2}(\x{20AC}|$)')
ORDER BY ALL
