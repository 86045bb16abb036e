-- Version 5: what is true of the whole book, and stays (`book::Mark`).
CREATE TABLE mark (
  name TEXT COLLATE "C" PRIMARY KEY,
  value TEXT COLLATE "C" NOT NULL
);
