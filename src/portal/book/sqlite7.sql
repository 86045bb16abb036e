-- Version 7: whom the registry need not believe, and what it keeps of them.
-- What is true of the whole book, and stays (`book::Mark`).
CREATE TABLE mark (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- Tries to sign in, by keyed hashes of where they come from and at which account.
CREATE TABLE attempt (
  h TEXT PRIMARY KEY,
  fails INTEGER NOT NULL,
  not_before_ms INTEGER NOT NULL,
  welcome_ms INTEGER,               -- when a try was right: the source is known there
  at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX attempt_at ON attempt (at_ms);
-- They were counted by account alone, so that a stranger could keep its owner out.
ALTER TABLE account DROP COLUMN fails;
ALTER TABLE account DROP COLUMN not_before_ms;
-- Entries under keys that nobody believes, by the device that brought them.
CREATE TABLE strange_entry (
  h TEXT PRIMARY KEY,
  dev TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX strange_entry_dev ON strange_entry (dev);
-- Requests to enrol that nobody vouched for, by a keyed hash of where they came from.
CREATE TABLE strange_enrolment (
  id TEXT PRIMARY KEY,
  source TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX strange_enrolment_source ON strange_enrolment (source);
