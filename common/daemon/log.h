/*
 * The log of a program that nobody watches: syslog, facility authpriv. One
 * line an event, key=value, event name first. Ids and outcomes only: never
 * names, PINs, templates or scores. LOG_ERR: an operator must act;
 * LOG_WARNING: refused or degraded; LOG_INFO: one line a login.
 */
#ifndef ATT_DAEMON_LOG_H
#define ATT_DAEMON_LOG_H

#include <stdbool.h>
#include <syslog.h>

/*
 * Once, before the sandbox closes. program is borrowed for ever; echo: also to
 * standard error.
 */
void log_open(const char *program, bool echo);

void
log_line(int level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
