-- Rights: what a notice changed and from when it holds, consent to a
-- disclosure, where each value of a person came from and what it was before,
-- requests, and disclosures. Sealed columns as in 001.

-- changes: bits in the order of STORE_CHANGES. effective_utc 0: since it was
-- published.
ALTER TABLE notice ADD COLUMN changes INTEGER NOT NULL DEFAULT 0
	CHECK (changes BETWEEN 0 AND 63 AND (is_major = 1 OR changes = 0));
ALTER TABLE notice ADD COLUMN effective_utc INTEGER NOT NULL DEFAULT 0;

-- Consent events as before, and such that name a recipient and an aim.
CREATE TABLE consent_wider (
	n            INTEGER PRIMARY KEY AUTOINCREMENT,
	id           BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
	person       BLOB    NOT NULL REFERENCES person,
	purpose      TEXT    NOT NULL CHECK (purpose IN ('login', 'attendance',
	             'biometric.finger', 'biometric.face', 'photo', 'location',
	             'disclosure')),
	kind         INTEGER NOT NULL CHECK (kind IN (1, 2, 3)),
	by_guardian  INTEGER NOT NULL CHECK (by_guardian IN (0, 1)),
	notice       TEXT    NOT NULL REFERENCES notice (version),
	notice_major INTEGER NOT NULL CHECK (notice_major >= 1),
	notice_hash  BLOB    NOT NULL CHECK (length(notice_hash) = 32),
	at_utc       INTEGER NOT NULL,
	how          TEXT    NOT NULL CHECK (how IN ('kiosk', 'paper', 'command')),
	place        TEXT    NOT NULL,
	paper_hash   BLOB    CHECK (length(paper_hash) = 32),
	guardian     BLOB,   -- sealed
	relation     BLOB,   -- sealed
	until        TEXT    CHECK (until = date(until)),
	recipient    BLOB,   -- sealed
	aim          BLOB,   -- sealed
	signature    BLOB    NOT NULL CHECK (length(signature) = 64),
	CHECK ((by_guardian = 1) = (guardian IS NOT NULL)),
	CHECK ((by_guardian = 1) = (relation IS NOT NULL)),
	CHECK (by_guardian = 1 OR until IS NULL),
	CHECK ((purpose = 'disclosure') = (recipient IS NOT NULL)),
	CHECK ((purpose = 'disclosure') = (aim IS NOT NULL))
) STRICT;
INSERT INTO consent_wider (n, id, person, purpose, kind, by_guardian, notice,
	notice_major, notice_hash, at_utc, how, place, paper_hash, guardian,
	relation, until, signature)
	SELECT n, id, person, purpose, kind, by_guardian, notice,
	notice_major, notice_hash, at_utc, how, place, paper_hash, guardian,
	relation, until, signature FROM consent ORDER BY n;
DROP TABLE consent;
ALTER TABLE consent_wider RENAME TO consent;
CREATE INDEX consent_newest ON consent (person, purpose, by_guardian, n);
CREATE TRIGGER consent_unchanged BEFORE UPDATE ON consent
BEGIN SELECT RAISE(ABORT, 'consent events stay as they are'); END;
CREATE TRIGGER consent_stays BEFORE DELETE ON consent
WHEN EXISTS (SELECT 1 FROM person_key WHERE person = OLD.person)
BEGIN SELECT RAISE(ABORT, 'consent events stay as they are'); END;

-- One row each time a field of a person was set: who did it, where the value
-- came from, and the value it replaced. version is the person's from then on.
CREATE TABLE person_change (
	person  BLOB    NOT NULL REFERENCES person,
	version INTEGER NOT NULL CHECK (version >= 1),
	field   TEXT    NOT NULL CHECK (length(field) BETWEEN 1 AND 16),
	at_utc  INTEGER NOT NULL,
	actor   TEXT    NOT NULL,
	source  TEXT    NOT NULL CHECK (length(source) BETWEEN 1 AND 32),
	was     BLOB,   -- sealed; NULL: there was none
	PRIMARY KEY (person, version, field)
) STRICT, WITHOUT ROWID;

