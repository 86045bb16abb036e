//! Tables, and how an older database becomes a newer one.
//!
//! FROZEN: a migration that has been released is never edited; a change is a new one at the end,
//! with its reason. `user_version` counts those that were applied.
//!
//! What is the truth and what is projected from it: `entries.jws`, `receipts.jws`, `trust.jws`,
//! `people` and `drafts` are the truth. `notifications`, `search`, `tallies`, `totals` and the other
//! columns of `entries` and `receipts` are projected from it, in the transaction that changes it.

use rusqlite::Connection;

use super::StoreError;

/// "ogoh" as a big-endian number, in the header of the file.
pub(super) const APPLICATION_ID: i64 = 0x6f67_6f68;

/// Migrations in the order in which they are applied.
const MIGRATIONS: &[&str] = &[
    // 1. The first version: everything a ward needs to record, sign, deliver and find.
    FIRST,
    // 2. The list of causes that the ministry supplies; children whose naming was left to the
    //    registry office.
    CAUSES_AND_NAMING,
    // 3. Wrong passphrases, counted so that guessing stays slow after a restart.
    WRONG_TRIES,
    // 4. Epochs of the registry's book, which order receipts before their numbers; what families' papers
    //    say, signed with each entry; names, which the trust list holds no more.
    EPOCHS_SLIPS_NAMES,
];

/// Highest version that this program knows.
pub(super) fn latest() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// Version of a database.
pub(super) fn version(db: &Connection) -> rusqlite::Result<i64> {
    db.query_row("PRAGMA user_version", [], |r| r.get(0))
}

/// Applies what is missing, all or nothing.
pub(super) fn migrate(db: &mut Connection) -> Result<(), StoreError> {
    if version(db)? == latest() {
        return Ok(());
    }
    let tx = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    // Another process may have been faster.
    let from = version(&tx)?;
    if from > latest() {
        return Err(StoreError::Newer {
            found: from,
            known: latest(),
        });
    }
    let done = usize::try_from(from).unwrap_or_default();
    for sql in MIGRATIONS.iter().skip(done) {
        tx.execute_batch(sql)?;
    }
    tx.pragma_update(None, "application_id", APPLICATION_ID)?;
    tx.pragma_update(None, "user_version", latest())?;
    tx.commit()?;
    Ok(())
}

const FIRST: &str = "
CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Trust lists in the order of their numbers, each naming the one before.
CREATE TABLE trust (
  number INTEGER PRIMARY KEY,
  jws    TEXT NOT NULL
) STRICT;

CREATE TABLE people (
  login     TEXT PRIMARY KEY,
  name      TEXT NOT NULL,
  role      TEXT NOT NULL,
  kid       TEXT NOT NULL,
  x         TEXT NOT NULL,
  key_blob  TEXT NOT NULL,
  since     TEXT NOT NULL,
  suspended TEXT
) STRICT;

-- Every public key that ever signed here; a person's earlier keys stay.
CREATE TABLE keys (
  kid   TEXT PRIMARY KEY,
  x     TEXT NOT NULL,
  login TEXT NOT NULL,
  role  TEXT NOT NULL
) STRICT;

-- What is being typed, saved at every change.
CREATE TABLE drafts (
  id          TEXT PRIMARY KEY,
  json        TEXT NOT NULL,
  ready       INTEGER NOT NULL DEFAULT 0,  -- 1: waits for a certifier
  started     TEXT NOT NULL,
  started_by  TEXT NOT NULL,
  changed     TEXT NOT NULL,
  changed_by  TEXT NOT NULL,
  held_by     TEXT,     -- login of whoever has it open
  held_since  TEXT,
  held_in     TEXT,     -- the process, see presence
  who         TEXT NOT NULL,  -- folded name, document and set: for look-alikes and twins
  doc         TEXT NOT NULL,
  set_id      TEXT
) STRICT;
CREATE INDEX drafts_ready ON drafts (ready);
CREATE INDEX drafts_who ON drafts (who);
CREATE INDEX drafts_doc ON drafts (doc);
CREATE INDEX drafts_set ON drafts (set_id);

CREATE TABLE journals (
  jid       TEXT PRIMARY KEY,
  own       INTEGER NOT NULL,          -- 1: written here
  fac       TEXT NOT NULL,
  dev       TEXT NOT NULL,
  continues TEXT,
  left_for  TEXT                       -- why nothing more is written to it; none while in use
) STRICT;

