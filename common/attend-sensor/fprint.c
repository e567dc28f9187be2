#include "attend-sensor/fprint.h"

#include "attend-sensor/extractor.h"
#include "attend-sensor/print.h"
#include "attend-sensor/trouble.h"
#include "daemon/log.h"

#include <fprint.h>
#include <string.h>

#define VIRTUAL_PREFIX "virtual_"
#define GONE	       "attend-gone" /* a mark on a device */

struct fprint {
	struct reader *reader;
	bool test;
	FpContext *context;
	FpDevice *device; /* that is open or was looked at last; NULL: none */
	GCancellable *cancel; /* of what is under way; NULL: nothing is */
	bool finger; /* is on it */
	bool too_small; /* its picture was, and it will not grow */
	struct extractor *extractor; /* NULL: a reader of people's fingers */
};

static void
on_match(FpDevice *device, FpPrint *match, FpPrint *print, gpointer at,
    GError *error)
{
	struct fprint *f = at;
	struct bio_template t;
	enum att_err e;

	if (error != NULL && error->domain == FP_DEVICE_RETRY)
		reader_on_notice(f->reader, trouble_notice(error));
	if (error != NULL || print == NULL)
		return; /* the end tells why */
	e = print_read(print,
	    f->extractor != NULL ? extractor_resolution(f->extractor) : 0, &t);
	if (e == ATT_OK && f->extractor != NULL)
		(void)g_strlcpy(
		    t.driver, extractor_driver(f->extractor), sizeof(t.driver));
	if (e == ATT_OK && !print_judge(print, &t.sample[0]))
		f->too_small = true;
	else if (e == ATT_OK)
		reader_on_sample(f->reader, &t);
	else if (e == ATT_REFUSED)
		f->too_small = true; /* a handle into a reader that matches */
	else
		log_line(LOG_ERR, "print of the library not read why=\"%s\"",
		    att_err_text(e));
	if (e == ATT_OK)
		explicit_bzero(&t, sizeof(t));
}

/* --- the device ----------------------------------------------------------- */

/* Takes pictures of a whole fingertip, as far as can be told before one. */
static bool
is_suitable(const struct fprint *f, FpDevice *d, bool is_virtual)
{
	const FpDeviceFeature needed =
	    FP_DEVICE_FEATURE_CAPTURE | FP_DEVICE_FEATURE_IDENTIFY;

	if ((fp_device_get_features(d) & needed) != needed)
		return false;
	/* the virtual one says that one swipes over it */
	return is_virtual || fp_device_get_scan_type(d) == FP_SCAN_TYPE_PRESS;
}

static enum sensor_reason
judge_device(const struct fprint *f, FpDevice *d)
{
	const bool is_virtual =
	    g_str_has_prefix(fp_device_get_driver(d), VIRTUAL_PREFIX);

	if (is_virtual && !f->test && f->extractor == NULL)
		return SENSOR_TEST_READER;
	return is_suitable(f, d, is_virtual) ? SENSOR_FINE : SENSOR_UNSUITABLE;
}

/* The context lists it a while longer. */
static void
mark_gone(FpDevice *device)
{
	static char mark;

	g_object_set_data(G_OBJECT(device), GONE, &mark);
}

static void
on_removed(FpDevice *device, gpointer at)
{
	struct fprint *f = at;

	reader_on_gone(f->reader);
}

static void
on_finger(FpDevice *device, GParamSpec *spec, gpointer at)
{
	struct fprint *f = at;
	const FpFingerStatusFlags s = fp_device_get_finger_status(device);

	if (f->extractor != NULL) {
		if ((s & FP_FINGER_STATUS_NEEDED) != 0)
			extractor_pass_on(f->extractor, f->cancel);
		return;
	}
	if ((s & FP_FINGER_STATUS_PRESENT) != 0) {
		if (!f->finger)
			reader_on_notice(f->reader, SENSOR_FINGER);
		f->finger = true;
		return;
	}
	f->finger = false;
	if ((s & FP_FINGER_STATUS_NEEDED) != 0)
		reader_on_notice(f->reader, SENSOR_TOUCH);
}

static void
on_temperature(FpDevice *device, GParamSpec *spec, gpointer at)
{
	static const enum sensor_temperature of[] = {
		[FP_TEMPERATURE_COLD] = SENSOR_COLD,
		[FP_TEMPERATURE_WARM] = SENSOR_WARM,
		[FP_TEMPERATURE_HOT] = SENSOR_TOO_HOT,
	};
	struct fprint *f = at;
	const FpTemperature t = fp_device_get_temperature(device);

	if (t <= FP_TEMPERATURE_HOT)
		reader_on_heat(f->reader, of[t]);
}

static void
forget_device(struct fprint *f)
{
	if (f->device == NULL)
		return;
	g_signal_handlers_disconnect_by_data(f->device, f);
	g_clear_object(&f->device);
	f->too_small = false;
}

static void
use_device(struct fprint *f, FpDevice *d)
{
	if (f->device == d)
		return;
	forget_device(f);
	f->device = g_object_ref(d);
	g_signal_connect(d, "removed", G_CALLBACK(on_removed), f);
	g_signal_connect(d, "notify::finger-status", G_CALLBACK(on_finger), f);
	g_signal_connect(
	    d, "notify::temperature", G_CALLBACK(on_temperature), f);
}

