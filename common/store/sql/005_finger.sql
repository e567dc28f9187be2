-- Fingers: of each that a person enrolled one template with all its samples,
-- sealed for that person, finger, reader's driver, matching algorithm and
-- version (finger.c).

-- Counts every change of a finger. A finger's version is the count that its
-- enrolment brought, so none is ever used twice, and whoever keeps prints in
-- memory sees that they are not those of the store any more.
ALTER TABLE site ADD COLUMN fingers_changed INTEGER NOT NULL DEFAULT 0
	CHECK (fingers_changed >= 0);

CREATE TRIGGER site_fingers_ascend BEFORE UPDATE ON site
WHEN NEW.fingers_changed < OLD.fingers_changed
BEGIN SELECT RAISE(ABORT, 'site counters only count up'); END;

CREATE TABLE finger (
	person       BLOB    NOT NULL REFERENCES person,
	-- as ISO/IEC 19794-2 numbers them
	finger       INTEGER NOT NULL CHECK (finger BETWEEN 1 AND 10),
	version      INTEGER NOT NULL CHECK (version >= 1),
	driver       TEXT    NOT NULL CHECK (length(driver) BETWEEN 1 AND 31),
	algorithm    INTEGER NOT NULL CHECK (algorithm BETWEEN 1 AND 255),
	samples      INTEGER NOT NULL CHECK (samples BETWEEN 1 AND 8),
	enrolled_utc INTEGER NOT NULL,
	template     BLOB    NOT NULL, -- sealed
	PRIMARY KEY (person, finger)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER finger_same BEFORE UPDATE ON finger
BEGIN SELECT RAISE(ABORT, 'a finger is enrolled or destroyed'); END;
CREATE TRIGGER finger_added AFTER INSERT ON finger
BEGIN UPDATE site SET fingers_changed = fingers_changed + 1; END;
CREATE TRIGGER finger_gone AFTER DELETE ON finger
BEGIN UPDATE site SET fingers_changed = fingers_changed + 1; END;

PRAGMA user_version = 5;
