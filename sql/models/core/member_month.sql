-- Who is there in a month: whoever sent anything, and the trusts that are absent.
SELECT
    organisation,
    role,
    period
FROM present
UNION
SELECT
    organisation,
    role,
    period
FROM absent
