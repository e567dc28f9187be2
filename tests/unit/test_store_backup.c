/* Backups: what they hold, whom they open for, and what they cannot undo. */
#include "store/backup.h"

#include "sample_finger.h"
#include "store/finger.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct store_watch quiet = { NULL, NULL };

struct backup {
	int fd;
	struct store_backup b;
};

static void
backup_end(struct backup *b)
{
	if (b->fd >= 0)
		(void)close(b->fd);
}
#define BACKUP __attribute__((cleanup(backup_end))) struct backup

static bool
backup_make(struct sample *t, struct backup *b)
{
	b->fd = open(test_path("backup"), O_RDWR | O_CREAT | O_TRUNC, 0600);
	return b->fd >= 0 &&
	    store_backup(t->store, &t->by, b->fd, &quiet, &b->b) == ATT_OK;
}

static enum att_err
restore(
    struct sample *t, const struct store_restore *r, struct store_again *again)
{
	struct store_restored out = { 0 };
	enum att_err e = store_restore(r, &t->by, &quiet, &out);

	if (again != NULL)
		*again = out.again;
	return e;
}

static enum att_err
put_back(
    struct sample *t, struct backup *b, bool unled, struct store_again *again)
{
	struct store_restore r = { .fd = b->fd,
		.path = t->path,
		.live = t->store,
		.vault = t->vault,
		.unled = unled };
	enum att_err e = restore(t, &r, again);

	if (e != ATT_OK)
		printf("# %s\n", store_trouble(t->store));
	return e;
}

static bool
knows(struct sample *t, const char *number)
{
	struct store_employee e;

	return store_employee_by_number(t->store, number, &e) == ATT_OK &&
	    e.state == STORE_ACTIVE && e.name[0] != '\0';
}

TEST("what a backup holds comes back, and what came after it is gone")
{
	SAMPLE t = { 0 };
	BACKUP b = { .fd = -1 };
	struct store_employee ada = sample_ada(), bob = sample_bob();
	struct audit_verifier v;
	uint32_t bobs;

	NEED(sample_open(&t) && sample_add(&t, &ada) == ATT_OK);
	NEED(backup_make(&t, &b));
	NEED(sample_add(&t, &bob) == ATT_OK);
	bobs = bob.uid;

	CHECK(put_back(&t, &b, false, NULL) == ATT_OK);
	CHECK(knows(&t, "1042") && !knows(&t, "1043"));
	CHECK(store_audit_verify(t.store, &v) == ATT_OK);
	CHECK(store_tidy(t.store, true) == ATT_OK);
	NEED(sample_reopen(&t));
	CHECK(knows(&t, "1042") && !knows(&t, "1043"));
	bob = sample_bob();
	CHECK(sample_add(&t, &bob) == ATT_OK && bob.uid > bobs);
}

TEST("nothing of the store can be read in a backup")
{
	SAMPLE t = { 0 };
	BACKUP b = { .fd = -1 };
	struct store_employee ada = sample_ada();
	static char all[1 << 20];
	ssize_t n;

	NEED(sample_open(&t) && sample_add(&t, &ada) == ATT_OK);
	NEED(backup_make(&t, &b));
	n = pread(b.fd, all, sizeof(all), 0);
	NEED(n > 10000 && n < (ssize_t)sizeof(all));
	CHECK(memmem(all, (size_t)n, "1042", 4) == NULL);
	CHECK(memmem(all, (size_t)n, "SQLite", 6) == NULL);
	CHECK(memmem(all, (size_t)n, "attend-backup-1", 15) != NULL);
	CHECK(access(test_path("store.db.copy"), F_OK) != 0);
}

static bool
write_byte(int fd, off_t at, uint8_t v)
{
	return pwrite(fd, &v, 1, at) == 1;
}

