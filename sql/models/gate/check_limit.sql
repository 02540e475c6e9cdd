-- The numbers of a check for what it is asked of, side by side; null where it has no such number.
SELECT
    code,
    kind,
    about,
    max(value) FILTER (WHERE name = 'bodies') AS bodies,
    max(value) FILTER (WHERE name = 'count') AS count_of,
    max(value) FILTER (WHERE name = 'deviations') AS deviations,
    max(value) FILTER (WHERE name = 'expected') AS expected,
    max(value) FILTER (WHERE name = 'figures') AS figures,
    max(value) FILTER (WHERE name = 'known') AS known,
    max(value) FILTER (WHERE name = 'least') AS least,
    max(value) FILTER (WHERE name = 'left') AS at_most,
    max(value) FILTER (WHERE name = 'months') AS months,
    max(value) FILTER (WHERE name = 'near') AS near,
    max(value) FILTER (WHERE name = 'peers') AS peers,
    max(value) FILTER (WHERE name = 'share') AS share,
    max(value) FILTER (WHERE name = 'steady') AS steady,
    max(value) FILTER (WHERE name = 'times') AS times,
    max(value) FILTER (WHERE name = 'zero') AS zero
FROM tolerance
GROUP BY code, kind, about
