#include "admin/verbs.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

int
verb_option_index(const struct verb *v, const char *name, size_t len)
{
	for (int i = 0; v->options[i].name != NULL; i++)
		if (strlen(v->options[i].name) == len &&
		    memcmp(v->options[i].name, name, len) == 0)
			return i;
	return -1;
}

const char *
verb_option(const struct verb_call *call, const char *name)
{
	int i = verb_option_index(call->verb, name, strlen(name));

	return i >= 0 ? call->option[i] : NULL;
}

const char *
verb_placeholder(const char *positional)
{
	return positional + (positional[0] == '@' || positional[0] == '+');
}

static int
positional_index(const struct verb *v, const char *name)
{
	for (int i = 0; i < VERB_POSITIONALS_MAX; i++) {
		const char *p = v->positional[i];

		if (p != NULL && strcmp(verb_placeholder(p), name) == 0)
			return i;
	}
	return -1;
}

int
verb_file(const struct verb_call *call, const char *name)
{
	int i = verb_option_index(call->verb, name, strlen(name));

	if (i >= 0)
		return call->file[i];
	i = positional_index(call->verb, name);
	return i >= 0 ? call->file[VERB_OPTIONS_MAX + i] : -1;
}

const char *
verb_positional(const struct verb_call *call, const char *name)
{
	int i = positional_index(call->verb, name);

	return i >= 0 ? call->positional[i] : NULL;
}

size_t
verb_paths(const struct verb_call *call, const char **paths)
{
	size_t n = 0;

	for (size_t i = 0; i < VERB_OPTIONS_MAX; i++)
		if (call->file[i] >= 0)
			paths[n++] = call->option[i];
	for (size_t i = 0; i < VERB_POSITIONALS_MAX; i++)
		if (call->file[VERB_OPTIONS_MAX + i] >= 0)
			paths[n++] = call->positional[i];
	return n;
}

bool
verb_makes(const struct verb_call *call, size_t i)
{
	for (size_t p = 0; p < VERB_POSITIONALS_MAX; p++)
		if (call->file[VERB_OPTIONS_MAX + p] == (int)i)
			return call->verb->positional[p][0] == '+';
	return false;
}

enum att_err
verb_date(const struct verb_call *call, const char *name, struct att_date *out)
{
	const char *value = verb_option(call, name);

	if (value == NULL)
		return ATT_ABSENT;
	if (strcmp(value, "none") == 0) {
		*out = (struct att_date){ 0 };
		return ATT_OK;
	}
	return att_date_parse(value, out);
}

/* "HH:MM" or "HH:MM:SS", whole. */
static enum att_err
clock_parse(const char *text, struct tm *tm)
{
	size_t len = strlen(text);
	int v[3] = { 0 };

	if (len != 5 && len != 8)
		return ATT_FORMAT;
	for (size_t i = 0; i < len; i++) {
		if (i % 3 == 2 ? text[i] != ':'
			       : text[i] < '0' || text[i] > '9')
			return ATT_FORMAT;
		if (i % 3 != 2)
			v[i / 3] = v[i / 3] * 10 + (text[i] - '0');
	}
	if (v[0] > 23 || v[1] > 59 || v[2] > 59)
		return ATT_FORMAT;
	tm->tm_hour = v[0];
	tm->tm_min = v[1];
	tm->tm_sec = v[2];
	return ATT_OK;
}

enum att_err
verb_time(const char *text, bool day_after, int64_t *utc)
{
	struct tm tm = { .tm_isdst = -1 };
	struct att_date date;
	char day[ATT_DATE_TEXT];
	size_t len = strlen(text);

	if (len < sizeof(day) - 1)
		return ATT_FORMAT;
	memcpy(day, text, sizeof(day) - 1);
	day[sizeof(day) - 1] = '\0';
	if (att_date_parse(day, &date) != ATT_OK)
		return ATT_FORMAT;
	text += sizeof(day) - 1;
	if (text[0] != '\0' && (text[0] != 'T' || clock_parse(text + 1, &tm)))
		return ATT_FORMAT;
	tm.tm_year = date.year - 1900;
	tm.tm_mon = date.month - 1;
	tm.tm_mday = date.day + (text[0] == '\0' && day_after ? 1 : 0);
	*utc = (int64_t)mktime(&tm);
	return ATT_OK;
}

/* One word of the usage, in brackets when it may be left out. */
static void
usage_word(char *buf, size_t cap, bool required, const char *dashes,
    const char *name, const char *value)
{
	size_t used = strlen(buf);

	if (used < cap)
		(void)snprintf(buf + used, cap - used, " %s%s%s%s%s%s",
		    required ? "" : "[", dashes, name, value != NULL ? " " : "",
		    value != NULL ? value : "", required ? "" : "]");
}

void
verb_usage(const struct verb *v, char *buf, size_t cap)
{
	(void)snprintf(buf, cap, "attendctl %s", v->words);
	for (size_t i = 0; i < VERB_POSITIONALS_MAX; i++)
		if (v->positional[i] != NULL)
			usage_word(buf, cap, !v->optional_positional, "",
			    verb_placeholder(v->positional[i]), NULL);
	if (v->repeats)
		usage_word(buf, cap, true, "", "...", NULL);
	for (size_t i = 0; v->options[i].name != NULL; i++)
		usage_word(buf, cap, v->options[i].required, "--",
		    v->options[i].name, v->options[i].value);
}
