#include "admin/verbs.h"
#include "base/name.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SHOWN_MAX 40 /* bytes of a wrong word that a message repeats */

struct parse {
	struct verb_call *out;
	char *why;
	size_t cap;
	size_t positionals;
};

/* A word for a message: cut between characters, never through one. */
struct shown {
	char text[SHOWN_MAX + 4];
};

static struct shown
shown(const char *word)
{
	struct shown s;
	size_t n = strlen(word);

	if (n <= SHOWN_MAX) {
		memcpy(s.text, word, n + 1);
		return s;
	}
	n = SHOWN_MAX;
	while (n > 0 && ((unsigned char)word[n] & 0xc0) == 0x80)
		n--;
	memcpy(s.text, word, n);
	memcpy(s.text + n, "...", 4);
	return s;
}

/* Write the reason and the next step; always ATT_FORMAT. */
__attribute__((format(printf, 2, 3))) static enum att_err
refuse(struct parse *p, const char *fmt, ...)
{
	va_list ap;
	size_t n;

	va_start(ap, fmt);
	(void)vsnprintf(p->why, p->cap, fmt, ap);
	va_end(ap);
	n = strlen(p->why);
	if (n < p->cap)
		(void)snprintf(p->why + n, p->cap - n,
		    "; see attendctl %s%s--help",
		    p->out->verb != NULL ? p->out->verb->words : "",
		    p->out->verb != NULL ? " " : "");
	return ATT_FORMAT;
}

/* How many leading words of argv are the verb's; 0: not this verb. */
static int
words_match(const struct verb *v, int argc, const char *const *argv)
{
	const char *at = v->words;
	int n = 0;

	for (;;) {
		size_t len = strcspn(at, " ");

		if (n >= argc || strlen(argv[n]) != len ||
		    memcmp(argv[n], at, len) != 0)
			return 0;
		n++;
		if (at[len] == '\0')
			return n;
		at += len + 1;
	}
}

static bool
is_noun_of(const struct verb *v, const char *noun)
{
	size_t len = strlen(noun);

	return strncmp(v->words, noun, len) == 0 && v->words[len] == ' ';
}

static bool
needs_argument(const struct verb *v)
{
	return v->positional[0] != NULL && !v->optional_positional;
}

/* "NOUN show", if the noun has it and it needs no argument. */
static const struct verb *
show_of(const char *noun)
{
	for (size_t i = 0; i < verbs_count; i++)
		if (is_noun_of(&verbs[i], noun) && !needs_argument(&verbs[i]) &&
		    strcmp(verbs[i].words + strlen(noun), " show") == 0)
			return &verbs[i];
	return NULL;
}

static enum att_err
refuse_verb(struct parse *p, int argc, const char *const *argv)
{
	char list[256] = "";
	size_t used = 0;

	for (size_t i = 0; i < verbs_count; i++) {
		if (!is_noun_of(&verbs[i], argv[0]))
			continue;
		used += (size_t)snprintf(list + used, sizeof(list) - used,
		    "%s%s", used > 0 ? ", " : "",
		    verbs[i].words + strlen(argv[0]) + 1);
		if (used >= sizeof(list))
			break;
	}
	if (used == 0)
		return refuse(
		    p, "there is no command \"%s\"", shown(argv[0]).text);
	if (argc < 2)
		return refuse(p, "\"%s\" needs one of: %s", argv[0], list);
	return refuse(p, "there is no command \"%s %s\", only %s: %s", argv[0],
	    shown(argv[1]).text, argv[0], list);
}

static enum att_err
find_verb(struct parse *p, int argc, const char *const *argv, int *words)
{
	if (argc < 1)
		return refuse(
		    p, "no command; usage: attendctl COMMAND [OPTION]...");
	for (size_t i = 0; i < verbs_count; i++) {
		int n = words_match(&verbs[i], argc, argv);

		if (n == 0)
			continue;
		p->out->verb = &verbs[i];
		*words = n;
		return ATT_OK;
	}
	if (argc == 1 || strncmp(argv[1], "--", 2) == 0)
		p->out->verb = show_of(argv[0]);
	if (p->out->verb == NULL)
		return refuse_verb(p, argc, argv);
	*words = 1;
	return ATT_OK;
}

static enum att_err
check_value(struct parse *p, const struct verb_option *o, const char *value)
{
	struct att_date date;
	int64_t utc;

	switch (o->kind) {
	case VERB_FLAG:
	case VERB_TEXT: return ATT_OK;
	case VERB_DATE:
		if (strcmp(value, "none") == 0 ||
		    att_date_parse(value, &date) == ATT_OK)
			return ATT_OK;
		return refuse(p,
		    "--%s: \"%s\" is not a date (YYYY-MM-DD or none)", o->name,
		    shown(value).text);
	case VERB_TIME:
		if (verb_time(value, false, &utc) == ATT_OK)
			return ATT_OK;
		return refuse(p,
		    "--%s: \"%s\" is not a time (YYYY-MM-DD or "
		    "YYYY-MM-DDTHH:MM)",
		    o->name, shown(value).text);
	case VERB_FILE_IN:
		if (value[0] != '\0')
			return ATT_OK;
		return refuse(p, "--%s needs the name of a file", o->name);
	}
	return ATT_FORMAT;
}