/* The best there is: FINE, and if it is not, whatever says most. */
static enum sensor_reason
find_device(struct fprint *f)
{
	GPtrArray *all = fp_context_get_devices(f->context);
	enum sensor_reason best = SENSOR_NO_READER;
	FpDevice *found = NULL;

	for (guint i = 0; all != NULL && i < all->len; i++) {
		FpDevice *d = g_ptr_array_index(all, i);
		const enum sensor_reason why = judge_device(f, d);

		if (g_object_get_data(G_OBJECT(d), GONE) != NULL)
			continue;
		if (found != NULL && why != SENSOR_FINE)
			continue;
		found = d;
		best = why;
		if (why == SENSOR_FINE)
			break;
	}
	if (found != NULL)
		use_device(f, found);
	else
		forget_device(f);
	return best;
}

static enum sensor_reason
look(void *at, struct provider_look *out)
{
	struct fprint *f = at;
	enum sensor_reason why = SENSOR_FINE;

	/* one that is being opened stays until that has come to an end */
	if (f->cancel == NULL &&
	    (f->device == NULL || !fp_device_is_open(f->device)))
		why = find_device(f);
	if (why == SENSOR_FINE && f->too_small)
		why = SENSOR_UNSUITABLE;
	if (f->device != NULL) {
		out->driver = fp_device_get_driver(f->device);
		out->name = fp_device_get_name(f->device);
	}
	return why;
}

/* The context forgets it; a later look finds what is there then. */
static void
on_unplugged(FpContext *context, FpDevice *device, gpointer at)
{
	struct fprint *f = at;

	if (device == f->device)
		reader_on_gone(f->reader);
}

/* --- the provider ----------------------------------------------------------
 */

static void
on_opened(GObject *source, GAsyncResult *result, gpointer at)
{
	struct fprint *f = at;
	g_autoptr(GError) error = NULL;
	enum sensor_reason why = SENSOR_FINE;

	if (!fp_device_open_finish(FP_DEVICE(source), result, &error))
		why = trouble_reason(error);
	g_clear_object(&f->cancel);
	if (why == SENSOR_GONE)
		mark_gone(f->device);
	if (why == SENSOR_FINE && error != NULL)
		why = SENSOR_FAULT;
	if (why == SENSOR_FINE && f->extractor != NULL &&
	    extractor_connect(f->extractor) != ATT_OK)
		log_line(LOG_ERR, "the extractor cannot be reached");
	reader_on_opened(f->reader, why, trouble_explain("open", error, why));
}

static void
begin_open(void *at)
{
	struct fprint *f = at;

	f->cancel = g_cancellable_new();
	fp_device_open(f->device, f->cancel, on_opened, f);
}

static void
on_identified(GObject *source, GAsyncResult *result, gpointer at)
{
	struct fprint *f = at;
	g_autoptr(GError) error = NULL;
	g_autoptr(FpPrint) print = NULL;
	enum sensor_reason why = SENSOR_FINE;
	const char *detail;

	if (!fp_device_identify_finish(
		FP_DEVICE(source), result, NULL, &print, &error))
		why = trouble_reason(error);
	g_clear_object(&f->cancel);
	if (why == SENSOR_GONE)
		mark_gone(f->device);
	if (f->extractor != NULL)
		extractor_clear(f->extractor);
	if (why == SENSOR_FINE && f->too_small)
		why = SENSOR_UNSUITABLE;
	detail = trouble_explain("capture", error, why);
	reader_on_ended(f->reader, why, detail);
}

static void
begin_capture(void *at)
{
	struct fprint *f = at;
	g_autoptr(GPtrArray) nobody =
	    g_ptr_array_new_with_free_func(g_object_unref);

	f->cancel = g_cancellable_new();
	fp_device_identify(
	    f->device, nobody, f->cancel, on_match, f, NULL, on_identified, f);
}

static void
cancel(void *at)
{
	struct fprint *f = at;

	if (f->cancel != NULL)
		g_cancellable_cancel(f->cancel);
}

static void
on_closed(GObject *source, GAsyncResult *result, gpointer at)
{
	struct fprint *f = at;
	g_autoptr(GError) error = NULL;

	if (!fp_device_close_finish(FP_DEVICE(source), result, &error) &&
	    trouble_reason(error) != SENSOR_GONE)
		log_line(LOG_WARNING, "reader closed badly detail=\"%s\"",
		    error->message);
	reader_on_closed(f->reader);
}

static void
begin_close(void *at)
{
	struct fprint *f = at;

	if (f->extractor != NULL)
		extractor_disconnect(f->extractor);
	fp_device_close(f->device, NULL, on_closed, f);
}

struct provider
fprint_provider(struct fprint *f)
{
	return (struct provider){ .look = look,
		.open = begin_open,
		.capture = begin_capture,
		.cancel = cancel,
		.close = begin_close,
		.ctx = f };
}

struct fprint *
fprint_new(struct reader *reader, bool test)
{
	struct fprint *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return NULL;
	f->reader = reader;
	f->test = test;
	f->context = fp_context_new();
	g_signal_connect(
	    f->context, "device-removed", G_CALLBACK(on_unplugged), f);
	fp_context_enumerate(f->context);
	return f;
}

struct fprint *
fprint_new_extractor(struct reader *reader)
{
	struct extractor *x = extractor_new();
	struct fprint *f = x != NULL ? fprint_new(reader, false) : NULL;

	if (f != NULL)
		f->extractor = x;
	else
		extractor_free(x);
	return f;
}

void
fprint_show(struct fprint *f, const char *driver, const struct picture *p)
{
	extractor_show(f->extractor, driver, p);
	if (f->device != NULL &&
	    (fp_device_get_finger_status(f->device) &
		FP_FINGER_STATUS_NEEDED) != 0)
		extractor_pass_on(f->extractor, f->cancel);
}

void
fprint_free(struct fprint *f)
{
	if (f == NULL)
		return;
	forget_device(f);
	g_clear_object(&f->cancel);
	g_clear_object(&f->context);
	extractor_free(f->extractor);
	free(f);
}
