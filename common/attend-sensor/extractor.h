/*
 * libfprint's own extractor of minutiae, for pictures that did not come from
 * its readers. It has no public way from a picture to minutiae with angles,
 * but its virtual reader takes pictures over a socket. This one is ours, in a
 * folder of our own, gone as soon as we are connected: nobody else can put a
 * picture there.
 */
#ifndef ATT_ATTEND_SENSOR_EXTRACTOR_H
#define ATT_ATTEND_SENSOR_EXTRACTOR_H

#include "attend-sensor/picture.h"

struct _GCancellable; /* GLib's */
struct extractor;

/*
 * Tells libfprint of its virtual reader through the environment, so before
 * anything else of libfprint. Owned; NULL when there can be none.
 */
struct extractor *extractor_new(void);
void extractor_free(struct extractor *x);

/* When the virtual reader has been opened; ATT_IO. Before it is closed. */
enum att_err extractor_connect(struct extractor *x) ATT_CHECKED;
void extractor_disconnect(struct extractor *x);

/* The picture for the capture under way, and whose it is. Copied. */
void extractor_show(
    struct extractor *x, const char *driver, const struct picture *p);
void extractor_clear(struct extractor *x);

/* When the virtual reader wants a finger: write the picture, if there is one.
 */
void extractor_pass_on(struct extractor *x, struct _GCancellable *cancel);

/* Of the picture shown last. Borrowed. */
uint16_t extractor_resolution(const struct extractor *x);
const char *extractor_driver(const struct extractor *x);

#endif