TEST("a backup that is changed, cut or longer is refused, the store untouched")
{
	SAMPLE t = { 0 };
	BACKUP b = { .fd = -1 };
	struct store_employee ada = sample_ada(), bob = sample_bob();
	struct stat st;
	static const off_t cuts[] = { 0, 10, 100, 200, 1000, 65536, 65770 };

	NEED(sample_open(&t) && sample_add(&t, &ada) == ATT_OK);
	NEED(backup_make(&t, &b) && fstat(b.fd, &st) == 0);
	NEED(sample_add(&t, &bob) == ATT_OK);

	for (off_t at = 0; at < st.st_size; at += at < 200 ? 1 : 4999) {
		uint8_t v;

		NEED(pread(b.fd, &v, 1, at) == 1);
		NEED(write_byte(b.fd, at, v ^ 1));
		CHECK(put_back(&t, &b, false, NULL) != ATT_OK);
		NEED(write_byte(b.fd, at, v));
	}
	for (size_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
		struct backup cut = { .fd = open(test_path("cut"),
					  O_RDWR | O_CREAT | O_TRUNC, 0600) };
		static uint8_t all[1 << 20];

		NEED(pread(b.fd, all, (size_t)cuts[i], 0) == cuts[i]);
		NEED(write(cut.fd, all, (size_t)cuts[i]) == cuts[i]);
		CHECK(put_back(&t, &cut, false, NULL) != ATT_OK);
		backup_end(&cut);
	}
	NEED(write_byte(b.fd, st.st_size, 0));
	CHECK(put_back(&t, &b, false, NULL) == ATT_CORRUPT);
	CHECK(knows(&t, "1043"));
	CHECK(access(test_path("store.db.restore"), F_OK) != 0);
	NEED(ftruncate(b.fd, st.st_size) == 0);
	CHECK(put_back(&t, &b, false, NULL) == ATT_OK);
	CHECK(!knows(&t, "1043"));
}

static enum att_err
erase(struct sample *t, const uint8_t *id)
{
	enum att_err e =
	    IN_TX(t, store_erase(t->store, &t->by, id, STORE_ERASE_CLOSED));

	return e == ATT_OK ? store_tidy(t->store, true) : e;
}

TEST("who was erased after the backup stays erased when it is put back")
{
	SAMPLE t = { 0 };
	BACKUP b = { .fd = -1 };
	struct store_employee ada = sample_ada(), bob = sample_bob(), e;
	struct store_again again = { 0 };

	NEED(sample_open(&t));
	NEED(sample_add(&t, &ada) == ATT_OK && sample_add(&t, &bob) == ATT_OK);
	NEED(backup_make(&t, &b));
	NEED(erase(&t, ada.id) == ATT_OK);

	CHECK(put_back(&t, &b, false, &again) == ATT_OK && again.erased == 1);
	CHECK(!knows(&t, "1042") && knows(&t, "1043"));
	CHECK(store_employee_by_number(t.store, "1042", &e) == ATT_OK);
	CHECK(e.state == STORE_ERASED);
}

/* The machine is lost; key, backup and perhaps the ledger are not. */
static void
lose_machine(struct sample *t, bool ledger_too)
{
	char path[300];

	store_close(t->store);
	t->store = NULL;
	(void)remove(t->path);
	if (ledger_too &&
	    store_ledger_path(t->path, path, sizeof(path)) == ATT_OK)
		(void)remove(path);
}

TEST("on another machine the ledger that was brought along erases again")
{
	SAMPLE t = { 0 };
	BACKUP b = { .fd = -1 };
	struct store_employee ada = sample_ada(), bob = sample_bob();
	static uint8_t ledger[4096];
	char path[300];
	struct store_restore r;
	struct store_again again = { 0 };
	ssize_t n;
	int fd;

	NEED(sample_open(&t));
	NEED(sample_add(&t, &ada) == ATT_OK && sample_add(&t, &bob) == ATT_OK);
	NEED(backup_make(&t, &b));
	NEED(erase(&t, ada.id) == ATT_OK);
	NEED(store_ledger_path(t.path, path, sizeof(path)) == ATT_OK);
	fd = open(path, O_RDONLY);
	NEED(fd >= 0);
	n = read(fd, ledger, sizeof(ledger));
	(void)close(fd);
	lose_machine(&t, true);

	CHECK(put_back(&t, &b, false, NULL) == ATT_ABSENT);
	CHECK(access(t.path, F_OK) != 0);
	r = (struct store_restore){ .fd = b.fd,
		.path = t.path,
		.vault = t.vault,
		.more = { ledger, (size_t)n } };
	CHECK(restore(&t, &r, &again) == ATT_OK);
	CHECK(again.erased == 1);
	NEED(store_open(&t.store, t.path, t.vault) == ATT_OK);
	CHECK(!knows(&t, "1042") && knows(&t, "1043"));
	lose_machine(&t, true);
	CHECK(put_back(&t, &b, true, NULL) == ATT_OK);
}

