#include "attendctl/help.h"

#include "admin/verbs.h"

#include <string.h>

#define USAGE_MAX 1024

static const char *
kind_note(enum verb_kind kind)
{
	switch (kind) {
	case VERB_DATE: return " (YYYY-MM-DD or none)";
	case VERB_TIME: return " (YYYY-MM-DD or YYYY-MM-DDTHH:MM)";
	case VERB_FLAG:
	case VERB_TEXT:
	case VERB_FILE_IN: break;
	}
	return "";
}

static void
print_verb(FILE *out, const struct verb *v)
{
	char usage[USAGE_MAX];

	verb_usage(v, usage, sizeof(usage));
	fprintf(out, "usage: %s\n\n%s\n", usage, v->help);
	if (v->options[0].name != NULL)
		fputc('\n', out);
	for (size_t i = 0; v->options[i].name != NULL; i++) {
		const struct verb_option *o = &v->options[i];
		int used = fprintf(out, "  --%s%s%s", o->name,
		    o->value != NULL ? " " : "",
		    o->value != NULL ? o->value : "");

		fprintf(out, "%*s%s%s\n", used < 20 ? 20 - used : 1, "",
		    o->help, kind_note(o->kind));
	}
}

static void
print_line(FILE *out, const struct verb *v)
{
	fprintf(out, "  %-18s %s\n", v->words, v->help);
}

/* Whether the verb's words begin with the given ones. */
static bool
begins_with(const struct verb *v, int argc, const char *const *argv)
{
	const char *at = v->words;

	for (int i = 0; i < argc && argv[i][0] != '-'; i++) {
		size_t len = strcspn(at, " ");

		if (strlen(argv[i]) != len || memcmp(argv[i], at, len) != 0)
			return *at == '\0'; /* positionals behind the verb */
		at += len + (at[len] == ' ');
	}
	return true;
}

void
help_print(FILE *out, int argc, const char *const *argv)
{
	const struct verb *only = NULL;
	size_t n = 0;

	for (size_t i = 0; i < verbs_count; i++)
		if (begins_with(&verbs[i], argc, argv)) {
			only = &verbs[i];
			n++;
		}
	if (n == 1) {
		print_verb(out, only);
		return;
	}
	if (n == 0)
		argc = 0;
	fputs("usage: attendctl COMMAND [OPTIONS]\n\n", out);
	for (size_t i = 0; i < verbs_count; i++)
		if (begins_with(&verbs[i], argc, argv))
			print_line(out, &verbs[i]);
	fputs("\nattendctl COMMAND --help lists a command's options; "
	      "attendctl(8) says the rest.\n",
	    out);
}
