-- Version 5: epochs of the book. One that was put back from a copy opens the next, in which the numbers
-- of receipts begin anew.
CREATE TABLE epoch (
  epoch INTEGER PRIMARY KEY,         -- the highest is the one in force
  opened_ms INTEGER NOT NULL
) STRICT;
INSERT INTO epoch (epoch, opened_ms) VALUES (1, 0);
-- The epoch of the facility's newest receipt number.
ALTER TABLE facility ADD COLUMN epoch INTEGER NOT NULL DEFAULT 1;
-- An entry may get the same number in two epochs.
CREATE TABLE numbered_receipt (
  fac TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  n INTEGER NOT NULL,
  h TEXT NOT NULL,
  jws TEXT NOT NULL,
  PRIMARY KEY (fac, epoch, n, h)
) STRICT, WITHOUT ROWID;
INSERT INTO numbered_receipt (fac, epoch, n, h, jws) SELECT fac, 1, n, h, jws FROM receipt;
DROP TABLE receipt;
ALTER TABLE numbered_receipt RENAME TO receipt;
CREATE INDEX receipt_entry ON receipt (h, epoch, n);
-- Names of enrolled people and devices: they travel to the facility's own devices, and stand in no trust
-- list from now on.
CREATE TABLE key_name (
  kid TEXT PRIMARY KEY,
  fac TEXT NOT NULL,
  name TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX key_name_fac ON key_name (fac);
-- What an act was besides: reason, before and after (JSON, `record::ActDetails`).
ALTER TABLE act ADD COLUMN details TEXT;
