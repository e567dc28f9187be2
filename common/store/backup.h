/*
 * Copies of a whole store: taken while it is in use, sealed under the site's
 * backup key, and put back as one step.
 *
 *	"attend-backup-1\n"
 *	site_id[16]	whose it is
 *	key_tag[16]	which site key it is sealed under, see vault_site_tag
 *	le64 made_utc	le64 size	of the store inside, in bytes
 *	le64 audit_seq	audit_hash[32]	the last record in it
 *	le32 erasures	how many it knows of
 *	stream_head[24]
 *	chunks of BACKUP_CHUNK bytes and VAULT_STREAM_OVER, the last one shorter
 *		perhaps and marked as the last; everything in front of the
 *		stream's head is authenticated with each
 */
#ifndef ATT_STORE_BACKUP_H
#define ATT_STORE_BACKUP_H

#include "store/keep.h"

#define BACKUP_CHUNK	65536
#define BACKUP_SIZE_MAX (UINT64_C(1) << 40)

struct store_backup { /* what stands in front */
	uint8_t site_id[VAULT_ID_LEN];
	uint8_t key_tag[VAULT_TAG_LEN];
	int64_t made_utc;
	uint64_t size;
	uint64_t audit_seq;
	uint8_t audit_hash[VAULT_HASH_LEN];
	uint32_t erasures;
};

/* Told now and then during long work; total 0: not known. */
typedef void
store_progress(void *ctx, const char *doing, uint64_t done, uint64_t total);
struct store_watch {
	store_progress *tell; /* NULL: nobody */
	void *ctx;
};

/*
 * Write a backup to fd, which is empty, open for reading and writing, and the
 * caller's. Others go on working; what they write meanwhile is not in it. The
 * copy is checked before (file, schema, audit chain) and what was written is
 * read back and opened after. *out says what is in it.
 *
 * ATT_CORRUPT: the store is damaged, or what was read back differs; ATT_IO, as
 * with a full disk. Then fd holds no backup.
 */
enum att_err store_backup(struct store *s, const struct store_by *by, int fd,
    const struct store_watch *w, struct store_backup *out) ATT_CHECKED;

/* Read what stands in front. ATT_FORMAT: not a backup. */
enum att_err store_backup_read(int fd, struct store_backup *out) ATT_CHECKED;

/*
 * Put a backup into the store at path, in one step: until the last moment
 * the store there stays as it is, and others may go on working.
 *
 * The backup is opened into a file beside it, checked, migrated, and brought
 * up to all erasures and refusals that are known: those of `live`, those of
 * the ledger beside the store, and those of *more. What live holds of refusals
 * is newer than any ledger. Ids that were handed out since are not handed out
 * again. What is published is of an older generation than the store then.
 * Brought along from live are, too, what carry.h names; the audit chain of live
 * cannot be, and *out says where it ended.
 *
 * live	the store at path if it can be opened, else NULL; then a file that is
 *	there is taken for damaged, and replaced
 * more	a ledger's bytes that were brought along, or empty
 * unled	go on without any ledger; ATT_ABSENT otherwise, if there is
 *none: what was erased or refused after the backup would be undone
 * published	the generation of the directory that is published, or 0
 *
 * ATT_FORMAT: not a backup; ATT_CORRUPT: partial, changed, or under another
 * site key; ATT_EXISTS: of another site than live; ATT_NEWER; ATT_IO;
 * ATT_TIMEOUT: others would not let go of the store. Nothing has changed then.
 */
struct store_restore {
	int fd;
	const char *path;
	struct store *live;
	struct vault *vault;
	struct att_slice more;
	bool unled;
	uint64_t published;
};
/* What was brought along, and how much that was new could not be. */
struct store_carried {
	uint64_t notices; /* texts */
	uint64_t disclosures, requests, lost;
};
struct store_restored {
	struct store_backup b;
	struct store_again again; /* what the backup had to be told of */
	struct store_carried carried;
	uint64_t cut_seq; /* the last record of live; 0: not known */
	uint8_t cut_hash[VAULT_HASH_LEN];
};
enum att_err
store_restore(const struct store_restore *r, const struct store_by *by,
    const struct store_watch *w, struct store_restored *out) ATT_CHECKED;

#endif
