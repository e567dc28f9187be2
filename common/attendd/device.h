/*
 * What there is to tell about the machine, for sites that collect it. Nothing
 * here can fail: what cannot be read is empty.
 */
#ifndef ATT_ATTENDD_DEVICE_H
#define ATT_ATTENDD_DEVICE_H

#include "vault/vault.h"

#include <stddef.h>

#define DEVICE_MACHINE_ID "/etc/machine-id"

/* "Linux 6.1.0-18-amd64". */
void device_os(char *buf, size_t cap);

/*
 * A keyed hash of the machine id in the file, in hex: the same for this
 * machine and site always, and worth nothing elsewhere. buf has room for
 * 2 * VAULT_TAG_LEN + 1 bytes.
 */
void
device_machine(const struct vault *v, const char *path, char *buf, size_t cap);

/* Copy what fits, never through a character. */
void device_text(const char *text, char *buf, size_t cap);

#endif