-- What people ask for. state: 1 received, 2 verified, 3 fulfilled, 4 refused,
-- 5 taken back. Nothing is answered before it is verified.
CREATE TABLE request (
	n            INTEGER PRIMARY KEY AUTOINCREMENT,
	person       BLOB    NOT NULL REFERENCES person,
	kind         TEXT    NOT NULL CHECK (kind IN ('access', 'correct',
	             'delete', 'withdraw', 'feedback')),
	state        INTEGER NOT NULL CHECK (state BETWEEN 1 AND 5),
	opened_utc   INTEGER NOT NULL,
	opened_by    TEXT    NOT NULL,
	verified_utc INTEGER,
	verified_how TEXT    CHECK (verified_how IN ('pin', 'session',
	             'id-document', 'staff-card', 'in-person', 'callback')),
	closed_utc   INTEGER,
	field        TEXT,
	purpose      TEXT,
	reason       TEXT    CHECK (reason IN ('legal-duty',
	             'national-security', 'public-interest', 'criminal',
	             'abuse', 'vital-interests', 'others-rights',
	             'trade-secret')),
	evidence     BLOB    CHECK (length(evidence) = 32),
	content      BLOB,   -- sealed
	answer       BLOB,   -- sealed
	CHECK ((verified_utc IS NULL) = (verified_how IS NULL)),
	CHECK (state NOT IN (2, 3, 4) OR verified_utc IS NOT NULL),
	CHECK ((state >= 3) = (closed_utc IS NOT NULL)),
	CHECK ((state = 4) = (reason IS NOT NULL)),
	CHECK (reason IS NULL OR reason <> 'abuse' OR evidence IS NOT NULL),
	CHECK ((kind = 'correct') = (field IS NOT NULL)),
	CHECK ((kind = 'withdraw') = (purpose IS NOT NULL))
) STRICT;
CREATE INDEX request_open ON request (state, n) WHERE state <= 2;
CREATE INDEX request_person ON request (person, n);
CREATE TRIGGER request_stays BEFORE DELETE ON request
WHEN EXISTS (SELECT 1 FROM person_key WHERE person = OLD.person)
BEGIN SELECT RAISE(ABORT, 'requests stay'); END;

-- To whom data of a person went; act is the same for everybody in one.
CREATE TABLE disclosure (
	n         INTEGER PRIMARY KEY AUTOINCREMENT,
	act       BLOB    NOT NULL CHECK (length(act) = 16),
	person    BLOB    NOT NULL REFERENCES person,
	at_utc    INTEGER NOT NULL,
	basis     TEXT    NOT NULL CHECK (basis IN ('consent', 'transfer',
	          'legal-duty', 'national-security', 'public-interest',
	          'criminal', 'vital-interests', 'public-by-person', 'contract',
	          'lawfully-published', 'operation', 'news', 'research')),
	fields    TEXT    NOT NULL CHECK (length(fields) BETWEEN 1 AND 200),
	actor     TEXT    NOT NULL,
	decider   BLOB    NOT NULL REFERENCES person,
	recipient BLOB    NOT NULL, -- sealed
	aim       BLOB    NOT NULL, -- sealed
	UNIQUE (act, person)
) STRICT;
CREATE INDEX disclosure_person ON disclosure (person, n);
CREATE TRIGGER disclosure_unchanged BEFORE UPDATE ON disclosure
BEGIN SELECT RAISE(ABORT, 'disclosures stay as they are'); END;
CREATE TRIGGER disclosure_stays BEFORE DELETE ON disclosure
WHEN EXISTS (SELECT 1 FROM person_key WHERE person = OLD.person)
BEGIN SELECT RAISE(ABORT, 'disclosures stay as they are'); END;

-- What an attendance event may carry besides, each only if the site wants it.
ALTER TABLE attendance ADD COLUMN kiosk   TEXT NOT NULL DEFAULT '';
ALTER TABLE attendance ADD COLUMN os      TEXT NOT NULL DEFAULT '';
ALTER TABLE attendance ADD COLUMN machine TEXT NOT NULL DEFAULT '';
ALTER TABLE attendance ADD COLUMN place   TEXT NOT NULL DEFAULT '';

PRAGMA user_version = 3;
