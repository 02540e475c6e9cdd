-- Version 4: from which day anybody may see what a submission says: always for published
-- figures, a day for embargoed ones, never (9999-12-31) for management information. A file
-- keeps it too, so that one held back is read again as what it was said to be. And of a run:
-- whom it was made for, and the day from which it would say something else.
ALTER TABLE file ADD COLUMN shown_from DATE DEFAULT DATE '0001-01-01';

ALTER TABLE submission ADD COLUMN shown_from DATE DEFAULT DATE '0001-01-01';

ALTER TABLE run ADD COLUMN audience VARCHAR DEFAULT 'public';

ALTER TABLE run ADD COLUMN stands_until DATE;

UPDATE meta SET schema_version = 4;
