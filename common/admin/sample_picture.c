#include "admin/sample_picture.h"

#include <stdio.h>
#include <string.h>

#define STROKE	9 /* pixels from a minutia to the end of its stroke */
#define COLUMNS 40 /* characters of the picture; each is 2 x 4 dots */
#define ROWS	25
#define DOTS_X	(2 * COLUMNS)
#define DOTS_Y	(4 * ROWS)

/* 1024 times the cosine of each 1/32 of a turn; pictures need no more. */
static const int16_t cosines[32] = { 1024, 1004, 946, 851, 724, 569, 392, 200,
	0, -200, -392, -569, -724, -851, -946, -1004, -1024, -1004, -946, -851,
	-724, -569, -392, -200, 0, 200, 392, 569, 724, 851, 946, 1004 };

/* What the picture has to hold; the image's size where it is known. */
struct frame {
	int width, height;
};

static struct frame
frame_of(const struct bio_sample *s)
{
	struct frame f = { s->width, s->height };

	for (unsigned i = 0; i < s->n; i++) {
		if (s->at[i].x >= f.width)
			f.width = s->at[i].x + 1;
		if (s->at[i].y >= f.height)
			f.height = s->at[i].y + 1;
	}
	return f;
}

/* From the minutia, length along its ridge; y downwards in pictures. */
static void
stroke_end(const struct bio_minutia *m, const struct frame *f, int length,
    int *x, int *y)
{
	const unsigned turn = (m->angle + 4u) / 8 % 32;

	*x = m->x + cosines[turn] * length / 1024;
	*y = f->height - 1 - m->y - cosines[(turn + 24) % 32] * length / 1024;
}

static void
draw_page(struct report *r, const struct bio_sample *s)
{
	const struct frame f = frame_of(s);
	char text[200];

	(void)snprintf(text, sizeof(text),
	    "<svg viewBox=\"0 0 %d %d\" width=\"%d\" stroke=\"#000\" "
	    "fill=\"none\" role=\"img\">\n<rect width=\"%d\" height=\"%d\" "
	    "stroke=\"#999\"/>\n",
	    f.width, f.height, f.width, f.width, f.height);
	print_text(&r->print, text);
	for (unsigned i = 0; i < s->n; i++) {
		const struct bio_minutia *m = &s->at[i];
		const int y = f.height - 1 - m->y;
		int to_x, to_y;

		stroke_end(m, &f, STROKE, &to_x, &to_y);
		(void)snprintf(text, sizeof(text),
		    "<circle cx=\"%d\" cy=\"%d\" r=\"3\"/>"
		    "<path d=\"M%d %dL%d %d\"/>\n",
		    m->x, y, m->x, y, to_x, to_y);
		print_text(&r->print, text);
	}
	print_text(&r->print, "</svg>\n");
}

struct dots {
	uint8_t cell[ROWS][COLUMNS];
};

/* Braille's dots count 1 2 3 7 down the left and 4 5 6 8 down the right. */
static void
set_dot(struct dots *d, const struct frame *f, int x, int y)
{
	static const uint8_t bits[4][2] = { { 0x01, 0x08 }, { 0x02, 0x10 },
		{ 0x04, 0x20 }, { 0x40, 0x80 } };
	int column, row;

	if (x < 0 || y < 0 || x >= f->width || y >= f->height)
		return;
	column = x * DOTS_X / f->width;
	row = y * DOTS_Y / f->height;
	d->cell[row / 4][column / 2] |= bits[row % 4][column % 2];
}

static void
draw_dots(struct report *r, const struct bio_sample *s)
{
	const struct frame f = frame_of(s);
	struct dots d = { 0 };

	for (unsigned i = 0; i < s->n; i++)
		for (int length = 0; length <= STROKE; length += 3) {
			int x, y;

			stroke_end(&s->at[i], &f, length, &x, &y);
			set_dot(&d, &f, x, y);
		}
	for (unsigned row = 0; row < ROWS; row++) {
		for (unsigned i = 0; i < COLUMNS; i++) {
			const uint8_t c = d.cell[row][i];
			/* U+2800 and the dots, as UTF-8 */
			const uint8_t utf8[3] = { 0xe2,
				(uint8_t)(0xa0 | c >> 6),
				(uint8_t)(0x80 | (c & 0x3f)) };

			print_bytes(&r->print, utf8, sizeof(utf8));
		}
		print_bytes(&r->print, "\n", 1);
	}
	explicit_bzero(&d, sizeof(d));
}

void
sample_picture(struct report *r, const struct bio_sample *s)
{
	if (r->j != NULL || s->n == 0)
		return;
	if (r->html) {
		report_line(r, "%s",
		    _("What the reader saw: where ridges end "
		      "or fork."));
		draw_page(r, s);
	} else if ((r->d->request->flags & WIRE_F_OUT_TTY) != 0) {
		draw_dots(r, s);
	}
}
