/* Comma-separated values, and files of people made of them. */
#include "admin/csv.h"
#include "admin/person_table.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* All records of a text, values joined by "|" and records by "/". */
static enum att_err
read_all(const char *text, size_t len, char *out, size_t cap, struct csv *c)
{
	static char bytes[4096];
	struct csv_row row;
	enum att_err e;

	out[0] = '\0';
	memcpy(bytes, text, len);
	bytes[len] = 'x'; /* not a terminator by luck */
	csv_open(c, bytes, len);
	while ((e = csv_next(c, &row)) == ATT_OK)
		for (size_t i = 0; i < row.n; i++) {
			size_t at = strlen(out);

			(void)snprintf(out + at, cap - at, "%s%s", row.value[i],
			    i + 1 < row.n ? "|" : "/");
		}
	return e;
}

TEST("records and values are told apart as RFC 4180 says")
{
	static const struct {
		const char *what, *text, *read;
	} rows[] = {
		{ "nothing", "", "" },
		{ "one record", "a,b\n", "a|b/" },
		{ "no line end behind the last", "a,b\nc,d", "a|b/c|d/" },
		{ "CRLF", "a,b\r\nc,d\r\n", "a|b/c|d/" },
		{ "empty values", ",a,\n", "|a|/" },
		{ "an empty quoted value", "\"\"\n", "/" },
		{ "quotes around", "\"a\",\"b\"\n", "a|b/" },
		{ "a comma inside", "\"a,b\",c\n", "a,b|c/" },
		{ "a line end inside", "\"a\r\nb\",c\n", "a\r\nb|c/" },
		{ "quotes inside", "\"a\"\"b\"\"\",c\n", "a\"b\"|c/" },
		{ "nothing but a quote", "\"\"\"\"", "\"/" },
		{ "blanks belong to values", " a , b\n", " a | b/" },
		{ "empty lines are skipped", "\n\r\na\n\n\nb\n", "a/b/" },
		{ "a byte order mark",
		    "\xef\xbb\xbf"
		    "a,b\n",
		    "a|b/" },
		{ "more than ASCII", "Zo\xc3\xab,\xe7\x8e\x8b\n",
		    "Zo\xc3\xab|\xe7\x8e\x8b/" },
		{ "a comma at the very end", "a,", "a|/" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char out[256];
		struct csv c;

		CHECK(read_all(rows[i].text, strlen(rows[i].text), out,
			  sizeof(out), &c) == ATT_ABSENT);
		if (strcmp(out, rows[i].read) != 0)
			printf("# %s\n", rows[i].what);
		CHECK(strcmp(out, rows[i].read) == 0);
	}
}

TEST("what is not well-formed is refused where it stands")
{
	static const struct {
		const char *text;
		size_t len;
		unsigned line;
		const char *why;
	} rows[] = {
		{ "a\n\"b\nc", 6, 2, "never closed" },
		{ "a\nb\"c\n", 6, 2, "a quote inside" },
		{ "\"a\nb\"c\n", 7, 2, "closing quote" },
		{ "a\rb\n", 4, 1, "carriage return" },
		{ "a\r", 2, 1, "carriage return" },
		{ "a\n\"b\"\r", 6, 2, "closing quote" },
		{ "a\n\xff\n", 4, 2, "UTF-8" },
		{ "\"a\n\xff\"\n", 6, 1, "UTF-8" },
		{ "\xff\xfe"
		  "a\0",
		    4, 1, "UTF-8" },
		{ "a\nb\0c\n", 6, 2, "NUL" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char out[256];
		struct csv c;

		CHECK(read_all(rows[i].text, rows[i].len, out, sizeof(out),
			  &c) == ATT_FORMAT);
		CHECK(c.why_line == rows[i].line);
		CHECK(strstr(c.why, rows[i].why) != NULL);
	}
}

TEST("a record has as many values as fit, and not one more")
{
	char text[CSV_VALUES_MAX + 2], out[256];
	struct csv c;

	memset(text, ',', sizeof(text));
	CHECK(read_all(text, CSV_VALUES_MAX - 1, out, sizeof(out), &c) ==
	    ATT_ABSENT);
	CHECK(
	    read_all(text, CSV_VALUES_MAX, out, sizeof(out), &c) == ATT_LIMIT);
	CHECK(c.why_line == 1);
}

TEST("every beginning of a file comes to an end inside it")
{
	static const char text[] =
	    "\xef\xbb\xbfnumber,name\r\n1,\"W\"\"u\r\n\"\r\n\r\n2,Zo\xc3\xab";

	for (size_t len = 0; len < sizeof(text); len++) {
		char *bytes = malloc(len + 1); /* so that ASan sees its end */
		struct csv_row row;
		struct csv c;
		unsigned n = 0;

		NEED(bytes != NULL);
		memcpy(bytes, text, len);
		csv_open(&c, bytes, len);
		while (csv_next(&c, &row) == ATT_OK)
			n++;
		CHECK(n <= 4);
		CHECK(c.at == c.end);
		free(bytes);
	}
}

/* Read people from text; the table's words point into static bytes. */
static enum att_err
people(struct person_table *t, const char *text, char *why)
{
	static char bytes[4096];
	size_t len = strlen(text);

	memcpy(bytes, text, len);
	return person_table_read(t, bytes, len, why);
}

TEST("columns come in any order, and one that is not there is not empty")
{
	struct person_table t;
	char why[PERSON_FORM_WHY];
	size_t name = person_form_find("name");
	size_t phone = person_form_find("phone");

	NEED(people(&t,
		 "phone,number,name\n,1001,Wu\n5,1002,\"Xi\nLi\"\n"
		 "6,1003,Li\n",
		 why) == ATT_OK);
	NEED(t.n == 3);
	CHECK(strcmp(t.row[0].number, "1001") == 0);
	CHECK(strcmp(t.row[0].text[name], "Wu") == 0);
	CHECK(strcmp(t.row[0].text[phone], "") == 0);
	CHECK(t.row[0].text[person_form_find("email")] == NULL);
	CHECK(t.row[0].line == 2 && t.row[1].line == 3 && t.row[2].line == 5);
	person_table_free(&t);
}

TEST("every field is a column")
{
	struct person_table t;
	char why[PERSON_FORM_WHY];

	NEED(people(&t,
		 "login,phone,email,ended,hired,position,department,"
		 "birth,name,number\na,b,c,d,e,f,g,h,i,1\n",
		 why) == ATT_OK);
	NEED(t.n == 1);
	for (size_t i = 0; i < PERSON_FORM_FIELDS; i++)
		CHECK(t.row[0].text[i] != NULL);
	CHECK(strcmp(t.row[0].text[person_form_find("birth")], "h") == 0);
	person_table_free(&t);
}

TEST("a file of people with one thing wrong is refused by line and reason")
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{ "", "line 1: the file is empty" },
		{ "name\n", "line 1: no column \"number\"" },
		{ "number,Name\n", "line 1: column 2, \"Name\"" },
		{ "number,\"a\x1b[m\"\n", "line 1: column 2, \"...\"" },
		{ "number,number\n",
		    "column 2: \"number\" stands there "
		    "twice" },
		{ "number,name\n\n1,a,b\n", "line 3: 3 values under 2" },
		{ "number,name\n,a\n", "line 2: number \"\" must be" },
		{ "number,name\n1 1,a\n", "line 2: number \"1 1\" must be" },
		{ "number\na1\nb\nA1\n",
		    "line 4: number A1 stands on line 2 already" },
		{ "number\n\"1\n", "line 2: a quote is opened" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct person_table t;
		char why[PERSON_FORM_WHY];

		CHECK(people(&t, rows[i].text, why) == ATT_FORMAT);
		if (strstr(why, rows[i].why) == NULL)
			printf("# %s\n", why);
		CHECK(strstr(why, rows[i].why) != NULL);
		person_table_free(&t);
	}
}

/* "number" and n people, owned. */
static char *
crowd(size_t n, size_t *len)
{
	char *text = malloc(16 + n * 8);

	if (text == NULL)
		return NULL;
	*len = (size_t)sprintf(text, "number\n");
	for (size_t i = 0; i < n; i++)
		*len += (size_t)sprintf(text + *len, "%zu\n", i);
	return text;
}

TEST("there are as many people as fit, and not one more")
{
	for (size_t more = 0; more < 2; more++) {
		struct person_table t;
		char why[PERSON_FORM_WHY];
		size_t len = 0;
		char *text = crowd(PERSON_TABLE_ROWS + more, &len);

		NEED(text != NULL);
		CHECK(person_table_read(&t, text, len, why) ==
		    (more == 0 ? ATT_OK : ATT_LIMIT));
		CHECK(t.n == PERSON_TABLE_ROWS);
		CHECK(more == 0 || strstr(why, "line 200002: more than"));
		person_table_free(&t);
		free(text);
	}
}

TEST("a file of as many bytes as allowed is read, of one more it is not")
{
	for (size_t more = 0; more < 2; more++) {
		size_t len = PERSON_TABLE_BYTES + more;
		char *text = malloc(len + 1);
		struct person_table t;
		char why[PERSON_FORM_WHY];

		NEED(text != NULL);
		memset(text, '\n', len);
		memcpy(text, "number\n1\n", 9);
		CHECK(person_table_read(&t, text, len, why) ==
		    (more == 0 ? ATT_OK : ATT_LIMIT));
		CHECK(t.n == (more == 0 ? 1 : 0));
		person_table_free(&t);
		free(text);
	}
}
