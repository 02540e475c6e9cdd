-- What became of every physical row: loaded, set aside or rejected, and why.
SELECT
    r.file_id,
    r.sheet,
    r.row,
    CASE
        WHEN k.row IS NULL THEN 'set aside'
        WHEN t.row IS NOT NULL THEN 'set aside'
        WHEN k.use = 'reconcile' THEN 'set aside'
        WHEN len(r.cells) < k.width THEN 'rejected'
        WHEN k.organisation = '' THEN 'rejected'
        WHEN p.period IS NULL THEN 'rejected'
        WHEN k.is_part THEN 'set aside'
        ELSE 'loaded'
    END AS fate,
    CASE
        WHEN k.row IS NULL THEN r.fate
        WHEN t.row IS NOT NULL THEN 'total of ' || t.level
        WHEN k.use = 'reconcile' THEN 'printed figures, reconciled'
        WHEN len(r.cells) < k.width
            THEN 'cut short: ' || len(r.cells) || ' of ' || k.width || ' columns'
        WHEN k.organisation = '' THEN 'no organisation code'
        WHEN p.period IS NULL THEN 'period not read: ' || k.period_text
        WHEN k.is_part THEN 'part of a total, added up'
        ELSE ''
    END AS reason
FROM staged_record AS r
LEFT JOIN record_key AS k ON r.file_id = k.file_id AND r.sheet = k.sheet AND r.row = k.row
LEFT JOIN record_total AS t ON r.file_id = t.file_id AND r.sheet = t.sheet AND r.row = t.row
LEFT JOIN staged_reading AS p ON k.file_id = p.file_id AND k.period_text = p.text
