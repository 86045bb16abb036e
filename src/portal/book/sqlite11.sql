-- Version 11: what a book that was set back asks its operator.
-- Accounts are those of the copy: each waits until it is confirmed.
ALTER TABLE account ADD COLUMN confirmed INTEGER NOT NULL DEFAULT 1;
-- Receipts that came back under a key that the newest trust list revokes.
CREATE TABLE doubted (
  h TEXT PRIMARY KEY,                -- of the receipt
  kid TEXT NOT NULL,
  fac TEXT NOT NULL,
  jws TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  settled INTEGER NOT NULL           -- the operator has decided on it
) STRICT, WITHOUT ROWID;
CREATE INDEX doubted_fac ON doubted (fac);
-- Causes in words are read as codes, and a certificate is found by its number: what is projected is drawn anew.
UPDATE notification SET drawn = 0;