-- Signed entries. The JWS is the truth, the rest is what it says.
CREATE TABLE entries (
  n    INTEGER PRIMARY KEY,            -- order of arrival in this store
  jid  TEXT NOT NULL REFERENCES journals (jid),
  seq  INTEGER NOT NULL,
  id   TEXT NOT NULL UNIQUE,
  h    TEXT NOT NULL UNIQUE,
  prev TEXT NOT NULL,
  t    TEXT NOT NULL,
  nid  TEXT NOT NULL,
  rev  INTEGER NOT NULL,
  rec  TEXT NOT NULL,
  jws  TEXT,                           -- none only after minimising
  UNIQUE (jid, seq)
) STRICT;
CREATE INDEX entries_nid ON entries (nid, rev, n);
CREATE TRIGGER entries_stay BEFORE DELETE ON entries
BEGIN SELECT RAISE(ABORT, 'a signed entry is never deleted'); END;
CREATE TRIGGER entries_unchanged BEFORE UPDATE ON entries
WHEN NOT (NEW.jws IS NULL AND NEW.n = OLD.n AND NEW.jid = OLD.jid AND NEW.seq = OLD.seq
  AND NEW.id = OLD.id AND NEW.h = OLD.h AND NEW.prev = OLD.prev AND NEW.t = OLD.t
  AND NEW.nid = OLD.nid AND NEW.rev = OLD.rev AND NEW.rec = OLD.rec)
BEGIN SELECT RAISE(ABORT, 'a signed entry is never changed'); END;

-- Own entries without a receipt.
CREATE TABLE outbox (
  n       INTEGER PRIMARY KEY REFERENCES entries (n),
  urgency INTEGER NOT NULL,
  bytes   INTEGER NOT NULL,            -- length of the JWS
  rec_s   INTEGER NOT NULL,            -- seconds since 1970 of the signing, to find the oldest
  tries   TEXT                         -- JSON of Tries; none before the first failure
) STRICT;
CREATE INDEX outbox_rec ON outbox (rec_s);
CREATE INDEX outbox_fresh ON outbox (urgency, n) WHERE tries IS NULL;
CREATE INDEX outbox_failed ON outbox (urgency, n) WHERE tries IS NOT NULL;

-- Answers that were no receipt; the same answer again only counts up.
CREATE TABLE attempts (
  n       INTEGER NOT NULL REFERENCES entries (n),
  outcome TEXT NOT NULL,
  code    TEXT NOT NULL,
  first   TEXT NOT NULL,
  last    TEXT NOT NULL,
  times   INTEGER NOT NULL,
  PRIMARY KEY (n, outcome, code)
) STRICT, WITHOUT ROWID;

-- Verified receipts. A portal that was restored can give a number twice, so the hash is the key.
CREATE TABLE receipts (
  r      INTEGER PRIMARY KEY,          -- order of arrival
  rh     TEXT NOT NULL UNIQUE,         -- hash of the receipt
  n      INTEGER NOT NULL,             -- the portal's number
  nh     TEXT NOT NULL,                -- hash of the entry that it names
  nid    TEXT NOT NULL,
  jid    TEXT NOT NULL,
  seq    INTEGER NOT NULL,
  status TEXT NOT NULL,
  at     TEXT NOT NULL,
  jws    TEXT NOT NULL
) STRICT;
CREATE INDEX receipts_entry ON receipts (nh, n, r);
CREATE INDEX receipts_number ON receipts (n);
CREATE TRIGGER receipts_stay BEFORE DELETE ON receipts
BEGIN SELECT RAISE(ABORT, 'a receipt is never deleted'); END;
CREATE TRIGGER receipts_unchanged BEFORE UPDATE ON receipts
BEGIN SELECT RAISE(ABORT, 'a receipt is never changed'); END;

-- Drawn from entries and receipts.
CREATE TABLE notifications (
  first     INTEGER PRIMARY KEY,       -- entries.n of the first entry: order of recency
  nid       TEXT NOT NULL UNIQUE,
  kind      TEXT NOT NULL,
  own       INTEGER NOT NULL,
  status    TEXT NOT NULL,
  beside    TEXT,                      -- of a later revision that has not taken effect
  waiting   INTEGER NOT NULL,          -- own entries without a receipt
  rev       INTEGER NOT NULL,          -- latest revision
  h         TEXT NOT NULL,             -- its hash
  name      TEXT NOT NULL,             -- by which people look it up: mother or deceased
  child     TEXT NOT NULL,
  day       TEXT,                      -- of the event, as far as known
  time      TEXT,
  day_n     INTEGER,                   -- days since 0001-01-01 of the earliest day that it can mean
  who       TEXT NOT NULL,             -- folded name, to find look-alikes
  doc       TEXT NOT NULL,             -- folded document number, to find look-alikes
  set_id    TEXT,
  signed_at TEXT NOT NULL,
  signed_on TEXT NOT NULL,             -- its civil day
  signed_by TEXT NOT NULL,
  last_by   TEXT NOT NULL,             -- who signed the latest revision
  reg_no    TEXT,
  office    TEXT,
  cert      TEXT,
  dup_of    TEXT,
  open      TEXT NOT NULL,             -- JSON list: what the registry still misses
  problem   TEXT,                      -- JSON: code, field, text by language
  returned  INTEGER NOT NULL,          -- worklists, 0 or 1
  no_cause  INTEGER NOT NULL,
  unnamed   INTEGER NOT NULL,
  to_attest INTEGER NOT NULL
) STRICT;
CREATE INDEX notifications_day ON notifications (day_n, who, doc);
CREATE INDEX notifications_who ON notifications (who) WHERE who <> '';
CREATE INDEX notifications_doc ON notifications (doc) WHERE doc <> '';
CREATE INDEX notifications_set ON notifications (set_id) WHERE set_id IS NOT NULL;
CREATE INDEX notifications_signed ON notifications (signed_on);
CREATE INDEX notifications_status ON notifications (status);
CREATE INDEX notifications_kind ON notifications (kind);
CREATE INDEX list_waiting ON notifications (first) WHERE waiting > 0;
CREATE INDEX list_returned ON notifications (first) WHERE returned = 1;
CREATE INDEX list_no_cause ON notifications (first) WHERE no_cause = 1;
CREATE INDEX list_unnamed ON notifications (first) WHERE unnamed = 1;
CREATE INDEX list_to_attest ON notifications (first) WHERE to_attest = 1;

