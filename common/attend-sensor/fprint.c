#include "attend-sensor/fprint.h"

#include "attend-sensor/others.h"
#include "base/owner.h"
#include "bio/fp3.h"
#include "daemon/log.h"

#include <fprint.h>
#include <gio/gunixoutputstream.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#define FOLDER_TEMPLATE "/tmp/attend-sensor.XXXXXX"
#define SOCKET_ENV	"FP_VIRTUAL_IMAGE"
#define ALLOWLIST_ENV	"FP_DRIVERS_ALLOWLIST"
#define VIRTUAL_PREFIX	"virtual_"
#define GONE		"attend-gone" /* a mark on a device */

/* Pixels a centimetre of readers that do not say it, and are not of 500 dpi. */
static const struct {
	const char *driver;
	uint16_t resolution;
} resolutions[] = {
	{ "uru4000", 202 }, /* 512 dpi */
};

struct extractor {
	char folder[sizeof(FOLDER_TEMPLATE)];
	GOutputStream *to; /* the virtual reader's socket */
	char driver[BIO_DRIVER_MAX + 1];
	uint16_t resolution;
	GBytes *shown; /* with its head; NULL: none, or it is under way */
};

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

/* --- what went wrong ----------------------------------------------------- */

static enum sensor_reason
reason_of_device(int code)
{
	switch (code) {
	case FP_DEVICE_ERROR_NOT_SUPPORTED: return SENSOR_UNSUITABLE;
	case FP_DEVICE_ERROR_BUSY: return SENSOR_HELD;
	case FP_DEVICE_ERROR_REMOVED: return SENSOR_GONE;
	case FP_DEVICE_ERROR_TOO_HOT: return SENSOR_HOT;
	default: return SENSOR_FAULT;
	}
}

/*
 * Drivers pass on what libgusb and the kernel said. Its codes are libgusb's,
 * which we do not link; its words are libusb's and stable.
 */
