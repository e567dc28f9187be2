-- On what basis a value is held that somebody else than the person supplied;
-- empty where nobody said.
ALTER TABLE person_change ADD COLUMN basis TEXT NOT NULL DEFAULT ''
	CHECK (basis IN ('', 'consent', 'contract', 'legal-duty',
	'public-interest', 'vital-interests', 'public-by-person',
	'lawfully-published'));

PRAGMA user_version = 4;
