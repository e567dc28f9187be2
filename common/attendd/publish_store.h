/* From store and configuration to the published directory. */
#ifndef ATT_ATTENDD_PUBLISH_STORE_H
#define ATT_ATTENDD_PUBLISH_STORE_H

#include "attendd/config.h"
#include "store/store.h"

struct publish_report {
	uint32_t people, groups;
	uint32_t left_out; /* name or uid belongs to a local file */
	char first_left_out[ATT_LOGIN_MAX + 1];
	uint64_t generation;
};

/*
 * Publish what the store holds now; concurrent callers take turns (a lock
 * file beside the directory). Local groups named by the configuration that do
 * not exist, or are "root" or "shadow", are left out and counted by doctor.
 * ATT_IO: the old file stays; else as store and publish report.
 */
enum att_err publish_store(struct store *s, const struct config *c,
    const char *path, int64_t now_utc, struct publish_report *out) ATT_CHECKED;

#endif
