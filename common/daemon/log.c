#include "daemon/log.h"

#include <stdarg.h>
#include <stdio.h>

#define LINE_MAX_BYTES 1024

void
log_open(const char *program, bool echo)
{
	openlog(program, LOG_PID | (echo ? LOG_PERROR : 0), LOG_AUTHPRIV);
}

/* Whatever a value brings, a line stays one line of plain text. */
static void
clean(char *line)
{
	for (; *line != '\0'; line++)
		if ((unsigned char)*line < 0x20 || *line == 0x7f)
			*line = '?';
}

void
log_line(int level, const char *fmt, ...)
{
	char line[LINE_MAX_BYTES];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap); /* cut is fine */
	va_end(ap);
	clean(line);
	syslog(level, "%s", line);
}
