-- Version 5: what is true of the whole book, and stays (`book::Mark`).
CREATE TABLE mark (
  name TEXT COLLATE "C" PRIMARY KEY,
  value TEXT COLLATE "C" NOT NULL
);
-- Tries to sign in, by keyed hashes of where they come from and at which account.
CREATE TABLE attempt (
  h TEXT COLLATE "C" PRIMARY KEY,
  fails BIGINT NOT NULL,
  not_before_ms BIGINT NOT NULL,
  welcome_ms BIGINT,                -- when a try was right: the source is known there
  at_ms BIGINT NOT NULL
);
CREATE INDEX attempt_at ON attempt (at_ms);
-- They were counted by account alone, so that a stranger could keep its owner out.
ALTER TABLE account DROP COLUMN fails;
ALTER TABLE account DROP COLUMN not_before_ms;
