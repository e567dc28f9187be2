/* attend.conf(5) and the example file say what the table does. */
#include "attendd/config.h"
#include "base/owner.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

static enum att_err
parse(struct config *c, const char *text, struct att_opt_error *err)
{
	return config_parse(c, text, strlen(text), err);
}

static bool
same(const struct config *a, const struct config *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

#define PAGE	"common/attendd/attend.conf.5"
#define EXAMPLE "packaging/attend.conf"

/* A file of the source tree, owned by the caller; NULL and a failed check. */
static char *
source_text(const char *path)
{
	ATT_AUTO_FILE FILE *f = fopen(path, "r");
	char *text = calloc(1, 64 * 1024);
	bool ok =
	    f != NULL && text != NULL && fread(text, 1, 64 * 1024 - 1, f) > 0;

	if (test_check(ok, path, 0, "tests run from the root of the tree"))
		return text;
	free(text);
	return NULL;
}

/* The key's paragraph in the page, up to the next one's. */
static bool
paragraph_of(const char *page, const struct att_opt *row, char *buf, size_t cap)
{
	char head[96];
	const char *at, *end;

	(void)snprintf(head, sizeof(head), "\n.It Ic %s%s Ns ", row->name,
	    row->dotted ? ". Ns Ar service" : "");
	at = strstr(page, head);
	if (at == NULL)
		return false;
	at += strlen(head);
	end = strstr(at, "\n.It Ic ");
	(void)snprintf(buf, cap, "%.*s",
	    (int)(end != NULL ? (size_t)(end - at) : strlen(at)), at);
	return true;
}

TEST("the manual page names every key, with its bounds and its default")
{
	ATT_AUTO_FREE char *page = source_text(PAGE);
	char text[4096], bounds[64], preset[64];

	for (size_t i = 0; page != NULL && i < config_rows_count; i++) {
		const struct att_opt *row = &config_rows[i];
		const uint8_t *at =
		    (const uint8_t *)&config_default + row->offset;
		uint32_t v;

		if (!test_check(paragraph_of(page, row, text, sizeof(text)),
			PAGE, 0, row->name))
			continue;
		if (row->kind != ATT_OPT_KIND_U32)
			continue;
		memcpy(&v, at, sizeof(v));
		(void)snprintf(bounds, sizeof(bounds), "%u to %u",
		    (unsigned)row->min, (unsigned)row->max);
		(void)snprintf(
		    preset, sizeof(preset), "default %u", (unsigned)v);
		(void)test_check(strstr(text, bounds) != NULL, PAGE, 0, bounds);
		(void)test_check(strstr(text, preset) != NULL, PAGE, 0, preset);
	}
	CHECK(page != NULL);
}

/* "#key = value" lines lose their '#'; comments have a blank behind it. */
static void
uncomment(char *text)
{
	char *to = text;

	for (const char *at = text; *at != '\0'; at++) {
		bool line_start = at == text || at[-1] == '\n';

		if (line_start && at[0] == '#' && at[1] >= 'a' && at[1] <= 'z')
			at++;
		*to++ = *at;
	}
	*to = '\0';
}

TEST("the example file holds every key, and its values are the defaults")
{
	ATT_AUTO_FREE char *text = source_text(EXAMPLE);
	struct config c, all_comment;
	struct att_opt_error err = { 0 };

	NEED(text != NULL);
	CHECK(parse(&all_comment, text, &err) == ATT_OK);
	CHECK(same(&all_comment, &config_default));
	for (size_t i = 0; i < config_rows_count; i++) {
		char line[96];

		(void)snprintf(line, sizeof(line), "\n#%s%s",
		    config_rows[i].name, config_rows[i].dotted ? "." : " =");
		(void)test_check(strstr(text, line) != NULL, EXAMPLE, 0, line);
	}
	uncomment(text);
	if (!test_check(parse(&c, text, &err) == ATT_OK, EXAMPLE, (int)err.line,
		err.reason != NULL ? err.reason : "-"))
		return;
	c.n_services = 0;
	memset(c.services, 0, sizeof(c.services));
	CHECK(same(&c, &config_default));
}
