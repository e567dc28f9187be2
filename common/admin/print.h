/* Buffered text on its way out: few large frames instead of many small. */
#ifndef ATT_ADMIN_PRINT_H
#define ATT_ADMIN_PRINT_H

#include <stddef.h>

#define PRINT_BUFFER 8192

typedef void print_sink(void *ctx, const void *at, size_t len);

struct print {
	print_sink *sink;
	void *ctx;
	size_t len;
	char buf[PRINT_BUFFER];
};

void print_open(struct print *p, print_sink *sink, void *ctx);
void print_bytes(struct print *p, const void *at, size_t len);
void print_text(struct print *p, const char *text);
void print_spaces(struct print *p, size_t n);

/*
 * Text for a terminal: control characters and bytes that are not UTF-8 come
 * out as "?", so that nothing stored can steer whoever looks at it.
 */
void print_plain(struct print *p, const char *text);

/* The same for a page: what means something in HTML is escaped. */
void print_html(struct print *p, const char *text);

/* Hand over what is buffered. */
void print_flush(struct print *p);

#endif
