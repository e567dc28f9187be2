/* Who else on this machine may want the reader for itself. */
#ifndef ATT_ATTEND_SENSOR_OTHERS_H
#define ATT_ATTEND_SENSOR_OTHERS_H

#include <stdbool.h>

#define OTHERS_PROC "/proc"

/*
 * Whether fprintd runs, by the list of processes at proc; false where they
 * cannot be seen.
 */
bool others_have_fprintd(const char *proc);

#endif
