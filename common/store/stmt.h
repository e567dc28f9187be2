/*
 * Every statement there is, by name. All of STORE_STMTS are prepared when a
 * store is made and when it is checked, so that one that does not fit the
 * schema shows there.
 */
#ifndef ATT_STORE_STMT_H
#define ATT_STORE_STMT_H

/* Set on every connection, before anything of the file is believed. */
#define DB_SETTINGS                                                \
	"PRAGMA synchronous = FULL", "PRAGMA secure_delete = ON",  \
	    "PRAGMA cell_size_check = ON", "PRAGMA mmap_size = 0", \
	    "PRAGMA temp_store = MEMORY", "PRAGMA cache_size = -1024"

/* Run by hand around opening and checking, when STORE_STMTS cannot be. */
#define DB_WAL		  "PRAGMA journal_mode = WAL"
#define DB_NO_JOURNAL	  "PRAGMA journal_mode = OFF"
#define DB_APPLICATION_ID "PRAGMA application_id"
#define DB_USER_VERSION	  "PRAGMA user_version"
#define DB_BEGIN	  "BEGIN IMMEDIATE"
#define DB_COMMIT	  "COMMIT"
#define DB_ROLLBACK	  "ROLLBACK"
#define DB_SNAPSHOT	  "BEGIN"
#define DB_INTEGRITY	  "PRAGMA integrity_check(1)"

/* store_check: each gives no row while all is well. */
#define STORE_CHECKS(X)                                                        \
	X("PRAGMA foreign_key_check", "a row names another that is not there") \
	X("SELECT 1 FROM person WHERE state <> 2 AND id NOT IN"                \
	  " (SELECT person FROM person_key)",                                  \
	    "a person has no key")                                             \
	X("SELECT 1 FROM person WHERE state = 2 AND id IN"                     \
	  " (SELECT person FROM person_key)",                                  \
	    "an erased person has a key")                                      \
	X("SELECT 1 FROM person WHERE state = 2 AND id NOT IN"                 \
	  " (SELECT person FROM erasure)",                                     \
	    "an erasure is not on record")                                     \
	X("SELECT 1 FROM site WHERE next_uid <="                               \
	  " (SELECT max(uid) FROM person)",                                    \
	    "a uid could be handed out again")                                 \
	X("SELECT 1 FROM site WHERE next_gid <="                               \
	  " (SELECT max(gid) FROM team)",                                      \
	    "a gid could be handed out again")                                 \
	X("SELECT 1 WHERE (SELECT count(*) FROM site) <> 1",                   \
	    "there is not exactly one site")

/* The columns of a whole person, as employee.c takes them. */
#define PERSON_SELECT                                                \
	"SELECT p.id, p.version, p.number, p.login, p.uid, p.state," \
	" p.hired_on, p.ended_on, d.unit, r.unit, p.created_utc,"    \
	" k.wrapped, p.name, p.born_on, p.email, p.phone"            \
	" FROM person p LEFT JOIN person_key k ON k.person = p.id"   \
	" LEFT JOIN team d ON d.gid = p.department"                  \
	" LEFT JOIN team r ON r.gid = p.position"

#define CONSENT_SELECT                                              \
	"SELECT c.id, c.purpose, c.kind, c.by_guardian, c.notice,"  \
	" c.notice_major, c.notice_hash, c.at_utc, c.how, c.place," \
	" c.paper_hash, c.guardian, c.relation, c.until,"           \
	" c.recipient, c.aim, c.signature"                          \
	" FROM consent c"

/* An event x of the same person, purpose and party as c. */
#define REFUSAL_SAME                                           \
	" WHERE x.person = c.person AND x.purpose = c.purpose" \
	" AND x.by_guardian = c.by_guardian"

/* The newest event about fingers of one party, of the finger f's person. */
#define FINGER_EVENT                                          \
	"(SELECT max(n) FROM consent WHERE person = f.person" \
	" AND purpose = 'biometric.finger' AND by_guardian = "

#define NOTICE_SELECT                                                     \
	"SELECT t.version, t.lang, n.major, n.is_major, n.changes,"       \
	" t.published_utc, n.effective_utc, t.hash, t.short_text, t.text" \
	" FROM notice_text t JOIN notice n ON n.version = t.version"

#define ATTENDANCE_SELECT                                               \
	"SELECT p.number, a.id, a.kind, a.at_utc, a.source, a.service," \
	" a.tty, a.rhost, a.factor, a.kiosk, a.os, a.machine, a.place"  \
	" FROM attendance a JOIN person p ON p.id = a.person"

