-- One kiosk's store. Times are seconds since 1970 UTC, dates ISO text. Columns
-- called "sealed" are VAULT_SEAL_OVER bytes longer than what they hold and
-- open only with the person's key, for that person, column and row version.
-- Never edited after release: a change is a new numbered file.

CREATE TABLE site (
	one         INTEGER PRIMARY KEY CHECK (one = 1),
	site_id     BLOB    NOT NULL CHECK (length(site_id) = 16),
	created_utc INTEGER NOT NULL,
	-- keyed tag of site_id: the store knows which site key it belongs to
	key_tag     BLOB    CHECK (length(key_tag) = 16),
	directory_generation INTEGER NOT NULL DEFAULT 0
	            CHECK (directory_generation >= 0),
	-- ids are handed out ascending and never again
	id_min      INTEGER NOT NULL CHECK (id_min > 0),
	id_max      INTEGER NOT NULL CHECK (id_max >= id_min),
	next_uid    INTEGER NOT NULL DEFAULT 0 CHECK (next_uid >= 0),
	next_gid    INTEGER NOT NULL DEFAULT 0 CHECK (next_gid >= 0),
	-- the last audit record, and a keyed tag that says so
	latest_utc  INTEGER NOT NULL DEFAULT 0,
	audit_seq   INTEGER NOT NULL DEFAULT 0 CHECK (audit_seq >= 0),
	audit_hash  BLOB    NOT NULL CHECK (length(audit_hash) = 32),
	audit_tag   BLOB    CHECK (length(audit_tag) = 16),
	CHECK (audit_seq = 0 OR audit_tag IS NOT NULL)
) STRICT;

CREATE TRIGGER site_stays BEFORE DELETE ON site
BEGIN SELECT RAISE(ABORT, 'the site row stays'); END;

CREATE TRIGGER site_ids_ascend BEFORE UPDATE ON site
WHEN NEW.next_uid < OLD.next_uid OR NEW.next_gid < OLD.next_gid
	OR NEW.audit_seq < OLD.audit_seq OR NEW.latest_utc < OLD.latest_utc
	OR NEW.directory_generation < OLD.directory_generation
	OR NEW.site_id <> OLD.site_id
BEGIN SELECT RAISE(ABORT, 'site counters only count up'); END;

-- Groups that the directory publishes; made when needed, kept for ever.
CREATE TABLE team (
	gid  INTEGER PRIMARY KEY CHECK (gid > 0),
	kind TEXT NOT NULL CHECK (kind IN ('site', 'department', 'position')),
	unit TEXT NOT NULL CHECK (length(CAST(unit AS BLOB)) <= 64),
	name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 32),
	UNIQUE (kind, unit),
	CHECK ((kind = 'site') = (unit = ''))
) STRICT;

