-- Refusals that ended a consent are in the ledger beside the store, so that no
-- backup brings the consent back.

-- 1: the ledger beside the store lacks something that was said
ALTER TABLE site ADD COLUMN ledger_due INTEGER NOT NULL DEFAULT 0
	CHECK (ledger_due IN (0, 1));
UPDATE site SET ledger_due = 1;

-- What the ledger is made of, without looking at everybody's consents.
CREATE INDEX consent_refused ON consent (person, purpose, by_guardian)
	WHERE kind <> 1 AND purpose <> 'disclosure';

PRAGMA user_version = 6;