#define REQUEST_SELECT                                                    \
	"SELECT r.n, r.person, p.number, r.kind, r.state,"                \
	" r.opened_utc, r.opened_by, coalesce(r.verified_utc, 0),"        \
	" r.verified_how, coalesce(r.closed_utc, 0), r.field, r.purpose," \
	" r.reason, r.evidence, r.content, r.answer"                      \
	" FROM request r JOIN person p ON p.id = r.person"

/* Pending attempts that nobody will finish any more. */
#define ATTEMPT_STALE \
	" state = 0 AND (boot_id <> :boot_id OR began_boot < :before)"

#define STORE_STMTS(X)                                                            \
	X(BEGIN, DB_BEGIN)                                                        \
	X(COMMIT, DB_COMMIT)                                                      \
	/* site */                                                                \
	X(SITE_ADD,                                                               \
	    "INSERT INTO site (one, site_id, created_utc, id_min, id_max,"        \
	    " audit_hash) VALUES (1, :site, :now, :min, :max, :hash)")            \
	X(SITE_GET,                                                               \
	    "SELECT site_id, created_utc, directory_generation, latest_utc,"      \
	    " next_uid, next_gid FROM site")                                      \
	X(SITE_KEY, "SELECT site_id, key_tag, keyring, audit_seq FROM site")      \
	X(SITE_KEY_SET,                                                           \
	    "UPDATE site SET key_tag = :tag"                                      \
	    " WHERE key_tag IS NULL AND audit_seq = 0")                           \
	X(SITE_KEY_ROTATE,                                                        \
	    "UPDATE site SET key_tag = :tag, keyring = :keyring")                 \
	X(SITE_TOUCH,                                                             \
	    "UPDATE site SET"                                                     \
	    " directory_generation = directory_generation + 1")                   \
	X(SITE_TOUCHED,                                                           \
	    "UPDATE site SET directory_generation ="                              \
	    " max(directory_generation, :generation)")                            \
	X(SITE_IDS, "SELECT id_min, id_max, next_uid, next_gid FROM site")        \
	X(SITE_RANGE_SET,                                                         \
	    "UPDATE site SET id_min = :min, id_max = :max"                        \
	    " WHERE id_min <> :min OR id_max <> :max")                            \
	X(SITE_UID_SET, "UPDATE site SET next_uid = :next")                       \
	X(SITE_IDS_USED,                                                          \
	    "UPDATE site SET next_uid = max(next_uid, :uid),"                     \
	    " next_gid = max(next_gid, :gid)")                                    \
	X(SITE_SCRUB, "UPDATE site SET scrub_due = 1")                            \
	X(SITE_SCRUBBED, "UPDATE site SET scrub_due = 0")                         \
	X(SITE_LEDGER_DUE,                                                        \
	    "UPDATE site SET ledger_due = 1 WHERE ledger_due = 0"                 \
	    " AND EXISTS (SELECT 1 FROM consent WHERE person = :person"           \
	    " AND purpose = :purpose AND by_guardian = :by_guardian"              \
	    " AND (kind = 1) <> :given)")                                         \
	X(SITE_LEDGER_WRITTEN,                                                    \
	    "UPDATE site SET ledger_due = 0 WHERE ledger_due <> 0")               \
	X(SITE_PURGED, "SELECT purged_utc FROM site")                             \
	X(SITE_PURGED_SET, "UPDATE site SET purged_utc = :now")                   \
	X(SITE_TIDY_DUE, "SELECT scrub_due, ledger_due FROM site")                \
	X(SITE_GID_SET, "UPDATE site SET next_gid = :next")                       \
	/* audit */                                                               \
	X(AUDIT_HEAD,                                                             \
	    "SELECT audit_seq, audit_hash, latest_utc, audit_tag FROM site")      \
	X(AUDIT_HEAD_SET,                                                         \
	    "UPDATE site SET audit_seq = :seq, audit_hash = :hash,"               \
	    " latest_utc = :time, audit_tag = :tag")                              \
	X(AUDIT_ADD,                                                              \
	    "INSERT INTO audit (seq, subject, bytes, hash)"                       \
	    " VALUES (:seq, :subject, :bytes, :hash)")                            \
	X(AUDIT_FROM,                                                             \
	    "SELECT bytes FROM audit WHERE seq >= :from ORDER BY seq")            \
	X(AUDIT_OF_SUBJECT,                                                       \
	    "SELECT bytes FROM audit WHERE subject = :subject"                    \
	    " AND seq >= :from ORDER BY seq")                                     \
	X(AUDIT_AROUND_SUBJECT,                                                   \
	    "SELECT bytes FROM audit"                                             \
	    " WHERE subject IN (:subject, zeroblob(16))"                          \
	    " AND seq >= :from ORDER BY seq")                                     \
	X(AUDIT_CHAIN,                                                            \
	    "SELECT a.seq, a.subject, a.bytes, a.hash, c.sig FROM audit a"        \
	    " LEFT JOIN audit_checkpoint c ON c.seq = a.seq ORDER BY a.seq")      \
	X(AUDIT_BASE, "SELECT seq, hash, sig FROM audit_base")                    \
	X(AUDIT_BASE_SET,                                                         \
	    "INSERT INTO audit_base (one, seq, hash, sig)"                        \
	    " VALUES (1, :seq, :hash, :sig) ON CONFLICT (one) DO UPDATE SET"      \
	    " seq = excluded.seq, hash = excluded.hash, sig = excluded.sig")      \
	X(AUDIT_CHECKPOINTS,                                                      \
	    "SELECT a.bytes, a.seq, a.hash, c.sig FROM audit_checkpoint c"        \
	    " JOIN audit a ON a.seq = c.seq ORDER BY c.seq")                      \
	X(AUDIT_PRUNE, "DELETE FROM audit WHERE seq <= :to")                      \
	X(AUDIT_HASH, "SELECT hash FROM audit WHERE seq = :seq")                  \
	X(CHECKPOINT_PRUNE, "DELETE FROM audit_checkpoint WHERE seq <= :to")      \
	X(CHECKPOINT_ADD,                                                         \
	    "INSERT INTO audit_checkpoint (seq, sig) VALUES (:seq, :sig)")        \
	X(CHECKPOINT_ORPHAN,                                                      \
	    "SELECT seq FROM audit_checkpoint WHERE seq NOT IN"                   \
	    " (SELECT seq FROM audit) ORDER BY seq LIMIT 1")                      \
	/* teams */                                                               \
	X(TEAM_ADD,                                                               \
	    "INSERT INTO team (gid, kind, unit, name)"                            \
	    " VALUES (:gid, :kind, :unit, :name)")                                \
	X(TEAM_BY_UNIT,                                                           \
	    "SELECT gid FROM team WHERE kind = :kind AND unit = :unit")           \
	X(TEAM_BY_NAME, "SELECT gid FROM team WHERE name = :name")                \
	X(TEAM_LIST, "SELECT gid, name, kind, unit FROM team ORDER BY gid")       \
	/* people */                                                              \
	X(PERSON_ADD,                                                             \
	    "INSERT INTO person (id, version, number, login, uid, state,"         \
	    " hired_on, ended_on, department, position, created_utc, name,"       \
	    " born_on, email, phone) VALUES (:id, :version, :number, :login,"     \
	    " :uid, :state, :hired_on, :ended_on, :department, :position,"        \
	    " :created, :name, :born_on, :email, :phone)")                        \
	X(PERSON_SET,                                                             \
	    "UPDATE person SET version = :version, login = :login,"               \
	    " state = :state, hired_on = :hired_on, ended_on = :ended_on,"        \
	    " department = :department, position = :position, name = :name,"      \
	    " born_on = :born_on, email = :email, phone = :phone"                 \
	    " WHERE id = :id")                                                    \
	X(PERSON_KEY_ADD,                                                         \
	    "INSERT INTO person_key (person, wrapped)"                            \
	    " VALUES (:person, :wrapped)")                                        \
	X(PERSON_KEY,                                                             \
	    "SELECT p.state, k.wrapped FROM person p"                             \
	    " LEFT JOIN person_key k ON k.person = p.id"                          \
	    " WHERE p.id = :person")                                              \
	X(PERSON_KEY_AFTER,                                                       \
	    "SELECT person, wrapped FROM person_key WHERE person > :after"        \
	    " ORDER BY person LIMIT 1")                                           \
	X(PERSON_KEY_SET,                                                         \
	    "UPDATE person_key SET wrapped = :wrapped WHERE person = :person")    \
	X(PERSON_BY_ID, PERSON_SELECT " WHERE p.id = :id")                        \
	X(PERSON_BY_NUMBER, PERSON_SELECT " WHERE p.number = :number")            \
	X(PERSON_BY_LOGIN,                                                        \
	    PERSON_SELECT " WHERE p.login = :login AND p.state <> 2")             \
	X(PERSON_BY_UID, PERSON_SELECT " WHERE p.uid = :uid")                     \
	X(PERSON_LOGIN_TAKEN, "SELECT id FROM person WHERE login = :login")       \
	X(PERSON_NUMBER_TAKEN, "SELECT id FROM person WHERE number = :number")    \
	X(PERSON_KNOWN,                                                           \
	    "SELECT id, state = 2 FROM person WHERE number = :number")            \
	X(PERSON_LOGIN,                                                           \
	    "SELECT login FROM person WHERE id = :person AND state <> 2")         \
	X(PERSON_LIST, PERSON_SELECT " WHERE p.state <> 2 ORDER BY p.number")     \
	X(PERSON_LIST_UNIT,                                                       \
	    PERSON_SELECT " WHERE p.state <> 2 AND d.unit = :unit"                \
			  " ORDER BY p.number")                                   \
	X(PERSON_COUNT, "SELECT count(*) FROM person WHERE state <> 2")           \
	X(PUBLISH_SPAN,                                                           \
	    "SELECT (SELECT min(uid) FROM person WHERE state <> 2),"              \
	    " (SELECT max(uid) FROM person WHERE state <> 2)")                    \
	X(PUBLISH_LIST,                                                           \
	    "SELECT login, number, uid, department, position FROM person"         \
	    " WHERE state <> 2 ORDER BY uid")                                     \
	X(PUBLISH_NAMES,                                                          \
	    "SELECT p.id, p.version, p.login, p.number, p.uid, p.department,"     \
	    " p.position, k.wrapped, p.name FROM person p"                        \
	    " LEFT JOIN person_key k ON k.person = p.id"                          \
	    " WHERE p.state <> 2 ORDER BY p.uid")                                 \
	/* PINs */                                                                \
	X(PIN_GET,                                                                \
	    "SELECT version, record, must_change, set_utc FROM pin"               \
	    " WHERE person = :person")                                            \
	X(PIN_SET,                                                                \
	    "INSERT INTO pin (person, version, record, must_change, set_utc)"     \
	    " VALUES (:person, :version, :record, :must_change, :now)"            \
	    " ON CONFLICT (person) DO UPDATE SET version = excluded.version,"     \
	    " record = excluded.record, must_change = excluded.must_change,"      \
	    " set_utc = excluded.set_utc")                                        \
	X(PIN_REHASH,                                                             \
	    "UPDATE pin SET version = :version, record = :record"                 \
	    " WHERE person = :person")                                            \
	X(PIN_RETIRE,                                                             \
	    "INSERT INTO pin_past (person, version, record)"                      \
	    " SELECT person, version, record FROM pin WHERE person = :person")    \
	X(PIN_FORGET,                                                             \
	    "DELETE FROM pin_past WHERE person = :person AND version NOT IN"      \
	    " (SELECT version FROM pin_past WHERE person = :person"               \
	    " ORDER BY version DESC LIMIT :keep)")                                \
	X(PIN_PAST,                                                               \
	    "SELECT version, record FROM pin WHERE person = :person"              \
	    " UNION ALL SELECT version, record FROM pin_past"                     \
	    " WHERE person = :person ORDER BY 1 DESC LIMIT :most")                \
	/* fingers */                                                             \
	X(SITE_FINGERS_CHANGED, "SELECT fingers_changed FROM site")               \
	X(FINGER_ADD,                                                             \
	    "INSERT INTO finger (person, finger, version, driver,"                \
	    " algorithm, samples, enrolled_utc, template) VALUES"                 \
	    " (:person, :finger, :version, :driver, :algorithm,"                  \
	    " :samples, :now, :template)")                                        \
	X(FINGER_GET,                                                             \
	    "SELECT finger, version, driver, algorithm, samples, enrolled_utc,"   \
	    " template FROM finger"                                               \
	    " WHERE person = :person AND finger = :finger")                       \
	X(FINGER_LIST,                                                            \
	    "SELECT person, finger, version, driver, algorithm,"                  \
	    " samples, enrolled_utc FROM finger"                                  \
	    " WHERE person = :person ORDER BY finger")                            \
	X(FINGER_SEARCHABLE,                                                      \
	    "SELECT f.person, f.finger, f.version, f.driver,"                     \
	    " f.algorithm, f.samples, f.enrolled_utc FROM finger f"               \
	    " JOIN person p ON p.id = f.person WHERE p.state = 0"                 \
	    " AND (p.hired_on IS NULL OR p.hired_on <= :today)"                   \
	    " AND (p.ended_on IS NULL OR p.ended_on >= :today)"                   \
	    " AND EXISTS (SELECT 1 FROM consent c WHERE c.kind = 1"               \
	    " AND c.n IN (" FINGER_EVENT "0), " FINGER_EVENT "1))"                \
	    " AND c.notice_major >= (SELECT major FROM notice"                    \
	    " WHERE effective_utc <= :at ORDER BY n DESC LIMIT 1)"                \
	    " AND (c.until IS NULL OR c.until >= :today))"                        \
	    " ORDER BY f.person, f.finger")                                       \
	X(FINGER_EVERY,                                                           \
	    "SELECT f.person, f.finger, f.version, f.driver,"                     \
	    " f.algorithm, f.samples, f.enrolled_utc FROM finger f"               \
	    " ORDER BY f.person, f.finger")                                       \
	X(FINGER_COUNT,                                                           \
	    "SELECT count(*) FROM finger WHERE person = :person"                  \
	    " AND (:finger = 0 OR finger = :finger)")                             \
	X(FINGER_DELETE,                                                          \
	    "DELETE FROM finger WHERE person = :person"                           \
	    " AND (:finger = 0 OR finger = :finger)")                             \
	/* erasure: the person's rows, and what stands in their place */          \
	X(FORGET_KEY, "DELETE FROM person_key WHERE person = :person")            \
	X(FORGET_PIN, "DELETE FROM pin WHERE person = :person")                   \
	X(FORGET_FINGERS, "DELETE FROM finger WHERE person = :person")            \
	X(FORGET_PIN_PAST, "DELETE FROM pin_past WHERE person = :person")         \
	X(FORGET_ATTEMPTS, "DELETE FROM attempt WHERE subject = :person")         \
	X(FORGET_COUNTERS, "DELETE FROM counter WHERE subject = :person")         \
	X(FORGET_SHOWN, "DELETE FROM notice_shown WHERE person = :person")        \
	X(FORGET_CONSENTS, "DELETE FROM consent WHERE person = :person")          \
	X(FORGET_ATTENDANCE, "DELETE FROM attendance WHERE person = :person")     \
	X(FORGET_HOLD, "DELETE FROM hold WHERE person = :person")                 \
	X(PERSON_ERASE,                                                           \
	    "UPDATE person SET version = version + 1, state = 2, login = :login," \
	    " hired_on = NULL, ended_on = NULL, department = NULL,"               \
	    " position = NULL, created_utc = 0, name = NULL, born_on = NULL,"     \
	    " email = NULL, phone = NULL WHERE id = :person")                     \
	X(PERSON_RESERVE,                                                         \
	    "INSERT INTO person (id, version, number, login, uid, state,"         \
	    " created_utc) VALUES (:person, 1, :number, :login, :uid, 2, 0)")     \
	X(ERASURE_ADD,                                                            \
	    "INSERT INTO erasure (person, at_utc, reason)"                        \
	    " VALUES (:person, :at, :reason)")                                    \
	X(ERASURE_COUNT, "SELECT count(*) FROM erasure")                          \
	X(ERASURE_LIST,                                                           \
	    "SELECT p.id, p.uid, x.at_utc, p.number, p.login, x.reason"           \
	    " FROM erasure x JOIN person p ON p.id = x.person ORDER BY x.n")      \
	X(HOLD_GET, "SELECT since_utc FROM hold WHERE person = :person")          \
	X(HOLD_BEFORE, "SELECT count(*) FROM hold WHERE since_utc < :before")     \
	X(HOLD_SET,                                                               \
	    "INSERT INTO hold (person, since_utc) VALUES (:person, :now)")        \
	/* attempts */                                                            \
	X(ATTEMPT_ADD,                                                            \
	    "INSERT INTO attempt (subject, known, factor, service, state,"        \
	    " boot_id, began_utc, began_boot) VALUES (:subject, :known,"          \
	    " :factor, :service, 0, :boot_id, :utc, :boot)")                      \
	X(ATTEMPT_GET,                                                            \
	    "SELECT state FROM attempt WHERE id = :id"                            \
	    " AND subject = :subject AND factor = :factor")                       \
	X(ATTEMPT_END,                                                            \
	    "UPDATE attempt SET state = :state, ended_utc = :utc,"                \
	    " ended_boot = :boot WHERE id = :id")                                 \
	X(ATTEMPT_PENDING,                                                        \
	    "SELECT count(*) FROM attempt WHERE subject = :subject"               \
	    " AND factor = :factor AND state = 0")                                \
	X(ATTEMPT_PENDING_ALL,                                                    \
	    "SELECT count(*) FROM attempt WHERE subject = :subject"               \
	    " AND state = 0")                                                     \
	X(ATTEMPT_FORGET,                                                         \
	    "UPDATE attempt SET state = 3 WHERE subject = :subject"               \
	    " AND factor = :factor AND state = 0")                                \
	X(ATTEMPT_FORGET_ALL,                                                     \
	    "UPDATE attempt SET state = 3 WHERE subject = :subject"               \
	    " AND state = 0")                                                     \
	X(ATTEMPT_STALE_COUNT,                                                    \
	    "SELECT count(*) FROM attempt WHERE" ATTEMPT_STALE                    \
	    " AND (factor = :finger) = :of_finger")                               \
	X(ATTEMPT_STALE_ADD,                                                      \
	    "INSERT INTO counter (subject, factor, known, failures,"              \
	    " touched_utc, locked, lock_utc, lock_boot, lock_boot_id)"            \
	    " SELECT subject, factor, known, count(*), :utc, 0, 0, 0,"            \
	    " zeroblob(16) FROM attempt WHERE" ATTEMPT_STALE                      \
	    " GROUP BY subject, factor, known"                                    \
	    " ON CONFLICT (subject, factor) DO UPDATE SET"                        \
	    " failures = failures + excluded.failures")                           \
	X(ATTEMPT_STALE_END,                                                      \
	    "UPDATE attempt SET state = 4, ended_utc = :utc WHERE" ATTEMPT_STALE) \
	X(ATTEMPT_RECENT,                                                         \
	    "SELECT factor, service, ended_boot, boot_id FROM attempt"            \
	    " WHERE subject = :subject AND state = 1"                             \
	    " AND (:among = 0 OR factor & :among) ORDER BY id DESC")              \
	X(ATTEMPT_PRUNE,                                                          \
	    "DELETE FROM attempt WHERE id IN (SELECT id FROM attempt"             \
	    " WHERE state <> 0 AND (known = 0 OR ended_utc < :before OR"          \
	    " (ended_utc IS NULL AND began_utc < :before)) LIMIT :most)")         \
	X(COUNTER_GET,                                                            \
	    "SELECT failures, locked, lock_utc, lock_boot, lock_boot_id"          \
	    " FROM counter WHERE subject = :subject AND factor = :factor")        \
	X(COUNTER_SET,                                                            \
	    "INSERT INTO counter (subject, factor, known, failures,"              \
	    " touched_utc, locked, lock_utc, lock_boot, lock_boot_id)"            \
	    " VALUES (:subject, :factor, :known, :failures, :utc, :locked,"       \
	    " :lock_utc, :lock_boot, :lock_boot_id)"                              \
	    " ON CONFLICT (subject, factor) DO UPDATE SET"                        \
	    " failures = excluded.failures,"                                      \
	    " touched_utc = excluded.touched_utc, locked = excluded.locked,"      \
	    " lock_utc = excluded.lock_utc, lock_boot = excluded.lock_boot,"      \
	    " lock_boot_id = excluded.lock_boot_id")                              \
	X(COUNTER_SUM,                                                            \
	    "SELECT coalesce(sum(failures), 0) FROM counter"                      \
	    " WHERE subject = :subject")                                          \
	X(COUNTER_CLEAR, "DELETE FROM counter WHERE subject = :subject")          \
	X(COUNTER_PRUNE,                                                          \
	    "DELETE FROM counter WHERE (subject, factor) IN"                      \
	    " (SELECT subject, factor FROM counter WHERE known = 0"               \
	    " AND factor > 0 AND touched_utc < :before LIMIT :most)")             \
	/* notices and consent */                                                 \
	X(NOTICE_ADD,                                                             \
	    "INSERT INTO notice (version, major, is_major, changes,"              \
	    " effective_utc) VALUES (:version, :major, :is_major, :changes,"      \
	    " :effective)")                                                       \
	X(NOTICE_TEXT_ADD,                                                        \
	    "INSERT INTO notice_text (version, lang, published_utc, hash,"        \
	    " short_text, text) VALUES (:version, :lang, :now, :hash, :short,"    \
	    " :text)")                                                            \
	X(NOTICE_NEWEST,                                                          \
	    "SELECT version, major, is_major, changes, effective_utc,"            \
	    " n = (SELECT min(n) FROM notice)"                                    \
	    " FROM notice ORDER BY n DESC LIMIT 1")                               \
	X(NOTICE_FIND, "SELECT n FROM notice WHERE version = :version")           \
	X(NOTICE_IN_FORCE,                                                        \
	    NOTICE_SELECT                                                         \
	    " WHERE t.version ="                                                  \
	    " (SELECT version FROM notice WHERE effective_utc <= :at"             \
	    " ORDER BY n DESC LIMIT 1)"                                           \
	    " ORDER BY t.lang = :lang DESC, t.lang = 'en' DESC, t.n LIMIT 1")     \
	X(NOTICE_COMING,                                                          \
	    NOTICE_SELECT                                                         \
	    " WHERE t.version ="                                                  \
	    " (SELECT version FROM notice WHERE effective_utc > :at"              \
	    " ORDER BY n LIMIT 1)"                                                \
	    " ORDER BY t.lang = :lang DESC, t.lang = 'en' DESC, t.n LIMIT 1")     \
	X(NOTICE_CHANGES,                                                         \
	    "SELECT changes FROM notice WHERE major > :since"                     \
	    " AND is_major = 1 AND effective_utc <= :at")                         \
	X(NOTICE_BY_VERSION,                                                      \
	    NOTICE_SELECT                                                         \
	    " WHERE t.version = :version"                                         \
	    " ORDER BY t.lang = :lang DESC, t.lang = 'en' DESC, t.n LIMIT 1")     \
	X(NOTICE_LIST, NOTICE_SELECT " ORDER BY n.n, t.n")                        \
	X(NOTICE_SHOWN,                                                           \
	    "SELECT 1 FROM notice_shown WHERE person = :person"                   \
	    " AND version = :version")                                            \
	X(NOTICE_SHOWN_ADD,                                                       \
	    "INSERT INTO notice_shown (person, version, at_utc)"                  \
	    " VALUES (:person, :version, :now)")                                  \
	X(CONSENT_ADD,                                                            \
	    "INSERT INTO consent (id, person, purpose, kind, by_guardian,"        \
	    " notice, notice_major, notice_hash, at_utc, how, place,"             \
	    " paper_hash, guardian, relation, until, recipient, aim,"             \
	    " signature)"                                                         \
	    " VALUES (:id, :person, :purpose, :kind, :by_guardian, :notice,"      \
	    " :notice_major, :notice_hash, :now, :how, :place, :paper_hash,"      \
	    " :guardian, :relation, :until, :recipient, :aim, :signature)")       \
	X(CONSENT_STATE,                                                          \
	    CONSENT_SELECT                                                        \
	    " WHERE c.person = :person"                                           \
	    " AND c.purpose = :purpose AND c.by_guardian = :by_guardian"          \
	    " ORDER BY c.n DESC LIMIT 1")                                         \
	X(CONSENT_NEWEST_FIRST,                                                   \
	    CONSENT_SELECT                                                        \
	    " WHERE c.person = :person AND c.purpose = :purpose"                  \
	    " AND c.by_guardian = :by_guardian ORDER BY c.n DESC")                \
	X(REFUSAL_KNOWN, "SELECT 1 FROM consent WHERE id = :id")                  \
	X(REFUSAL_ENDS,                                                           \
	    "SELECT kind, notice, notice_major, notice_hash FROM consent"         \
	    " WHERE person = :person AND purpose = :purpose"                      \
	    " AND by_guardian = :by_guardian ORDER BY n DESC LIMIT 1")            \
	X(REFUSAL_LIST,                                                           \
	    "SELECT c.person, c.id, c.purpose, c.by_guardian, c.at_utc"           \
	    " FROM consent c WHERE c.kind <> 1 AND c.purpose <> 'disclosure'"     \
	    " AND NOT EXISTS (SELECT 1 FROM consent x" REFUSAL_SAME               \
	    " AND x.n > c.n)"                                                     \
	    " AND EXISTS (SELECT 1 FROM consent x" REFUSAL_SAME                   \
	    " AND x.kind = 1)"                                                    \
	    " ORDER BY c.person, c.purpose, c.by_guardian")                       \
	X(CONSENT_LIST,                                                           \
	    CONSENT_SELECT " WHERE c.person = :person ORDER BY c.n")              \
	/* attendance */                                                          \
	X(ATTENDANCE_ADD,                                                         \
	    "INSERT INTO attendance (id, person, kind, at_utc, source,"           \
	    " service, tty, rhost, factor, kiosk, os, machine, place)"            \
	    " VALUES (:id, :person, :kind, :at, :source, :service, :tty, :rhost," \
	    " :factor, :kiosk, :os, :machine, :place)")                           \
	X(ATTENDANCE_LIST,                                                        \
	    ATTENDANCE_SELECT " WHERE a.at_utc >= :from AND a.at_utc < :to"       \
			      " ORDER BY a.at_utc, a.n")                          \
	X(ATTENDANCE_OF,                                                          \
	    ATTENDANCE_SELECT " WHERE a.person = :person"                         \
			      " AND a.at_utc >= :from AND a.at_utc < :to"         \
			      " ORDER BY a.at_utc, a.n")                          \
	X(ATTENDANCE_PRUNE,                                                       \
	    "DELETE FROM attendance WHERE n IN (SELECT n FROM attendance"         \
	    " WHERE at_utc < :before ORDER BY at_utc, n LIMIT :most)")            \
	X(ATTENDANCE_CLOCK,                                                       \
	    "SELECT kind FROM attendance WHERE person = :person"                  \
	    " AND kind IN (3, 4) ORDER BY at_utc DESC, n DESC LIMIT 1")           \
	/* rights */                                                              \
	X(HISTORY_ADD,                                                            \
	    "INSERT INTO person_change (person, version, field, at_utc, actor,"   \
	    " source, basis, was) VALUES (:person, :version, :field, :now,"       \
	    " :actor, :source, :basis, :was)")                                    \
	X(HISTORY_LIST,                                                           \
	    "SELECT version, field, at_utc, actor, source, basis, was"            \
	    " FROM person_change WHERE person = :person ORDER BY version, field") \
	X(REQUEST_NEXT,                                                           \
	    "SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence"               \
	    " WHERE name = 'request'")                                            \
	X(REQUEST_ADD,                                                            \
	    "INSERT INTO request (n, person, kind, state, opened_utc, opened_by," \
	    " verified_utc, verified_how, field, purpose, content)"               \
	    " VALUES (:n, :person, :kind, :state, :now, :actor, :verified,"       \
	    " :how, :field, :purpose, :content)")                                 \
	X(REQUEST_VERIFY,                                                         \
	    "UPDATE request SET state = 2, verified_utc = :now,"                  \
	    " verified_how = :how WHERE n = :n AND state = 1")                    \
	X(REQUEST_CLOSE,                                                          \
	    "UPDATE request SET state = :state, closed_utc = :now,"               \
	    " reason = :reason, evidence = :evidence, answer = :answer"           \
	    " WHERE n = :n AND state <= 2")                                       \
	X(REQUEST_GET, REQUEST_SELECT " WHERE r.n = :n")                          \
	X(REQUEST_LIST, REQUEST_SELECT " ORDER BY r.n")                           \
	X(REQUEST_LIST_OPEN,                                                      \
	    REQUEST_SELECT " WHERE r.state <= 2 ORDER BY r.n")                    \
	X(REQUEST_OF, REQUEST_SELECT " WHERE r.person = :person ORDER BY r.n")    \
	X(REQUEST_LATE,                                                           \
	    "SELECT count(*) FROM request WHERE state <= 2"                       \
	    " AND coalesce(verified_utc, opened_utc) < :before")                  \
	X(REQUEST_NEWS,                                                           \
	    "SELECT count(*) FROM request WHERE person = :person"                 \
	    " AND state IN (3, 4) AND closed_utc >= coalesce((SELECT began_utc"   \
	    " FROM attempt WHERE subject = :person AND state = 1"                 \
	    " ORDER BY id DESC LIMIT 1 OFFSET 1), 0)")                            \
	X(DISCLOSURE_ADD,                                                         \
	    "INSERT INTO disclosure (act, person, at_utc, basis, fields, actor,"  \
	    " decider, recipient, aim) VALUES (:act, :person, :now, :basis,"      \
	    " :fields, :actor, :decider, :recipient, :aim)")                      \
	X(DISCLOSURE_KNOWN,                                                       \
	    "SELECT 1 FROM disclosure WHERE act = :act AND person = :person")     \
	X(DISCLOSURE_ACTS,                                                        \
	    "SELECT person, act FROM disclosure ORDER BY person, n")              \
	X(DISCLOSURE_LIST,                                                        \
	    "SELECT d.act, d.at_utc, d.basis, d.fields, d.actor, p.number,"       \
	    " d.recipient, d.aim FROM disclosure d"                               \
	    " JOIN person p ON p.id = d.decider"                                  \
	    " WHERE d.person = :person ORDER BY d.n")                             \
	/* rows of an erased person; the erasure's list runs them */              \
	X(FORGET_HISTORY, "DELETE FROM person_change WHERE person = :person")     \
	X(FORGET_REQUESTS, "DELETE FROM request WHERE person = :person")          \
	X(FORGET_DISCLOSURES, "DELETE FROM disclosure WHERE person = :person")    \
	X(ATTEMPT_LIST,                                                           \
	    "SELECT began_utc, factor, service, state FROM attempt"               \
	    " WHERE subject = :subject ORDER BY id")                              \
	X(NOTICE_SHOWN_LIST,                                                      \
	    "SELECT version, at_utc FROM notice_shown"                            \
	    " WHERE person = :person ORDER BY at_utc, version")                   \
	X(ATTENDANCE_TOGETHER,                                                    \
	    "SELECT strftime('%Y-%m', a.at_utc, 'unixepoch', 'localtime'),"       \
	    " CASE WHEN t.unit IN (SELECT u.unit FROM person q"                   \
	    " JOIN team u ON u.gid = q.department WHERE q.state <> 2"             \
	    " GROUP BY u.unit HAVING count(*) >= :k) THEN t.unit ELSE '*' END,"   \
	    " a.kind,"                                                            \
	    " CAST(strftime('%H', a.at_utc, 'unixepoch', 'localtime')"            \
	    " AS INTEGER) / 6, count(*), count(DISTINCT a.person)"                \
	    " FROM attendance a JOIN person p ON p.id = a.person"                 \
	    " LEFT JOIN team t ON t.gid = p.department"                           \
	    " GROUP BY 1, 2, 3, 4 HAVING count(DISTINCT a.person) >= :k"          \
	    " ORDER BY 1, 2, 3, 4")

enum store_stmt {
#define X(name, sql) STMT_##name,
	STORE_STMTS(X)
#undef X
	STMT_COUNT
};

#endif
