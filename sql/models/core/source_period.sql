-- The months each layout has figures for, so that holes can be named.
SELECT DISTINCT
    s.layout,
    s.period
FROM submission AS s
