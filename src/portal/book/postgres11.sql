-- Version 11: a notification counts in the month of its event, and how late it was signed in that of the signing.
-- Every month is counted again, and what is projected is drawn anew.
INSERT INTO fact_change (month) SELECT DISTINCT month FROM fact;
DROP TABLE fact;
CREATE TABLE fact (
  nid TEXT COLLATE "C" NOT NULL,
  month BIGINT NOT NULL,
  body TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (nid, month)
);
CREATE INDEX fact_month ON fact (month);
UPDATE notification SET drawn = 0;
