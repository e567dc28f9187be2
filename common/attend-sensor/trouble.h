/* What libfprint's errors mean to whoever wanted a finger. */
#ifndef ATT_ATTEND_SENSOR_TROUBLE_H
#define ATT_ATTEND_SENSOR_TROUBLE_H

#include "sensor/sensor.h"

struct _GError; /* GLib's */

/*
 * Of an opening or a capture that ended. FINE: no error, or a finger that was
 * not read, of which the person was told and may try again.
 */
enum sensor_reason trouble_reason(const struct _GError *e);

/* What to say to a person whose finger was not read. */
enum sensor_notice trouble_notice(const struct _GError *e);

/*
 * One line for the operator, unless nothing is wrong. Gives what the client
 * may log, in English, valid as long as e; e may be NULL.
 */
const char *trouble_explain(
    const char *doing, const struct _GError *e, enum sensor_reason why);

#endif
