#include "attend-sensor/print.h"

#include "attend-sensor/picture.h"
#include "bio/fp3.h"

#include <fprint.h>
#include <string.h>

/* Pixels a centimetre of readers that do not say it, and are not of 500 dpi. */
static const struct {
	const char *driver;
	uint16_t resolution;
} resolutions[] = {
	{ "uru4000", 202 }, /* 512 dpi */
};

static uint16_t
resolution_of(const char *driver, FpImage *image)
{
	const double ppmm = image != NULL ? fp_image_get_ppmm(image) : 0;

	if (ppmm * 10 >= BIO_RESOLUTION_MIN && ppmm * 10 <= BIO_RESOLUTION_MAX)
		return (uint16_t)(ppmm * 10 + 0.5);
	for (size_t i = 0; i < G_N_ELEMENTS(resolutions); i++)
		if (strcmp(driver, resolutions[i].driver) == 0)
			return resolutions[i].resolution;
	return BIO_RESOLUTION;
}

enum att_err
print_read(FpPrint *print, uint16_t resolution, struct bio_template *out)
{
	FpImage *image = fp_print_get_image(print);
	g_autofree guchar *bytes = NULL;
	gsize len = 0;
	enum att_err e;

	if (!fp_print_serialize(print, &bytes, &len, NULL))
		return ATT_FORMAT;
	if (resolution == 0)
		resolution = resolution_of(fp_print_get_driver(print), image);
	e = bio_fp3_read(bytes, len, resolution, out);
	explicit_bzero(bytes, len);
	if (e != ATT_OK)
		return e;
	out->finger = BIO_FINGER_UNKNOWN;
	if (out->n == 1)
		return ATT_OK;
	explicit_bzero(out, sizeof(*out));
	return ATT_FORMAT;
}

bool
print_judge(FpPrint *print, struct bio_sample *s)
{
	FpImage *image = fp_print_get_image(print);
	struct picture p = { .resolution = s->resolution };
	gsize len = 0;

	if (image == NULL)
		return true; /* nothing to judge */
	p.grey = fp_image_get_data(image, &len);
	if (fp_image_get_width(image) > PICTURE_SIDE_MAX ||
	    fp_image_get_height(image) > PICTURE_SIDE_MAX)
		return true;
	p.width = (uint16_t)fp_image_get_width(image);
	p.height = (uint16_t)fp_image_get_height(image);
	if (p.grey == NULL || len < (size_t)p.width * p.height)
		return true;
	s->width = p.width;
	s->height = p.height;
	s->quality = picture_quality(&p);
	return picture_large(&p);
}
