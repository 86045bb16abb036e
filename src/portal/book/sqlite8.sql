-- Version 8: acts that were registered before there was this registry, each by its place in its book.
ALTER TABLE notification ADD COLUMN act_office TEXT;
ALTER TABLE notification ADD COLUMN act_year INTEGER;
-- Two books may have the same number; ours is given once.
DROP INDEX notification_number;
CREATE UNIQUE INDEX notification_number ON notification (reg_no)
  WHERE reg_no IS NOT NULL AND act_office IS NULL;
CREATE UNIQUE INDEX notification_act ON notification (act_office, act_year, kind, reg_no)
  WHERE act_office IS NOT NULL;
-- The journals of an office: one for each key that signed for it.
CREATE INDEX journal_fac ON journal (fac, dev);
