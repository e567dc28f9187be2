-- Erasure, holds on minors, retention of the audit chain, and a site key that
-- can be replaced.

-- PIN pepper, signing seed and index key, sealed under the site key: what
-- stays when the site key is replaced. NULL: they come from the site key.
ALTER TABLE site ADD COLUMN keyring BLOB CHECK (length(keyring) = 137);
-- 1: something was erased whose bytes may still stand in the files
ALTER TABLE site ADD COLUMN scrub_due INTEGER NOT NULL DEFAULT 0
	CHECK (scrub_due IN (0, 1));
-- when purging was last done to its end; 0: never
ALTER TABLE site ADD COLUMN purged_utc INTEGER NOT NULL DEFAULT 0;

-- Who was erased, in order. What is left of a person is the number, the uid
-- and a tag in place of the login, so that none is given to anybody again.
CREATE TABLE erasure (
	n      INTEGER PRIMARY KEY AUTOINCREMENT,
	person BLOB    NOT NULL UNIQUE REFERENCES person,
	at_utc INTEGER NOT NULL,
	reason TEXT    NOT NULL CHECK (length(reason) BETWEEN 1 AND 32)
) STRICT;
CREATE TRIGGER erasure_unchanged BEFORE UPDATE ON erasure
BEGIN SELECT RAISE(ABORT, 'erasures stay as they are'); END;
CREATE TRIGGER erasure_stays BEFORE DELETE ON erasure
BEGIN SELECT RAISE(ABORT, 'erasures stay as they are'); END;

-- Minors whose data is here without a guardian's valid consent, since when
-- that is known.
CREATE TABLE hold (
	person    BLOB    PRIMARY KEY REFERENCES person,
	since_utc INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Up to where the chain was pruned: the checkpoint that it goes on from.
CREATE TABLE audit_base (
	one  INTEGER PRIMARY KEY CHECK (one = 1),
	seq  INTEGER NOT NULL CHECK (seq >= 1),
	hash BLOB    NOT NULL CHECK (length(hash) = 32),
	sig  BLOB    NOT NULL CHECK (length(sig) = 64)
) STRICT;
CREATE TRIGGER audit_base_stays BEFORE DELETE ON audit_base
BEGIN SELECT RAISE(ABORT, 'the base of the chain stays'); END;
CREATE TRIGGER audit_base_ascends BEFORE UPDATE ON audit_base
WHEN NEW.seq <= OLD.seq
BEGIN SELECT RAISE(ABORT, 'the base of the chain only moves up'); END;

DROP TRIGGER audit_stays;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit
WHEN OLD.seq > coalesce((SELECT seq FROM audit_base), 0)
BEGIN SELECT RAISE(ABORT, 'audit records stay as they are'); END;
DROP TRIGGER audit_checkpoint_stays;
CREATE TRIGGER audit_checkpoint_stays BEFORE DELETE ON audit_checkpoint
WHEN OLD.seq > coalesce((SELECT seq FROM audit_base), 0)
BEGIN SELECT RAISE(ABORT, 'audit records stay as they are'); END;

PRAGMA user_version = 2;