TEST("a damaged store is replaced, with the ledger beside it")
{
	SAMPLE t = { 0 };
	BACKUP b = { .fd = -1 };
	struct store_employee ada = sample_ada(), bob = sample_bob();
	FILE *f;

	NEED(sample_open(&t));
	NEED(sample_add(&t, &ada) == ATT_OK && sample_add(&t, &bob) == ATT_OK);
	NEED(backup_make(&t, &b));
	NEED(erase(&t, ada.id) == ATT_OK);
	lose_machine(&t, false);
	f = fopen(t.path, "w");
	NEED(f != NULL && fputs("noise", f) >= 0 && fclose(f) == 0);

	CHECK(put_back(&t, &b, false, NULL) == ATT_OK);
	NEED(store_open(&t.store, t.path, t.vault) == ATT_OK);
	CHECK(!knows(&t, "1042") && knows(&t, "1043"));
}

TEST("a backup opens with its own site's key only, also after a rotation")
{
	SAMPLE t = { 0 };
	BACKUP b = { .fd = -1 };
	struct store_employee ada = sample_ada();
	uint64_t n = 0;

	NEED(sample_open(&t) && sample_add(&t, &ada) == ATT_OK);
	NEED(backup_make(&t, &b));
	NEED(IN_TX(&t, store_key_rotate(t.store, &t.by, &n)) == ATT_OK);
	CHECK(n == 1 && store_tidy(t.store, true) == ATT_OK);
	CHECK(knows(&t, "1042"));
	CHECK(put_back(&t, &b, false, NULL) == ATT_CORRUPT);
	NEED(backup_make(&t, &b));
	CHECK(put_back(&t, &b, false, NULL) == ATT_OK);
	CHECK(knows(&t, "1042"));
}

TEST("a backup by who had the key before it was replaced is under the new one")
{
	SAMPLE t = { 0 };
	BACKUP b = { .fd = -1 };
	struct store_employee ada = sample_ada();
	struct vault *old = NULL;
	struct store *mine, *worker = NULL;
	uint64_t n = 0;

	NEED(sample_open(&t) && sample_add(&t, &ada) == ATT_OK);
	NEED(vault_open(&old, t.key) == ATT_OK);
	NEED(store_open(&worker, t.path, old) == ATT_OK);
	NEED(IN_TX(&t, store_key_rotate(t.store, &t.by, &n)) == ATT_OK);
	NEED(store_tidy(t.store, true) == ATT_OK);
	mine = t.store;
	t.store = worker;
	CHECK(backup_make(&t, &b));
	t.store = mine;
	store_close(worker);
	vault_close(old);
	NEED(sample_reopen(&t));
	CHECK(put_back(&t, &b, false, NULL) == ATT_OK && knows(&t, "1042"));
}

TEST("a backup of another site is not put over this one's store")
{
	SAMPLE t = { 0 };
	BACKUP b = { .fd = -1 };
	struct store_employee ada = sample_ada();
	char other[256];
	struct store *s = NULL;

	NEED(sample_open(&t) && sample_add(&t, &ada) == ATT_OK);
	NEED(backup_make(&t, &b));
	(void)snprintf(other, sizeof(other), "%s", test_path("other.db"));
	NEED(store_create(other) == ATT_OK);
	NEED(store_open(&s, other, t.vault) == ATT_OK);
	store_close(t.store);
	t.store = s;
	memcpy(t.path, other, sizeof(t.path));
	CHECK(put_back(&t, &b, false, NULL) == ATT_EXISTS);
}

TEST("others go on writing while a backup is made and put back")
{
	SAMPLE t = { 0 };
	BACKUP b = { .fd = -1 };
	struct store_employee ada = sample_ada(), bob = sample_bob();
	struct store *other = NULL, *mine;

	NEED(sample_open(&t) && sample_add(&t, &ada) == ATT_OK);
	NEED(store_open(&other, t.path, t.vault) == ATT_OK);
	NEED(backup_make(&t, &b));
	CHECK(put_back(&t, &b, false, NULL) == ATT_OK);
	mine = t.store;
	t.store = other;
	CHECK(knows(&t, "1042"));
	CHECK(sample_add(&t, &bob) == ATT_OK);
	t.store = mine;
	CHECK(knows(&t, "1043"));
	store_close(other);
}

/* ---- consents that were withdrawn since ---- */

/* What the newest event says. 0: none. */
static unsigned
said(struct sample *t, const struct store_employee *e, bool by_guardian)
{
	struct store_consent c;

	return store_consent_state(
		   t->store, e->id, STORE_FOR_FINGER, by_guardian, &c) == ATT_OK
	    ? (unsigned)c.kind
	    : 0;
}

