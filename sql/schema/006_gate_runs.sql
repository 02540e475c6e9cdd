-- Version 6: the gate asked alone. `gate_result` is what it said, a row a check, organisation
-- and file, to be queried. `told`, `faults`, `good` and `rejected` hold the last few runs whole, so that
-- one over the same files need not be made again. The ledger of results kept with published
-- files, which had that name before, is `file_result`.
ALTER TABLE gate_result RENAME TO file_result;

UPDATE manifest SET ledger = 'file_result'
WHERE ledger = 'gate_result';

CREATE TABLE gate_run (
    gate_run_id INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    version VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL,
    files INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    good_figures BIGINT NOT NULL,
    rejected_rows BIGINT NOT NULL,
    inputs_hash VARCHAR NOT NULL,
    last_file INTEGER NOT NULL,
    told BLOB,
    faults BLOB,
    good BLOB,
    rejected BLOB
);

CREATE TABLE gate_result (
    gate_run_id INTEGER NOT NULL,
    "check" VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    layout VARCHAR NOT NULL,
    file VARCHAR NOT NULL,
    organisation VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL,
    severity VARCHAR NOT NULL,
    observed VARCHAR NOT NULL,
    threshold VARCHAR NOT NULL,
    failed BIGINT NOT NULL,
    total BIGINT NOT NULL
);

UPDATE meta SET schema_version = 6;
