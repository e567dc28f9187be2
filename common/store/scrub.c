/*
 * SQLite's file format, as far as it matters here: pages of one size; a b-tree
 * page begins (page 1 behind the file's header of 100 bytes) with its type,
 * the number of cells and where the cells' content starts; behind that header
 * stands an array of two bytes a cell. Between the array and the content
 * nothing is.
 *
 * Source: sqlite.org/fileformat2.html, sections 1.3 and 1.6.
 */
#include "store/tidy.h"

#include "base/owner.h"

#include <stdlib.h>
#include <string.h>

#define FILE_HEADER 100
#define PAGE_MIN    512
#define PAGE_MAX    65536

static uint32_t
be16(const uint8_t *at)
{
	return (uint32_t)at[0] << 8 | at[1];
}

struct gap {
	uint32_t from, to; /* within the page; equal: none */
};

/* A page that is no b-tree page, or not in order, has no gap to clean. */
static struct gap
gap_of(const uint8_t *page, uint32_t size, bool first)
{
	const struct gap none = { 0, 0 };
	uint32_t at = first ? FILE_HEADER : 0;
	uint8_t type = page[at];
	bool interior = type == 2 || type == 5;
	struct gap g;

	if (!interior && type != 10 && type != 13)
		return none;
	g.from = at + (interior ? 12u : 8u) + 2 * be16(page + at + 3);
	g.to = be16(page + at + 5);
	if (g.to == 0)
		g.to = PAGE_MAX;
	return g.from <= g.to && g.to <= size ? g : none;
}

static bool
is_zero(const uint8_t *at, size_t len)
{
	return len == 0 || (at[0] == 0 && memcmp(at, at + 1, len - 1) == 0);
}

static int
scrub_page(sqlite3_file *f, sqlite3_int64 at, uint8_t *page, uint32_t size)
{
	int rc = f->pMethods->xRead(f, page, (int)size, at);
	struct gap g;

	if (rc != SQLITE_OK)
		return rc;
	g = gap_of(page, size, at == 0);
	if (is_zero(page + g.from, g.to - g.from))
		return SQLITE_OK;
	memset(page + g.from, 0, g.to - g.from);
	return f->pMethods->xWrite(
	    f, page + g.from, (int)(g.to - g.from), at + g.from);
}

static int
scrub_file(sqlite3_file *f, uint8_t *page)
{
	sqlite3_int64 end = 0;
	uint32_t size;
	int rc = f->pMethods->xRead(f, page, FILE_HEADER, 0);

	if (rc == SQLITE_OK)
		rc = f->pMethods->xFileSize(f, &end);
	if (rc != SQLITE_OK)
		return rc;
	size = be16(page + 16);
	if (size == 1)
		size = PAGE_MAX;
	if (size < PAGE_MIN || (size & (size - 1)) != 0)
		return SQLITE_CORRUPT;
	for (sqlite3_int64 at = 0; at + size <= end && rc == SQLITE_OK;
	     at += size)
		rc = scrub_page(f, at, page, size);
	return rc == SQLITE_OK ? f->pMethods->xSync(f, SQLITE_SYNC_FULL) : rc;
}

enum att_err
scrub_pages(struct store *s)
{
	ATT_AUTO_FREE uint8_t *page = malloc(PAGE_MAX);
	sqlite3_file *f = NULL;
	int rc;

	if (page == NULL)
		return ATT_NOMEM;
	rc = sqlite3_file_control(s->db, "main", SQLITE_FCNTL_FILE_POINTER, &f);
	if (rc == SQLITE_OK)
		rc = f != NULL && f->pMethods != NULL ? scrub_file(f, page)
						      : SQLITE_ERROR;
	return rc == SQLITE_OK ? ATT_OK : db_fail(s, rc, "scrub");
}