CREATE TABLE person (
	id          BLOB    PRIMARY KEY CHECK (length(id) = 16),
	version     INTEGER NOT NULL CHECK (version >= 1),
	number      TEXT    NOT NULL COLLATE NOCASE UNIQUE
	            CHECK (length(number) BETWEEN 1 AND 32),
	login       TEXT    NOT NULL UNIQUE
	            CHECK (length(login) BETWEEN 1 AND 32),
	uid         INTEGER NOT NULL UNIQUE CHECK (uid > 0),
	state       INTEGER NOT NULL CHECK (state IN (0, 1, 2)),
	hired_on    TEXT    CHECK (hired_on = date(hired_on)),
	ended_on    TEXT    CHECK (ended_on = date(ended_on)),
	department  INTEGER REFERENCES team,
	position    INTEGER REFERENCES team,
	created_utc INTEGER NOT NULL,
	name        BLOB,    -- sealed
	born_on     BLOB,    -- sealed
	email       BLOB,    -- sealed
	phone       BLOB,    -- sealed
	CHECK (ended_on IS NULL OR hired_on IS NULL OR ended_on >= hired_on),
	CHECK (state = 2 OR (name IS NOT NULL AND born_on IS NOT NULL
		AND email IS NOT NULL AND phone IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- All that publishing reads, in its order: the people themselves lie scattered
-- by their random ids, among their sealed fields.
CREATE INDEX person_published ON person (uid, login, number, department,
	position, state) WHERE state <> 2;

-- The wrapped data key alone in its table: destroying this row destroys what
-- is sealed under it, in the store, its log and every backup that is kept.
CREATE TABLE person_key (
	person  BLOB PRIMARY KEY REFERENCES person,
	wrapped BLOB NOT NULL CHECK (length(wrapped) = 73)
) STRICT, WITHOUT ROWID;

-- A number, a uid and an id stay taken for ever, erased or not.
CREATE TRIGGER person_stays BEFORE DELETE ON person
BEGIN SELECT RAISE(ABORT, 'a person stays as a tombstone'); END;

CREATE TRIGGER person_same BEFORE UPDATE ON person
WHEN NEW.id <> OLD.id OR NEW.uid <> OLD.uid OR NEW.number <> OLD.number
	OR NEW.version <= OLD.version OR (OLD.state = 2 AND NEW.state <> 2)
BEGIN SELECT RAISE(ABORT, 'id, uid, number and tombstones stay'); END;

CREATE TABLE pin (
	person      BLOB    PRIMARY KEY REFERENCES person,
	version     INTEGER NOT NULL CHECK (version >= 1),
	record      BLOB    NOT NULL, -- sealed
	must_change INTEGER NOT NULL CHECK (must_change IN (0, 1)),
	set_utc     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Past PINs, as they were sealed when they were current.
CREATE TABLE pin_past (
	person  BLOB    NOT NULL REFERENCES person,
	version INTEGER NOT NULL,
	record  BLOB    NOT NULL, -- sealed
	PRIMARY KEY (person, version)
) STRICT, WITHOUT ROWID;

-- Attempts. state: 0 being verified, 1 success, 2 failure, 3 being verified
-- when a success or a clearing set the counter back, 4 never finished and
-- counted as a failure.
CREATE TABLE attempt (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	subject    BLOB    NOT NULL CHECK (length(subject) = 16),
	known      INTEGER NOT NULL CHECK (known IN (0, 1)),
	factor     INTEGER NOT NULL CHECK (factor > 0),
	service    TEXT    NOT NULL,
	state      INTEGER NOT NULL CHECK (state BETWEEN 0 AND 4),
	boot_id    BLOB    NOT NULL CHECK (length(boot_id) = 16),
	began_utc  INTEGER NOT NULL,
	began_boot INTEGER NOT NULL,
	ended_utc  INTEGER,
	ended_boot INTEGER
) STRICT;
CREATE INDEX attempt_pending ON attempt (subject, factor) WHERE state = 0;
CREATE INDEX attempt_success ON attempt (subject, id) WHERE state = 1;

-- Failures since the last success, and the lock they led to. The kiosk's own
-- counter has sixteen zero bytes for subject and factor 0.
CREATE TABLE counter (
	subject      BLOB    NOT NULL CHECK (length(subject) = 16),
	factor       INTEGER NOT NULL CHECK (factor >= 0),
	known        INTEGER NOT NULL CHECK (known IN (0, 1)),
	failures     INTEGER NOT NULL CHECK (failures >= 0),
	touched_utc  INTEGER NOT NULL,
	locked       INTEGER NOT NULL CHECK (locked IN (0, 1)),
	lock_utc     INTEGER NOT NULL,
	lock_boot    INTEGER NOT NULL,
	lock_boot_id BLOB    NOT NULL CHECK (length(lock_boot_id) = 16),
	PRIMARY KEY (subject, factor)
) STRICT, WITHOUT ROWID;

CREATE TABLE notice (
	n             INTEGER PRIMARY KEY AUTOINCREMENT,
	version       TEXT    NOT NULL UNIQUE
	              CHECK (length(version) BETWEEN 1 AND 16),
	major         INTEGER NOT NULL CHECK (major >= 1),
	is_major      INTEGER NOT NULL CHECK (is_major IN (0, 1))
) STRICT;

CREATE TABLE notice_text (
	n             INTEGER PRIMARY KEY AUTOINCREMENT,
	version       TEXT    NOT NULL REFERENCES notice (version),
	lang          TEXT    NOT NULL CHECK (length(lang) BETWEEN 2 AND 8),
	published_utc INTEGER NOT NULL,
	hash          BLOB    NOT NULL CHECK (length(hash) = 32),
	short_text    TEXT    NOT NULL CHECK (length(short_text) BETWEEN 1 AND 400),
	text          TEXT    NOT NULL,
	UNIQUE (version, lang)
) STRICT;

CREATE TRIGGER notice_unchanged BEFORE UPDATE ON notice
BEGIN SELECT RAISE(ABORT, 'published notices stay as they are'); END;
CREATE TRIGGER notice_stays BEFORE DELETE ON notice
BEGIN SELECT RAISE(ABORT, 'published notices stay as they are'); END;
CREATE TRIGGER notice_text_unchanged BEFORE UPDATE ON notice_text
BEGIN SELECT RAISE(ABORT, 'published notices stay as they are'); END;
CREATE TRIGGER notice_text_stays BEFORE DELETE ON notice_text
BEGIN SELECT RAISE(ABORT, 'published notices stay as they are'); END;

CREATE TABLE notice_shown (
	person   BLOB    NOT NULL REFERENCES person,
	version  TEXT    NOT NULL REFERENCES notice (version),
	at_utc   INTEGER NOT NULL,
	PRIMARY KEY (person, version)
) STRICT, WITHOUT ROWID;

-- Consent events; n is the order in which they were recorded, which a clock
-- that is set back cannot change.
CREATE TABLE consent (
	n            INTEGER PRIMARY KEY AUTOINCREMENT,
	id           BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
	person       BLOB    NOT NULL REFERENCES person,
	purpose      TEXT    NOT NULL CHECK (purpose IN ('login', 'attendance',
	             'biometric.finger', 'biometric.face', 'photo', 'location')),
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
	signature    BLOB    NOT NULL CHECK (length(signature) = 64),
	CHECK ((by_guardian = 1) = (guardian IS NOT NULL)),
	CHECK ((by_guardian = 1) = (relation IS NOT NULL)),
	CHECK (by_guardian = 1 OR until IS NULL)
) STRICT;
CREATE INDEX consent_newest ON consent (person, purpose, by_guardian, n);

-- Events are never edited. They can be deleted, but only those of a person
-- whose key is destroyed already: erasure destroys the key first.
CREATE TRIGGER consent_unchanged BEFORE UPDATE ON consent
BEGIN SELECT RAISE(ABORT, 'consent events stay as they are'); END;
CREATE TRIGGER consent_stays BEFORE DELETE ON consent
WHEN EXISTS (SELECT 1 FROM person_key WHERE person = OLD.person)
BEGIN SELECT RAISE(ABORT, 'consent events stay as they are'); END;

CREATE TABLE attendance (
	n       INTEGER PRIMARY KEY AUTOINCREMENT,
	id      BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
	person  BLOB    NOT NULL REFERENCES person,
	kind    INTEGER NOT NULL CHECK (kind IN (1, 2, 3, 4)),
	at_utc  INTEGER NOT NULL,
	source  TEXT    NOT NULL,
	service TEXT    NOT NULL,
	tty     TEXT    NOT NULL,
	rhost   TEXT    NOT NULL,
	factor  INTEGER NOT NULL CHECK (factor >= 0)
) STRICT;
CREATE INDEX attendance_time ON attendance (at_utc, n);
CREATE INDEX attendance_person ON attendance (person, at_utc, n);

-- The audit chain, as audit.h describes it. subject repeats what the bytes
-- say so that one person's records can be found.
CREATE TABLE audit (
	seq     INTEGER PRIMARY KEY CHECK (seq >= 1),
	subject BLOB NOT NULL CHECK (length(subject) = 16),
	bytes   BLOB NOT NULL,
	hash    BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE INDEX audit_subject ON audit (subject, seq);

CREATE TABLE audit_checkpoint (
	seq INTEGER PRIMARY KEY REFERENCES audit,
	sig BLOB NOT NULL CHECK (length(sig) = 64)
) STRICT;

CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit records stay as they are'); END;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'audit records stay as they are'); END;
CREATE TRIGGER audit_checkpoint_unchanged BEFORE UPDATE ON audit_checkpoint
BEGIN SELECT RAISE(ABORT, 'audit records stay as they are'); END;
CREATE TRIGGER audit_checkpoint_stays BEFORE DELETE ON audit_checkpoint
BEGIN SELECT RAISE(ABORT, 'audit records stay as they are'); END;

PRAGMA application_id = 1635021924; -- STORE_APPLICATION_ID
PRAGMA user_version = 1;