static enum sensor_reason
reason_of_words(const char *words)
{
	static const struct {
		const char *word;
		enum sensor_reason reason;
	} known[] = {
		{ "busy", SENSOR_HELD },
		{ "BUSY", SENSOR_HELD },
		{ "ermission", SENSOR_NO_ACCESS },
		{ "ccess denied", SENSOR_NO_ACCESS },
		{ "o such device", SENSOR_GONE },
		{ "NO_DEVICE", SENSOR_GONE },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
		if (strstr(words, known[i].word) != NULL)
			return known[i].reason;
	return SENSOR_FAULT;
}

static enum sensor_reason
reason_of(const GError *e)
{
	if (e == NULL || e->domain == FP_DEVICE_RETRY)
		return SENSOR_FINE; /* the person was told and may try again */
	if (g_error_matches(e, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		return SENSOR_CANCELLED;
	if (e->domain == FP_DEVICE_ERROR && e->code != FP_DEVICE_ERROR_GENERAL)
		return reason_of_device(e->code);
	return reason_of_words(e->message);
}

static enum sensor_notice
notice_of(const GError *e)
{
	switch (e->code) {
	case FP_DEVICE_RETRY_TOO_SHORT: return SENSOR_LONGER;
	case FP_DEVICE_RETRY_CENTER_FINGER: return SENSOR_CENTRE;
	case FP_DEVICE_RETRY_REMOVE_FINGER: return SENSOR_LIFT;
	default: return SENSOR_AGAIN;
	}
}

/* One line for the operator, and what the client may pass on. */
static const char *
explain(const char *doing, const GError *e, enum sensor_reason why)
{
	const char *detail = e != NULL ? e->message : "";

	if (why == SENSOR_FINE || why == SENSOR_CANCELLED)
		return "";
	if (why == SENSOR_HELD && others_have_fprintd(OTHERS_PROC))
		detail = "fprintd is running and holds it";
	log_line(
	    why == SENSOR_HOT || why == SENSOR_GONE ? LOG_WARNING : LOG_ERR,
	    "reader failed doing=%s why=%s detail=\"%s\"", doing,
	    sensor_reason_word(why), detail);
	return detail;
}

/* --- samples -------------------------------------------------------------- */

static uint16_t
resolution_of(const struct fprint *f, FpImage *image)
{
	const double ppmm = image != NULL ? fp_image_get_ppmm(image) : 0;
	const char *driver = fp_device_get_driver(f->device);

	if (f->extractor != NULL)
		return f->extractor->resolution;
	if (ppmm * 10 >= BIO_RESOLUTION_MIN && ppmm * 10 <= BIO_RESOLUTION_MAX)
		return (uint16_t)(ppmm * 10 + 0.5);
	for (size_t i = 0; i < G_N_ELEMENTS(resolutions); i++)
		if (strcmp(driver, resolutions[i].driver) == 0)
			return resolutions[i].resolution;
	return BIO_RESOLUTION;
}

static enum att_err
read_print(const struct fprint *f, FpPrint *print, struct bio_template *t)
{
	FpImage *image = fp_print_get_image(print);
	g_autofree guchar *bytes = NULL;
	gsize len = 0;
	enum att_err e;

	if (!fp_print_serialize(print, &bytes, &len, NULL))
		return ATT_FORMAT;
	e = bio_fp3_read(bytes, len, resolution_of(f, image), t);
	explicit_bzero(bytes, len);
	if (e == ATT_OK && t->n != 1)
		e = ATT_FORMAT;
	if (e == ATT_OK)
		t->finger = BIO_FINGER_UNKNOWN;
	if (e == ATT_OK && f->extractor != NULL)
		memcpy(t->driver, f->extractor->driver, sizeof(t->driver));
	return e;
}

/* False: it shows too little to be worth reading. */
static bool
judge_picture(FpPrint *print, struct bio_sample *s)
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

static void
on_match(FpDevice *device, FpPrint *match, FpPrint *print, gpointer at,
    GError *error)
{
	struct fprint *f = at;
	struct bio_template t;
	enum att_err e;

	if (error != NULL && error->domain == FP_DEVICE_RETRY)
		reader_on_notice(f->reader, notice_of(error));
	if (error != NULL || print == NULL)
		return; /* the end tells why */
	e = read_print(f, print, &t);
	if (e == ATT_OK && !judge_picture(print, &t.sample[0]))
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

static void on_finger(FpDevice *device, GParamSpec *spec, gpointer at);

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

	if (f->device == NULL || !fp_device_is_open(f->device))
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

/* --- the extractor -------------------------------------------------------- */

static void
on_written(GObject *source, GAsyncResult *result, gpointer at)
{
	g_autoptr(GError) e = NULL;

	if (!g_output_stream_write_all_finish(
		G_OUTPUT_STREAM(source), result, NULL, &e))
		log_line(
		    LOG_ERR, "picture not passed on detail=\"%s\"", e->message);
}

static void
pass_on(struct fprint *f)
{
	struct extractor *x = f->extractor;
	gsize len;
	const void *at;

	if (x == NULL || x->shown == NULL || x->to == NULL)
		return;
	at = g_bytes_get_data(x->shown, &len);
	/* the bytes live until it is written */
	g_output_stream_write_all_async(
	    x->to, at, len, G_PRIORITY_DEFAULT, f->cancel, on_written, NULL);
	g_object_set_data_full(G_OBJECT(x->to), "shown",
	    g_steal_pointer(&x->shown), (GDestroyNotify)g_bytes_unref);
}

static void
on_finger(FpDevice *device, GParamSpec *spec, gpointer at)
{
	struct fprint *f = at;
	const FpFingerStatusFlags s = fp_device_get_finger_status(device);

	if (f->extractor != NULL) {
		if ((s & FP_FINGER_STATUS_NEEDED) != 0)
			pass_on(f);
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

static enum att_err
connect_extractor(struct extractor *x)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	ATT_AUTO_FD int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)snprintf(a.sun_path, sizeof(a.sun_path), "%s/s", x->folder);
	if (fd < 0 || connect(fd, (const struct sockaddr *)&a, sizeof(a)) != 0)
		return ATT_IO;
	/* it takes one client at a time; now nobody can even find it */
	(void)unlink(a.sun_path);
	x->to = g_unix_output_stream_new(att_take_fd(&fd), TRUE);
	return ATT_OK;
}

void
fprint_show(struct fprint *f, const char *driver, const struct picture *p)
{
	struct extractor *x = f->extractor;
	const size_t len = (size_t)p->width * p->height;
	const int32_t head[2] = { p->width, p->height };
	uint8_t *bytes = g_malloc(sizeof(head) + len);

	memcpy(bytes, head, sizeof(head)); /* its protocol is in host order */
	memcpy(bytes + sizeof(head), p->grey, len);
	(void)g_strlcpy(x->driver, driver, sizeof(x->driver));
	x->resolution = p->resolution;
	g_clear_pointer(&x->shown, g_bytes_unref);
	x->shown = g_bytes_new_take(bytes, sizeof(head) + len);
	if (f->device != NULL &&
	    (fp_device_get_finger_status(f->device) &
		FP_FINGER_STATUS_NEEDED) != 0)
		pass_on(f);
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
		why = reason_of(error);
	g_clear_object(&f->cancel);
	if (why == SENSOR_GONE)
		mark_gone(f->device);
	if (why == SENSOR_FINE && error != NULL)
		why = SENSOR_FAULT;
	if (why == SENSOR_FINE && f->extractor != NULL &&
	    connect_extractor(f->extractor) != ATT_OK)
		log_line(LOG_ERR, "the extractor cannot be reached");
	reader_on_opened(f->reader, why, explain("open", error, why));
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
		why = reason_of(error);
	g_clear_object(&f->cancel);
	if (why == SENSOR_GONE)
		mark_gone(f->device);
	if (f->extractor != NULL)
		g_clear_pointer(&f->extractor->shown, g_bytes_unref);
	if (why == SENSOR_FINE && f->too_small)
		why = SENSOR_UNSUITABLE;
	detail = explain("capture", error, why);
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
	    reason_of(error) != SENSOR_GONE)
		log_line(LOG_WARNING, "reader closed badly detail=\"%s\"",
		    error->message);
	reader_on_closed(f->reader);
}

static void
begin_close(void *at)
{
	struct fprint *f = at;

	if (f->extractor != NULL)
		g_clear_object(&f->extractor->to);
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
	struct extractor *x = calloc(1, sizeof(*x));
	struct fprint *f;
	char socket_path[sizeof(x->folder) + 2];

	if (x == NULL)
		return NULL;
	memcpy(x->folder, FOLDER_TEMPLATE, sizeof(x->folder));
	if (mkdtemp(x->folder) == NULL) {
		free(x);
		return NULL;
	}
	(void)snprintf(socket_path, sizeof(socket_path), "%s/s", x->folder);
	(void)setenv(SOCKET_ENV, socket_path, 1);
	(void)setenv(ALLOWLIST_ENV, "virtual_image", 1);
	f = fprint_new(reader, false);
	if (f == NULL) {
		(void)rmdir(x->folder);
		free(x);
		return NULL;
	}
	f->extractor = x;
	return f;
}

static void
free_extractor(struct extractor *x)
{
	char path[sizeof(x->folder) + 2];

	if (x == NULL)
		return;
	(void)snprintf(path, sizeof(path), "%s/s", x->folder);
	(void)unlink(path);
	(void)rmdir(x->folder);
	g_clear_object(&x->to);
	g_clear_pointer(&x->shown, g_bytes_unref);
	free(x);
}

void
fprint_free(struct fprint *f)
{
	if (f == NULL)
		return;
	forget_device(f);
	g_clear_object(&f->cancel);
	g_clear_object(&f->context);
	free_extractor(f->extractor);
	free(f);
}
