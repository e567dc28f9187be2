/* What the vault is inside; for this folder only. */
#ifndef ATT_VAULT_KEYS_H
#define ATT_VAULT_KEYS_H

#include "vault/vault.h"

#include <sodium.h>

/* The last secret key's public half, after the seed has changed. */
void vault_sign_derive(struct vault *v);

#define VAULT_SITE_LEN 32 /* bytes of the site key and of derived keys */

/* Offsets into the one block of secret memory that holds every key. */
enum {
	VAULT_WRAP = 0,
	VAULT_PEPPER = VAULT_WRAP + VAULT_SITE_LEN,
	VAULT_INDEX = VAULT_PEPPER + VAULT_SITE_LEN,
	VAULT_SEED = VAULT_INDEX + VAULT_SITE_LEN,
	VAULT_NAME = VAULT_SEED + VAULT_SITE_LEN,
	VAULT_BACKUP = VAULT_NAME + VAULT_SITE_LEN,
	VAULT_SIGN = VAULT_BACKUP + VAULT_SITE_LEN,
	VAULT_KEYS_LEN = VAULT_SIGN + crypto_sign_SECRETKEYBYTES,
};

/* Pepper, index key and signing seed stand side by side: the keyring. */
#define VAULT_LASTING	  VAULT_PEPPER
#define VAULT_LASTING_LEN (VAULT_NAME - VAULT_PEPPER)

struct vault {
	struct att_secret keys;
	uint8_t public_key[VAULT_PUBLIC_LEN];
	char *path; /* owned; where the site key's file is */
	bool credential; /* the site key came from the service manager */
};

#endif
