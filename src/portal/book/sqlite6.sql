-- Version 6: what is true of the whole book, and stays (`book::Mark`).
CREATE TABLE mark (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
