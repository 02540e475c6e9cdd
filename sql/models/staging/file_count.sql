-- read = loaded + set aside + rejected, to be held against the second reader's count.
SELECT
    file_id,
    count(*) AS read,
    count(*) FILTER (WHERE fate = 'loaded') AS loaded,
    count(*) FILTER (WHERE fate = 'set aside') AS set_aside,
    count(*) FILTER (WHERE fate = 'rejected') AS rejected
FROM record_read
GROUP BY file_id