-- How many there are of each kind and status, so that nobody has to count history.
CREATE TABLE totals (
  kind   TEXT NOT NULL,
  status TEXT NOT NULL,
  count  INTEGER NOT NULL,
  PRIMARY KEY (kind, status)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER totals_more AFTER INSERT ON notifications BEGIN
  INSERT INTO totals VALUES (NEW.kind, NEW.status, 1)
  ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER totals_less AFTER DELETE ON notifications BEGIN
  UPDATE totals SET count = count - 1 WHERE kind = OLD.kind AND status = OLD.status;
END;
CREATE TRIGGER totals_moved AFTER UPDATE OF kind, status ON notifications
WHEN OLD.kind <> NEW.kind OR OLD.status <> NEW.status BEGIN
  UPDATE totals SET count = count - 1 WHERE kind = OLD.kind AND status = OLD.status;
  INSERT INTO totals VALUES (NEW.kind, NEW.status, 1)
  ON CONFLICT DO UPDATE SET count = count + 1;
END;

-- Folded words by notification; the row is notifications.first, so the newest come first without
-- ranking, which would read every hit.
CREATE VIRTUAL TABLE search USING fts5 (
  words, content='', contentless_delete=1, detail=none, prefix='1 2 3',
  tokenize=\"unicode61 remove_diacritics 0\"
);

-- Counts of a month by the delivery book, newest revision.
CREATE TABLE tallies (
  month         TEXT NOT NULL,
  own           INTEGER NOT NULL,
  n             INTEGER NOT NULL,      -- entries.n
  births        INTEGER NOT NULL,
  foetal_deaths INTEGER NOT NULL,
  deaths        INTEGER NOT NULL,
  PRIMARY KEY (month, own)
) STRICT, WITHOUT ROWID;
";

const CAUSES_AND_NAMING: &str = "
-- A loaded classification; meta 'causes' names this very list.
CREATE TABLE causes (
  code  TEXT NOT NULL,
  lang  TEXT NOT NULL,
  title TEXT NOT NULL
) STRICT;

-- Logins of everybody who wrote at a draft, separated by blanks, in the order in which they came.
ALTER TABLE drafts ADD COLUMN hands TEXT NOT NULL DEFAULT '';

-- Not part of any notification: the ward no longer waits for the name.
CREATE TABLE left_to_registry (
  nid   TEXT PRIMARY KEY,
  since TEXT NOT NULL,
  by    TEXT NOT NULL
) STRICT, WITHOUT ROWID;
";

const WRONG_TRIES: &str = "
CREATE TABLE wrong_tries (
  login TEXT PRIMARY KEY,
  wrong INTEGER NOT NULL               -- since the last right one
) STRICT, WITHOUT ROWID;
";

const EPOCHS_SLIPS_NAMES: &str = "
ALTER TABLE receipts ADD COLUMN epoch INTEGER NOT NULL DEFAULT 1;
DROP INDEX receipts_entry;
DROP INDEX receipts_number;
CREATE INDEX receipts_entry ON receipts (nh, epoch, n, r);
CREATE INDEX receipts_number ON receipts (epoch, n);

-- Names of the facility's people as the registry tells them; those of this device stand in `people`.
CREATE TABLE colleagues (
  login TEXT PRIMARY KEY,
  name  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE slips (
  h   TEXT PRIMARY KEY,                -- entries.h
  jws TEXT NOT NULL                    -- without any name, so it stays when the entry is minimised
) STRICT, WITHOUT ROWID;
CREATE TRIGGER slips_stay BEFORE DELETE ON slips
BEGIN SELECT RAISE(ABORT, 'a slip is never deleted'); END;
CREATE TRIGGER slips_unchanged BEFORE UPDATE ON slips
BEGIN SELECT RAISE(ABORT, 'a slip is never changed'); END;
";
