-- Version 10: what a book that was set back asks its operator.
-- Accounts are those of the copy: each waits until it is confirmed.
ALTER TABLE account ADD COLUMN confirmed BIGINT NOT NULL DEFAULT 1;
-- Receipts that came back under a key that the newest trust list revokes.
CREATE TABLE doubted (
  h TEXT COLLATE "C" PRIMARY KEY,    -- of the receipt
  kid TEXT COLLATE "C" NOT NULL,
  fac TEXT COLLATE "C" NOT NULL,
  jws TEXT NOT NULL,
  at_ms BIGINT NOT NULL,
  settled BIGINT NOT NULL            -- the operator has decided on it
);
CREATE INDEX doubted_fac ON doubted (fac);
-- Causes in words are read as codes, and a certificate is found by its number: what is projected is drawn anew.
UPDATE notification SET drawn = 0;
