/* Where the audit chain begins and ends, as the store has it. */
#ifndef ATT_STORE_AUDIT_ROW_H
#define ATT_STORE_AUDIT_ROW_H

#include "store/db.h"

/* The site row's word on where the chain ends. ATT_CORRUPT: not ours. */
struct audit_head {
	uint64_t seq;
	uint8_t hash[VAULT_HASH_LEN];
	int64_t time_utc;
};
enum att_err
audit_head_get(struct store *s, struct audit_head *out) ATT_CHECKED;

/* The checkpoint that the chain was pruned to. ATT_ABSENT: never. */
struct audit_base {
	uint64_t seq;
	uint8_t hash[VAULT_HASH_LEN];
	uint8_t sig[VAULT_SIG_LEN];
};
enum att_err
audit_base_get(struct store *s, struct audit_base *out) ATT_CHECKED;

#endif
