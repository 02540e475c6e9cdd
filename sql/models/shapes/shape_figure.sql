-- shape_figure
-- Values of bodies in the months in which they belong to the peer set of the indicator.
SELECT
    u.indicator,
    u.organisation,
    u.period,
    u.numerator,
    u.denominator,
    u.scale * u.numerator / nullif(u.denominator, 0) AS value
FROM unit_part AS u
INNER JOIN indicator AS i ON u.indicator = i.indicator
INNER JOIN peer_month AS p
    ON i.peer_set = p.peer_set AND u.organisation = p.organisation AND u.period = p.period