/* One option at argv[*i]; moves *i over a value that is its own word. */
static enum att_err
take_option(struct parse *p, int argc, const char *const *argv, int *i)
{
	const struct verb *v = p->out->verb;
	const char *name = argv[*i] + 2;
	size_t len = strcspn(name, "=");
	const char *value = name[len] == '=' ? name + len + 1 : NULL;
	int o = verb_option_index(v, name, len);

	if (o < 0)
		return refuse(p, "unknown option \"%s\"", shown(argv[*i]).text);
	if (p->out->option[o] != NULL)
		return refuse(p, "--%s given twice", v->options[o].name);
	if (v->options[o].kind == VERB_FLAG) {
		if (value != NULL)
			return refuse(
			    p, "--%s takes no value", v->options[o].name);
		p->out->option[o] = "";
		return ATT_OK;
	}
	if (value == NULL) {
		if (*i + 1 >= argc || strncmp(argv[*i + 1], "--", 2) == 0)
			return refuse(p, "--%s needs a value (--%s=%s)",
			    v->options[o].name, v->options[o].name,
			    v->options[o].value);
		value = argv[++*i];
	}
	p->out->option[o] = value;
	return check_value(p, &v->options[o], value);
}

static enum att_err
take_positional(struct parse *p, const char *word)
{
	const struct verb *v = p->out->verb;
	const char *name = p->positionals < VERB_POSITIONALS_MAX
	    ? v->positional[p->positionals]
	    : NULL;

	bool again = name == NULL && v->repeats && p->positionals > 0 &&
	    p->out->n_more < VERB_MORE_MAX;

	if (again)
		name = v->positional[p->positionals - 1];
	if (name == NULL)
		return refuse(
		    p, "\"%s\" is one word too many", shown(word).text);
	if (strcmp(name, "NUMBER") == 0 && !att_number_ok(word, strlen(word)))
		return refuse(
		    p, "\"%s\" is not an employee number", shown(word).text);
	if (word[0] == '\0')
		return refuse(p, "%s is empty", verb_placeholder(name));
	if (again)
		p->out->more[p->out->n_more++] = word;
	else
		p->out->positional[p->positionals++] = word;
	return ATT_OK;
}

static enum att_err
take_words(struct parse *p, int argc, const char *const *argv, int from)
{
	bool options = true;

	for (int i = from; i < argc; i++) {
		enum att_err e;

		if (options && strcmp(argv[i], "--") == 0) {
			options = false;
			continue;
		}
		if (options && argv[i][0] == '-' && argv[i][1] == '-')
			e = take_option(p, argc, argv, &i);
		else if (options && argv[i][0] == '-' && argv[i][1] != '\0')
			e = refuse(
			    p, "unknown option \"%s\"", shown(argv[i]).text);
		else
			e = take_positional(p, argv[i]);
		if (e != ATT_OK)
			return e;
	}
	return ATT_OK;
}

static enum att_err
check_complete(struct parse *p)
{
	const struct verb *v = p->out->verb;

	if (needs_argument(v))
		for (size_t i = 0; i < VERB_POSITIONALS_MAX; i++)
			if (v->positional[i] != NULL &&
			    p->out->positional[i] == NULL)
				return refuse(p, "%s is missing",
				    verb_placeholder(v->positional[i]));
	for (size_t i = 0; v->options[i].name != NULL; i++)
		if (v->options[i].required && p->out->option[i] == NULL)
			return refuse(p, "--%s %s is missing",
			    v->options[i].name, v->options[i].value);
	return ATT_OK;
}

static void
number_files(struct verb_call *c)
{
	int next = 0;

	for (size_t i = 0; c->verb->options[i].name != NULL; i++)
		if (c->verb->options[i].kind == VERB_FILE_IN &&
		    c->option[i] != NULL)
			c->file[i] = next++;
	for (size_t i = 0; i < VERB_POSITIONALS_MAX; i++)
		if (c->positional[i] != NULL &&
		    verb_placeholder(c->verb->positional[i]) !=
			c->verb->positional[i])
			c->file[VERB_OPTIONS_MAX + i] = next++;
}

enum att_err
verbs_parse(int argc, const char *const *argv, struct verb_call *out, char *why,
    size_t cap)
{
	struct parse p = { .out = out, .why = why, .cap = cap };
	enum att_err e;
	int words = 0;

	*out = (struct verb_call){ 0 };
	for (size_t i = 0; i < VERB_FILES_MAX; i++)
		out->file[i] = -1;
	for (int i = 0; i < argc; i++)
		if (!att_text_ok(att_slice_of(argv[i])))
			return refuse(
			    &p, "word %d is not printable UTF-8 text", i + 1);
	e = find_verb(&p, argc, argv, &words);
	if (e == ATT_OK)
		e = take_words(&p, argc, argv, words);
	if (e == ATT_OK)
		e = check_complete(&p);
	if (e == ATT_OK)
		number_files(out);
	return e;
}
