-- Version 12: a notification counts in the month of its event, and how late it was signed in that of the signing.
-- Every month is counted again, and what is projected is drawn anew.
INSERT INTO fact_change (month) SELECT DISTINCT month FROM fact;
DROP TABLE fact;
CREATE TABLE fact (
  nid TEXT NOT NULL,
  month INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (nid, month)
) STRICT, WITHOUT ROWID;
CREATE INDEX fact_month ON fact (month);
UPDATE notification SET drawn = 0;
