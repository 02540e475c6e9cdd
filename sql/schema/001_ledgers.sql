-- The ledgers: what was read, what was sent, what was known when. Rows are added and
-- closed, never rewritten. Uniqueness is held by checks, not by primary keys (a key on
-- five million rows costs more than the load).

CREATE TABLE meta (schema_version INTEGER NOT NULL);
INSERT INTO meta VALUES (1);

CREATE TABLE run (
    run_id INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    version VARCHAR NOT NULL,
    inputs_hash VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL,
    screen VARCHAR NOT NULL,
    findings_json VARCHAR NOT NULL
);

CREATE TABLE file (
    file_id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    layout VARCHAR NOT NULL,
    layout_hash VARCHAR NOT NULL,
    published_on DATE,
    counted BIGINT NOT NULL,
    read BIGINT NOT NULL,
    loaded BIGINT NOT NULL,
    set_aside BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    set_aside_why VARCHAR NOT NULL,
    notes VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    why VARCHAR NOT NULL
);

-- Rows that became no observation, kept with their cells so that nothing is lost.
CREATE TABLE record (
    file_id INTEGER NOT NULL,
    sheet VARCHAR NOT NULL,
    row BIGINT NOT NULL,
    cells VARCHAR[] NOT NULL,
    fate VARCHAR NOT NULL,
    reason VARCHAR NOT NULL
);

CREATE TABLE field (
    file_id INTEGER NOT NULL,
    sheet VARCHAR NOT NULL,
    position BIGINT NOT NULL,
    heading VARCHAR NOT NULL,
    item VARCHAR NOT NULL
);

-- Cells whose value could not be read, and observations the gate held back.
CREATE TABLE quarantine (
    file_id INTEGER NOT NULL,
    sheet VARCHAR NOT NULL,
    row BIGINT,
    heading VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    organisation VARCHAR NOT NULL,
    period VARCHAR NOT NULL,
    reason VARCHAR NOT NULL
);

-- Results of the gate other than pass, kept so that a file not read again still speaks.
CREATE TABLE gate_result (
    file_id INTEGER NOT NULL,
    result VARCHAR NOT NULL
);

CREATE TABLE submission (
    submission_id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    file_id INTEGER NOT NULL,
    layout VARCHAR NOT NULL,
    period VARCHAR NOT NULL,
    published_on DATE,
    supersedes INTEGER
);

-- known_to is open for the figure that holds; a figure superseded within the run that
-- brought it has known_to = known_from.
CREATE TABLE data_item_value (
    organisation VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    period VARCHAR NOT NULL,
    item VARCHAR NOT NULL,
    value DOUBLE,
    status VARCHAR NOT NULL,
    submission_id INTEGER NOT NULL,
    sheet VARCHAR NOT NULL,
    row BIGINT NOT NULL,
    position BIGINT NOT NULL,
    known_from TIMESTAMP NOT NULL,
    known_to TIMESTAMP
);

CREATE TABLE organisation (
    organisation VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    period VARCHAR NOT NULL
);

-- Where a submission places an organisation: its region or its integrated care board.
CREATE TABLE placement (
    organisation VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    level VARCHAR NOT NULL,
    parent VARCHAR NOT NULL,
    period VARCHAR NOT NULL
);

-- Declared before looking: a family whose plan changes without a new version is an error.
CREATE TABLE plan (
    run_id INTEGER NOT NULL,
    rule VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    family VARCHAR NOT NULL,
    plan_hash VARCHAR NOT NULL
);

CREATE TABLE finding (
    run_id INTEGER NOT NULL,
    rule VARCHAR NOT NULL,
    arrow VARCHAR NOT NULL,
    tie VARCHAR NOT NULL,
    verdict VARCHAR NOT NULL,
    r DOUBLE,
    low DOUBLE,
    high DOUBLE,
    p DOUBLE
);
