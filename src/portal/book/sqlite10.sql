-- Version 10: what lies in copies of the book, and which numbers were never given.
-- The highest receipt of a facility that lies in a copy.
CREATE TABLE safe (
  fac TEXT PRIMARY KEY,
  epoch INTEGER NOT NULL,
  n INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- Registration numbers that were passed over, so that none is given twice.
CREATE TABLE not_given (
  office TEXT NOT NULL,
  year INTEGER NOT NULL,
  kind TEXT NOT NULL,
  from_n INTEGER NOT NULL,
  to_n INTEGER NOT NULL,
  why TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (office, year, kind, from_n)
) STRICT, WITHOUT ROWID;
-- The last copy that succeeded, and the last one that was restored for trial.
CREATE TABLE copied (
  what TEXT PRIMARY KEY,             -- backup, drill
  at_ms INTEGER NOT NULL,
  of_ms INTEGER NOT NULL             -- the moment of the book that the copy shows
) STRICT, WITHOUT ROWID;
