-- The periods each staged file carries.
SELECT DISTINCT
    file_id,
    period
FROM staged_value
