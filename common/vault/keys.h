/* What the vault is inside; for this folder only. */
#ifndef ATT_VAULT_KEYS_H
#define ATT_VAULT_KEYS_H

#include "vault/vault.h"

#include <sodium.h>

#define VAULT_SITE_LEN 32 /* bytes of the site key and of derived keys */

/* Offsets into the one block of secret memory that holds every key. */
enum {
	VAULT_WRAP = 0,
	VAULT_PEPPER = VAULT_WRAP + VAULT_SITE_LEN,
	VAULT_INDEX = VAULT_PEPPER + VAULT_SITE_LEN,
	VAULT_SIGN = VAULT_INDEX + VAULT_SITE_LEN,
	VAULT_KEYS_LEN = VAULT_SIGN + crypto_sign_SECRETKEYBYTES,
};

struct vault {
	struct att_secret keys;
	uint8_t public_key[VAULT_PUBLIC_LEN];
};

#endif
