-- Version 9: what lies in copies of the book, and which numbers were never given.
-- The highest receipt of a facility that lies in a copy.
CREATE TABLE safe (
  fac TEXT COLLATE "C" PRIMARY KEY,
  epoch BIGINT NOT NULL,
  n BIGINT NOT NULL
);
-- Registration numbers that were passed over, so that none is given twice.
CREATE TABLE not_given (
  office TEXT COLLATE "C" NOT NULL,
  year BIGINT NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  from_n BIGINT NOT NULL,
  to_n BIGINT NOT NULL,
  why TEXT COLLATE "C" NOT NULL,
  at_ms BIGINT NOT NULL,
  PRIMARY KEY (office, year, kind, from_n)
);
-- The last copy that succeeded, and the last one that was restored for trial.
CREATE TABLE copied (
  what TEXT COLLATE "C" PRIMARY KEY, -- backup, drill
  at_ms BIGINT NOT NULL,
  of_ms BIGINT NOT NULL              -- the moment of the book that the copy shows
);
