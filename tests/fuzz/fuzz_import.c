/*
 * Files of people from anywhere: whatever the bytes, the parser stays inside
 * them and comes to an end; what it takes has numbers, each once, and says
 * the same when it is written out and read again.
 */
#include "admin/csv.h"
#include "admin/person_table.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Quote a value behind *at. */
static char *
put(char *at, const char *value, char behind)
{
	*at++ = '"';
	for (; *value != '\0'; value++) {
		if (*value == '"')
			*at++ = '"';
		*at++ = *value;
	}
	*at++ = '"';
	*at++ = behind;
	return at;
}

/* The columns of the first person, as a table of one. */
static void
again(const struct person_table *t)
{
	const struct person_row *row = &t->row[0];
	char why[PERSON_FORM_WHY];
	struct person_table back;
	size_t size = 512 + 2 * strlen(row->number);
	char *text, *at;

	for (size_t i = 0; i < PERSON_FORM_FIELDS; i++)
		size += row->text[i] != NULL ? 2 * strlen(row->text[i]) : 0;
	text = at = malloc(size);
	if (text == NULL)
		return;
	for (size_t i = 0; i < PERSON_FORM_FIELDS; i++)
		if (row->text[i] != NULL)
			at = put(at, person_form_field(i), ',');
	at = put(at, "number", '\n');
	for (size_t i = 0; i < PERSON_FORM_FIELDS; i++)
		if (row->text[i] != NULL)
			at = put(at, row->text[i], ',');
	at = put(at, row->number, '\n');
	if (person_table_read(&back, text, (size_t)(at - text), why) !=
		ATT_OK ||
	    back.n != 1 || strcmp(back.row[0].number, row->number) != 0)
		abort();
	for (size_t i = 0; i < PERSON_FORM_FIELDS; i++)
		if ((row->text[i] == NULL) != (back.row[0].text[i] == NULL) ||
		    (row->text[i] != NULL &&
			strcmp(row->text[i], back.row[0].text[i]) != 0))
			abort();
	person_table_free(&back);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char why[PERSON_FORM_WHY];
	struct person_table t;
	char *text = malloc(len + 1);
	enum att_err e;

	if (text == NULL)
		return 0;
	memcpy(text, data, len);
	e = person_table_read(&t, text, len, why);
	if ((e == ATT_FORMAT || e == ATT_LIMIT) == (why[0] == '\0'))
		abort();
	if (e == ATT_OK) {
		for (size_t i = 0; i < t.n; i++)
			if (!att_number_ok(
				t.row[i].number, strlen(t.row[i].number)) ||
			    (i > 0 &&
				(t.row[i].line <= t.row[i - 1].line ||
				    strcasecmp(t.row[i].number,
					t.row[i - 1].number) == 0)))
				abort();
		if (t.n > 0)
			again(&t);
	}
	person_table_free(&t);
	free(text);
	return 0;
}
