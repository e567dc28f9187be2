/*
 * The provider that is libfprint, and libfprint as an extractor of minutiae.
 *
 * A capture is an identification against nobody: it gives the scanned print
 * through the public interface, and no template of anybody ever comes here.
 * The print is serialised (FP3) and read by common/bio, as nothing else tells
 * the angles of minutiae. Everything runs in the program's GLib main loop.
 */
#ifndef ATT_ATTEND_SENSOR_FPRINT_H
#define ATT_ATTEND_SENSOR_FPRINT_H

#include "attend-sensor/picture.h"
#include "attend-sensor/reader.h"

struct fprint;

/*
 * Look for readers; test: virtual ones may be taken, too. reader is borrowed.
 * Owned; NULL when out of memory.
 */
struct fprint *fprint_new(struct reader *reader, bool test);
void fprint_free(struct fprint *f);

struct provider fprint_provider(struct fprint *f);

/*
 * An extractor of minutiae (extractor.h) in place of a reader. To be called
 * instead of fprint_new(), before anything else of libfprint. NULL when there
 * can be none.
 *
 * What happens is told to the reader as by any provider, but TOUCH and FINGER,
 * which only the plugin knows. The driver is the plugin's.
 */
struct fprint *fprint_new_extractor(struct reader *reader);

/*
 * Find the minutiae of a picture while a capture of the extractor's provider
 * is under way. Copied.
 */
void fprint_show(struct fprint *f, const char *driver, const struct picture *p);

#endif
