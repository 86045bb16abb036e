-- Version 8: offices whose numbers wait while a book that was set back recovers, and the devices that have been
-- heard since.
CREATE TABLE recovery (
  office TEXT PRIMARY KEY,
  epoch BIGINT NOT NULL,             -- the one that was opened for it
  why TEXT NOT NULL,                 -- how it was noticed
  since_ms BIGINT NOT NULL
);
CREATE TABLE heard (
  epoch BIGINT NOT NULL,
  dev TEXT NOT NULL,
  at_ms BIGINT NOT NULL,
  PRIMARY KEY (epoch, dev)
);
-- What is registered and has to be looked at all the same.
CREATE INDEX notification_noticed ON notification (office, first_ms)
  WHERE hold IS NOT NULL AND status IN ('registered', 'certificate-issued');