static uint64_t
fingers(struct sample *t, const struct store_employee *e)
{
	uint64_t n = 99;

	return store_finger_count(t->store, e->id, STORE_FINGERS_ALL, &n) ==
		ATT_OK
	    ? n
	    : 99;
}

static bool
withdraws(struct sample *t, const struct store_employee *e)
{
	sample_wait(t, 60);
	return sample_says(t, e, STORE_CONSENT_WITHDRAWN, NULL, NULL) &&
	    store_tidy(t->store, true) == ATT_OK;
}

static bool
agrees(struct sample *t, const struct store_employee *e)
{
	sample_wait(t, 60);
	return sample_says(t, e, STORE_CONSENT_GIVEN, NULL, NULL) &&
	    store_tidy(t->store, true) == ATT_OK;
}

TEST("a consent that was withdrawn after the backup does not come back")
{
	SAMPLE t = { 0 };
	BACKUP b = { .fd = -1 };
	struct store_employee cyd, dee;
	struct store_again again = { 0 };
	struct store_consent c;
	struct audit_verifier v;
	int64_t at;

	NEED(sample_open(&t) && sample_notice(&t, "1", 0));
	NEED(sample_person(&t, 3, &cyd) && sample_person(&t, 4, &dee));
	NEED(backup_make(&t, &b) && withdraws(&t, &cyd));
	at = t.by.now.utc;
	sample_wait(&t, 3600);
	CHECK(put_back(&t, &b, false, &again) == ATT_OK);
	CHECK(again.withdrawn == 1 && again.erased == 0);
	CHECK(said(&t, &cyd, false) == STORE_CONSENT_WITHDRAWN);
	CHECK(fingers(&t, &cyd) == 0);
	NEED(store_consent_state(
		 t.store, cyd.id, STORE_FOR_FINGER, false, &c) == ATT_OK);
	CHECK(c.at_utc == at && strcmp(c.place, STORE_REFUSAL_PLACE) == 0);
	CHECK(store_consent_genuine(t.store, cyd.id, &c));
	/* the other one did not withdraw */
	CHECK(said(&t, &dee, false) == STORE_CONSENT_GIVEN);
	CHECK(fingers(&t, &dee) == 1);
	CHECK(store_audit_verify(t.store, &v) == ATT_OK);
	CHECK(store_tidy(t.store, true) == ATT_OK);
	/* and once more, from what that store knows */
	CHECK(put_back(&t, &b, false, &again) == ATT_OK);
	CHECK(again.withdrawn == 1 && fingers(&t, &cyd) == 0);
}

TEST("whatever the clock said when they agreed and withdrew")
{
	SAMPLE t = { 0 };
	BACKUP b = { .fd = -1 };
	struct store_employee cyd;
	struct store_again again = { 0 };

	NEED(sample_open(&t) && sample_notice(&t, "1", 0));
	sample_wait(&t, INT64_C(86400) * 3650); /* it ran ahead */
	NEED(sample_person(&t, 3, &cyd) && backup_make(&t, &b));
	sample_wait(&t, INT64_C(86400) * -3650);
	NEED(withdraws(&t, &cyd));
	/* set back to before the notice was published */
	sample_wait(&t, INT64_C(86400) * -365);
	CHECK(put_back(&t, &b, false, &again) == ATT_OK);
	CHECK(again.withdrawn == 1 && fingers(&t, &cyd) == 0);
	CHECK(said(&t, &cyd, false) == STORE_CONSENT_WITHDRAWN);
}

/* The ledger as it is now, to be kept apart. */
static struct att_slice
ledger_bytes(struct sample *t, uint8_t *buf, size_t cap)
{
	char path[300];
	ssize_t n = -1;
	int fd = -1;

	if (store_ledger_path(t->path, path, sizeof(path)) == ATT_OK)
		fd = open(path, O_RDONLY);
	if (fd >= 0) {
		n = read(fd, buf, cap);
		(void)close(fd);
	}
	return (struct att_slice){ buf, n > 0 ? (size_t)n : 0 };
}

