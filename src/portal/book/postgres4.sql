-- Version 4: epochs of the book. One that was put back from a copy opens the next, in which the numbers
-- of receipts begin anew.
CREATE TABLE epoch (
  epoch BIGINT PRIMARY KEY,          -- the highest is the one in force
  opened_ms BIGINT NOT NULL
);
INSERT INTO epoch (epoch, opened_ms) VALUES (1, 0);
-- The epoch of the facility's newest receipt number.
ALTER TABLE facility ADD COLUMN epoch BIGINT NOT NULL DEFAULT 1;
-- An entry may get the same number in two epochs.
ALTER TABLE receipt ADD COLUMN epoch BIGINT NOT NULL DEFAULT 1;
ALTER TABLE receipt DROP CONSTRAINT receipt_pkey;
ALTER TABLE receipt ADD PRIMARY KEY (fac, epoch, n, h);
DROP INDEX receipt_entry;
CREATE INDEX receipt_entry ON receipt (h, epoch, n);
-- Names of enrolled people and devices: they travel to the facility's own devices, and stand in no trust
-- list from now on.
CREATE TABLE key_name (
  kid TEXT COLLATE "C" PRIMARY KEY,
  fac TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL
);
CREATE INDEX key_name_fac ON key_name (fac);
-- What an act was besides: reason, before and after (JSON, `record::ActDetails`).
ALTER TABLE act ADD COLUMN details TEXT COLLATE "C";
