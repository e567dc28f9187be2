#include "admin/table.h"

#include "admin/words.h"
#include "attendd/dialogue.h"
#include "base/text.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GAP 2 /* columns between columns */

static const char *
head_of(const struct table *t, size_t column)
{
	const char *head = t->columns[column].head;

	return head[0] != '\0' ? _(head) : head;
}

void
table_open(struct table *t, struct print *p, struct json *j,
    const struct table_column *columns, size_t n)
{
	assert(n > 0 && n <= TABLE_COLUMNS_MAX);
	*t = (struct table){ .p = p, .j = j, .columns = columns, .n = n };
	if (j != NULL)
		json_array(j);
	for (size_t i = 0; i < n; i++)
		t->width[i] = att_text_width(att_slice_of(head_of(t, i)));
}

static void
print_cell(struct table *t, size_t column, size_t last, const char *text)
{
	size_t width = att_text_width(att_slice_of(text));

	if (!t->used[column])
		return;
	print_plain(t->p, text);
	if (column == last) {
		print_bytes(t->p, "\n", 1);
		return;
	}
	if (width < t->width[column])
		print_spaces(t->p, t->width[column] - width);
	print_spaces(t->p, GAP);
}

/* The last column in which something is known; the first when none. */
static size_t
last_used(struct table *t)
{
	size_t last = t->n - 1;

	while (last > 0 && !t->used[last])
		last--;
	t->used[last] = true;
	return last;
}

static void
print_held(struct table *t)
{
	const char *at = t->text;
	size_t last = last_used(t);

	if (!t->headed && t->rows > 0)
		for (size_t i = 0; i < t->n; i++)
			print_cell(t, i, last, head_of(t, i));
	t->headed = t->headed || t->rows > 0;
	for (size_t row = 0; row < t->rows; row++)
		for (size_t i = 0; i < t->n; i++) {
			print_cell(t, i, last, at);
			at += strlen(at) + 1;
		}
	t->rows = 0;
	t->used_bytes = 0;
}

static bool
make_room(struct table *t, size_t len)
{
	size_t cap = t->cap == 0 ? 4096 : t->cap;
	char *text;

	while (cap - t->used_bytes < len)
		cap *= 2;
	if (cap == t->cap)
		return true;
	text = realloc(t->text, cap);
	if (text == NULL)
		return false;
	t->text = text;
	t->cap = cap;
	return true;
}

/* Hold the cell for people; what is held is always whole rows and the cells
 * of the one being filled. */
static void
hold(struct table *t, const char *text)
{
	size_t len = strlen(text) + 1;
	size_t width = att_text_width(att_slice_of(text));

	if (t->failed || !make_room(t, len)) {
		t->failed = true;
		return;
	}
	memcpy(t->text + t->used_bytes, text, len);
	t->used_bytes += len;
	if (width > t->width[t->cell])
		t->width[t->cell] = width;
	if (!t->used[t->cell] && strcmp(text, "-") != 0) {
		t->used[t->cell] = true;
		t->headed = false; /* a column more: say which */
	}
}

static void
html_head(struct table *t)
{
	print_text(t->p, "<table>\n<thead><tr>");
	for (size_t i = 0; i < t->n; i++) {
		print_text(t->p, "<th>");
		print_html(t->p, head_of(t, i));
		print_text(t->p, "</th>");
	}
	print_text(t->p, "</tr></thead>\n<tbody>\n");
	t->headed = true;
}

static void
html_cell(struct table *t, const char *text)
{
	if (!t->headed)
		html_head(t);
	print_text(t->p, t->cell == 0 ? "<tr><td>" : "<td>");
	print_html(t->p, text);
	print_text(t->p, t->cell + 1 == t->n ? "</td></tr>\n" : "</td>");
}

/* A cell for people. */
static void
show_cell(struct table *t, const char *text)
{
	if (t->html)
		html_cell(t, text);
	else
		hold(t, text);
}

static void
next_cell(struct table *t)
{
	if (++t->cell < t->n)
		return;
	t->cell = 0;
	if (t->html)
		return;
	if (t->j != NULL) {
		json_object_end(t->j);
		return;
	}
	if (!t->failed)
		t->rows++;
	if (t->rows == TABLE_BLOCK)
		print_held(t);
}

/* The JSON object and key of the next cell. */
static void
json_cell(struct table *t)
{
	if (t->cell == 0)
		json_object(t->j);
	json_key(t->j, t->columns[t->cell].key);
}

void
table_text(struct table *t, const char *text)
{
	bool none = text == NULL || text[0] == '\0';

	if (t->j != NULL) {
		json_cell(t);
		json_text(t->j, none ? NULL : text);
	} else {
		show_cell(t, none ? "-" : text);
	}
	next_cell(t);
}

void
table_number(struct table *t, int64_t v)
{
	char text[24];

	if (t->j != NULL) {
		json_cell(t);
		json_number(t->j, v);
	} else {
		(void)snprintf(text, sizeof(text), "%" PRId64, v);
		show_cell(t, text);
	}
	next_cell(t);
}

void
table_flag(struct table *t, bool v)
{
	if (t->j != NULL) {
		json_cell(t);
		json_bool(t->j, v);
	} else {
		show_cell(t, word_text(v ? "yes" : "no"));
	}
	next_cell(t);
}

void
table_word(struct table *t, const char *id)
{
	table_text(t, t->j != NULL ? id : word_text(id));
}

bool
table_close(struct table *t)
{
	assert(t->cell == 0);
	if (t->j != NULL)
		json_array_end(t->j);
	else if (!t->html)
		print_held(t);
	else
		print_text(
		    t->p, t->headed ? "</tbody>\n</table>\n" : "<p>-</p>\n");
	free(t->text);
	t->text = NULL;
	return !t->failed;
}
