/* The few things about attend-sensor that a site decides. */
#ifndef ATT_ATTEND_SENSOR_SETTINGS_H
#define ATT_ATTEND_SENSOR_SETTINGS_H

#include "base/opt.h"

#define SETTINGS_PATH "/etc/attend/sensor.conf"

struct settings {
	char plugin[ATT_OPT_VALUE_MAX]; /* absolute path; empty: libfprint */
	bool test_readers; /* never on a machine that people log in to */
};

/*
 * Read the file; the defaults where there is none. It must be root's and
 * nobody else's to write (ATT_REFUSED). ATT_FORMAT with *why filled, ATT_IO,
 * ATT_NOMEM; *out is then not written.
 */
enum att_err settings_read(const char *path, struct settings *out,
    struct att_opt_error *why) ATT_CHECKED;

#endif