TEST("a consent that was given again stays, in the backup or since")
{
	SAMPLE t = { 0 };
	BACKUP before = { .fd = -1 };
	BACKUP after = { .fd = -1 };
	struct store_employee cyd;
	struct store_again again = { 0 };
	uint8_t ledger[4096];
	struct store_restore r;

	NEED(sample_open(&t) && sample_notice(&t, "1", 0));
	NEED(sample_person(&t, 3, &cyd) && backup_make(&t, &before));
	NEED(withdraws(&t, &cyd));
	r = (struct store_restore){ .path = t.path,
		.live = t.store,
		.vault = t.vault,
		.more = ledger_bytes(&t, ledger, sizeof(ledger)) };
	NEED(r.more.len > 0 && agrees(&t, &cyd));
	after.fd = open(test_path("after"), O_RDWR | O_CREAT, 0600);
	NEED(
	    store_backup(t.store, &t.by, after.fd, &quiet, &after.b) == ATT_OK);
	/* each by the ledger that was kept from when it was withdrawn */
	for (int i = 0; i < 2; i++) {
		r.fd = i == 0 ? after.fd : before.fd;
		CHECK(restore(&t, &r, &again) == ATT_OK);
		CHECK(again.withdrawn == 0);
		CHECK(said(&t, &cyd, false) == STORE_CONSENT_GIVEN);
	}
	/* a store that knew nothing of it has been told, and agrees again */
	lose_machine(&t, true);
	r.live = NULL;
	CHECK(restore(&t, &r, &again) == ATT_OK);
	CHECK(again.withdrawn == 1);
	NEED(store_open(&t.store, t.path, t.vault) == ATT_OK);
	NEED(agrees(&t, &cyd) && backup_make(&t, &before));
	lose_machine(&t, true);
	r.fd = before.fd;
	CHECK(restore(&t, &r, &again) == ATT_OK);
	CHECK(again.withdrawn == 0);
	NEED(store_open(&t.store, t.path, t.vault) == ATT_OK);
	CHECK(said(&t, &cyd, false) == STORE_CONSENT_GIVEN);
}

TEST("a guardian's withdrawal, and who is not in the backup")
{
	SAMPLE t = { 0 };
	BACKUP b = { .fd = -1 };
	struct store_employee bob = sample_bob(), cyd;
	struct store_again again = { 0 };

	bob.born_on = (struct att_date){ 2007, 2, 28 };
	NEED(sample_open(&t) && sample_notice(&t, "1", 0));
	NEED(sample_add(&t, &bob) == ATT_OK);
	NEED(sample_says(&t, &bob, STORE_CONSENT_GIVEN, "Grace", NULL));
	NEED(sample_enrol(&t, &bob, 7, BIO_RIGHT_INDEX) == ATT_OK);
	NEED(backup_make(&t, &b));
	NEED(sample_person(&t, 3, &cyd) && withdraws(&t, &cyd));
	NEED(sample_says(&t, &bob, STORE_CONSENT_WITHDRAWN, "Grace", NULL));
	CHECK(put_back(&t, &b, false, &again) == ATT_OK);
	CHECK(again.withdrawn == 1 && fingers(&t, &bob) == 0);
	CHECK(said(&t, &bob, true) == STORE_CONSENT_WITHDRAWN);
	CHECK(said(&t, &bob, false) == 0);
}

TEST("on another machine the ledger that was brought along withdraws again")
{
	SAMPLE t = { 0 };
	BACKUP b = { .fd = -1 };
	struct store_employee cyd;
	struct store_again again = { 0 };
	static uint8_t ledger[4096];
	struct store_restore r;

	NEED(sample_open(&t) && sample_notice(&t, "1", 0));
	NEED(sample_person(&t, 3, &cyd) && backup_make(&t, &b));
	NEED(withdraws(&t, &cyd));
	r = (struct store_restore){ .fd = b.fd,
		.path = t.path,
		.vault = t.vault,
		.more = ledger_bytes(&t, ledger, sizeof(ledger)) };
	NEED(r.more.len > 70);
	lose_machine(&t, true);
	ledger[r.more.len - 70] ^= 1;
	CHECK(restore(&t, &r, &again) == ATT_CORRUPT);
	CHECK(access(t.path, F_OK) != 0);
	ledger[r.more.len - 70] ^= 1;
	CHECK(restore(&t, &r, &again) == ATT_OK);
	CHECK(again.withdrawn == 1);
	NEED(store_open(&t.store, t.path, t.vault) == ATT_OK);
	CHECK(said(&t, &cyd, false) == STORE_CONSENT_WITHDRAWN);
	CHECK(fingers(&t, &cyd) == 0);
	/* without one, nobody knows */
	lose_machine(&t, true);
	CHECK(put_back(&t, &b, true, &again) == ATT_OK && again.withdrawn == 0);
	NEED(store_open(&t.store, t.path, t.vault) == ATT_OK);
	CHECK(said(&t, &cyd, false) == STORE_CONSENT_GIVEN);
}
