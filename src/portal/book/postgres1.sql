-- Version 1 in PostgreSQL: what the first two versions are in SQLite. Texts sort by their bytes, as
-- they do there. Append only: a later version adds a file of its own.
CREATE TABLE trust (
  number BIGINT PRIMARY KEY,
  jws TEXT COLLATE "C" NOT NULL
);
CREATE TABLE facility (
  fac TEXT COLLATE "C" PRIMARY KEY,
  name TEXT COLLATE "C" NOT NULL DEFAULT '',
  district TEXT COLLATE "C" NOT NULL DEFAULT '',
  office TEXT COLLATE "C" NOT NULL DEFAULT '',
  n BIGINT NOT NULL DEFAULT 0      -- newest receipt number: gapless, in commit order
);
CREATE TABLE journal (
  jid TEXT COLLATE "C" PRIMARY KEY,
  dev TEXT COLLATE "C" NOT NULL,
  fac TEXT COLLATE "C" NOT NULL,
  continues TEXT COLLATE "C",
  head BIGINT NOT NULL,
  head_h TEXT COLLATE "C" NOT NULL,
  highest BIGINT NOT NULL,
  forked BIGINT NOT NULL
);
CREATE INDEX journal_dev ON journal (dev);
CREATE TABLE entry (
  no BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,           -- order of arrival
  h TEXT COLLATE "C" NOT NULL UNIQUE,
  id TEXT COLLATE "C" NOT NULL,
  jid TEXT COLLATE "C" NOT NULL,
  seq BIGINT NOT NULL,
  prev TEXT COLLATE "C" NOT NULL,
  nid TEXT COLLATE "C" NOT NULL,
  rev BIGINT NOT NULL,
  t TEXT COLLATE "C" NOT NULL,
  fac TEXT COLLATE "C" NOT NULL,
  kid TEXT COLLATE "C" NOT NULL,
  verified BIGINT NOT NULL,
  at_ms BIGINT NOT NULL,
  jws TEXT COLLATE "C" NOT NULL,                -- the truth; never changed
  status TEXT COLLATE "C",                      -- for the desk's list; the verdict decides
  verdict TEXT COLLATE "C"
);
-- Not unique: two entries at one place of a journal are both kept.
CREATE INDEX entry_place ON entry (jid, seq);
CREATE INDEX entry_desk ON entry (status) WHERE status IN ('held', 'prepared', 'annulment-pending');
CREATE INDEX entry_unverified ON entry (kid) WHERE verified = 0;
CREATE TABLE receipt (
  fac TEXT COLLATE "C" NOT NULL,
  n BIGINT NOT NULL,
  h TEXT COLLATE "C" NOT NULL,
  jws TEXT COLLATE "C" NOT NULL,
  -- A receipt given before the portal was restored may share its number with one given after.
  PRIMARY KEY (fac, n, h)
);
CREATE INDEX receipt_entry ON receipt (h, n);
CREATE TABLE notification (
  nid TEXT COLLATE "C" PRIMARY KEY,
  kind TEXT COLLATE "C" NOT NULL,
  fac TEXT COLLATE "C" NOT NULL,
  office TEXT COLLATE "C" NOT NULL,
  status TEXT COLLATE "C" NOT NULL,
  rev BIGINT NOT NULL,
  h TEXT COLLATE "C" NOT NULL,
  effective TEXT COLLATE "C" NOT NULL,
  reg_no TEXT COLLATE "C",
  hold TEXT COLLATE "C",
  set_id TEXT COLLATE "C",
  set_n BIGINT,
  day BIGINT,
  event_ms BIGINT,
  first_ms BIGINT NOT NULL,
  registered_ms BIGINT,
  void_h TEXT COLLATE "C",
  void_kid TEXT COLLATE "C",
  cert_no TEXT COLLATE "C",
  cert_on TEXT COLLATE "C",
  -- Every change of the row clears it; drawing its words and its fact sets it.
  drawn BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX notification_number ON notification (reg_no) WHERE reg_no IS NOT NULL;
CREATE INDEX notification_set ON notification (set_id) WHERE set_id IS NOT NULL;
CREATE TABLE waiting (
  waits_for TEXT COLLATE "C" NOT NULL,
  no BIGINT NOT NULL,
  h TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (waits_for, no)
);
CREATE TABLE alike (
  key TEXT COLLATE "C" NOT NULL,
  day BIGINT NOT NULL,
  nid TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (key, day, nid)
);
CREATE INDEX alike_nid ON alike (nid);
CREATE TABLE likeness (
  nid TEXT COLLATE "C" PRIMARY KEY,
  surname TEXT COLLATE "C" NOT NULL,
  given TEXT COLLATE "C" NOT NULL,
  patronymic TEXT COLLATE "C" NOT NULL,
  document TEXT COLLATE "C" NOT NULL,
  born TEXT COLLATE "C" NOT NULL
);
CREATE TABLE number (
  office TEXT COLLATE "C" NOT NULL,
  year BIGINT NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  last BIGINT NOT NULL,
  PRIMARY KEY (office, year, kind)
);
CREATE TABLE enrolment (
  id TEXT COLLATE "C" PRIMARY KEY,
  kid TEXT COLLATE "C" NOT NULL,
  jws TEXT COLLATE "C" NOT NULL,
  at_ms BIGINT NOT NULL,
  state TEXT COLLATE "C" NOT NULL
);
CREATE TABLE heartbeat (
  dev TEXT COLLATE "C" PRIMARY KEY,
  fac TEXT COLLATE "C" NOT NULL,
  at_ms BIGINT NOT NULL,
  backlog BIGINT NOT NULL,
  app TEXT COLLATE "C" NOT NULL,
  jws TEXT COLLATE "C" NOT NULL
);
CREATE INDEX notification_undrawn ON notification (first_ms) WHERE drawn = 0;
CREATE TABLE account (
  login TEXT COLLATE "C" PRIMARY KEY,
  name TEXT COLLATE "C" NOT NULL,
  role TEXT COLLATE "C" NOT NULL,
  place TEXT COLLATE "C" NOT NULL,
  phrase TEXT COLLATE "C" NOT NULL,
  second TEXT COLLATE "C" NOT NULL,
  step BIGINT NOT NULL,
  fails BIGINT NOT NULL,
  not_before_ms BIGINT NOT NULL,
  active BIGINT NOT NULL
);
CREATE TABLE link (
  h TEXT COLLATE "C" PRIMARY KEY,
  login TEXT COLLATE "C" NOT NULL,
  until_ms BIGINT NOT NULL
);
CREATE TABLE visit (
  h TEXT COLLATE "C" PRIMARY KEY,
  login TEXT COLLATE "C" NOT NULL,
  since_ms BIGINT NOT NULL,
  seen_ms BIGINT NOT NULL
);
CREATE TABLE act (
  no BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at_ms BIGINT NOT NULL,
  login TEXT COLLATE "C" NOT NULL,
  place TEXT COLLATE "C" NOT NULL,
  act TEXT COLLATE "C" NOT NULL,
  nid TEXT COLLATE "C" NOT NULL
);
CREATE TABLE family (
  nid TEXT COLLATE "C" PRIMARY KEY,
  body TEXT COLLATE "C" NOT NULL
);
CREATE TABLE word (
  office TEXT COLLATE "C" NOT NULL,
  word TEXT COLLATE "C" NOT NULL,
  nid TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (office, word, nid)
);
CREATE INDEX word_nid ON word (nid);
CREATE TABLE fact (
  nid TEXT COLLATE "C" PRIMARY KEY,
  month BIGINT NOT NULL,
  body TEXT COLLATE "C" NOT NULL
);
CREATE INDEX fact_month ON fact (month);
CREATE TABLE fact_change (
  no BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  month BIGINT NOT NULL
);
CREATE TABLE cell (
  kind TEXT COLLATE "C" NOT NULL,
  place TEXT COLLATE "C" NOT NULL,
  month BIGINT NOT NULL,
  body TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (kind, month, place)
);
CREATE TABLE tally (
  fac TEXT COLLATE "C" NOT NULL,
  month BIGINT NOT NULL,
  births BIGINT NOT NULL,
  foetal BIGINT NOT NULL,
  deaths BIGINT NOT NULL,
  at_ms BIGINT NOT NULL,
  PRIMARY KEY (fac, month)
);
CREATE TABLE alert (
  nid TEXT COLLATE "C" PRIMARY KEY,
  fac TEXT COLLATE "C" NOT NULL,
  at_ms BIGINT NOT NULL,
  told BIGINT NOT NULL DEFAULT 0,
  seen_by TEXT COLLATE "C" NOT NULL DEFAULT ''
);
