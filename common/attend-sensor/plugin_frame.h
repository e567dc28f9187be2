/*
 * What attend-sensor and a vendor's capture program say to each other: this
 * header is the protocol document for whoever writes one.
 *
 * The program is started by attend-sensor, as user attend-sensor, with a
 * connected AF_UNIX SOCK_STREAM socket as standard input and output, and
 * /dev/null as standard error. Frames in both directions:
 *
 *	u8  version	PLUGIN_VERSION
 *	u8  type	enum plugin_type
 *	u16 reserved	0
 *	u32 length	of the body
 *	body		by type
 *
 * Integers are little-endian; str8 is a length and that many bytes.
 *
 * The program begins with HELLO. To each CAPTURE it answers with any number of
 * NOTICEs and then one PICTURE, when the finger has been lifted from the
 * reader, or one FAILED. STOP ends a capture: FAILED with SENSOR_CANCELLED, or
 * whatever crossed it. The end of the socket ends the program, and that of the
 * program ends attend-sensor, which is started again by the next login.
 *
 * The program gets no template and says nothing about who it is that touches
 * the reader: attend looks for the minutiae itself.
 */
#ifndef ATT_ATTEND_SENSOR_PLUGIN_FRAME_H
#define ATT_ATTEND_SENSOR_PLUGIN_FRAME_H

#include "attend-sensor/picture.h"
#include "base/bytes.h"
#include "sensor/sensor.h"
#include "wire/head.h"

#define PLUGIN_VERSION 1
#define PLUGIN_BODY_MAX \
	(6 + (size_t)PICTURE_SIDE_MAX * (size_t)PICTURE_SIDE_MAX)
#define PLUGIN_FRAME_MAX (HEAD_LEN + PLUGIN_BODY_MAX)

enum plugin_type {
	PLUGIN_CAPTURE = 1, /* to the program; no body */
	PLUGIN_STOP = 2, /* to the program; no body */
	PLUGIN_HELLO = 16,
	PLUGIN_NOTICE = 17,
	PLUGIN_PICTURE = 18,
	PLUGIN_FAILED = 19,
};

/*
 * HELLO: str8 driver, str8 name. driver: as a template's, 1 to BIO_DRIVER_MAX
 * of a-z 0-9 . _ -; it stands in the seal and in the lists of what was enrolled
 * with it, so it never changes. name: what people call the reader.
 */
struct plugin_hello {
	struct att_slice driver, name;
};

struct plugin_msg {
	enum plugin_type type;
	union {
		struct plugin_hello hello;
		uint8_t notice; /* NOTICE: u8, enum sensor_notice */
		/*
		 * PICTURE: le16 width, le16 height, le16 pixels per
		 * centimetre, grey: dark ridges on light ground
		 */
		struct picture picture;
		uint8_t failed; /* FAILED: u8, enum sensor_reason */
	};
};

/*
 * Read the frame at the front of len bytes. *used is its length; slices in
 * *out are borrowed from buf. ATT_ABSENT: it is not all there yet.
 * ATT_FORMAT: nothing that begins so is a frame.
 */
enum att_err plugin_decode(const void *buf, size_t len, struct plugin_msg *out,
    size_t *used) ATT_CHECKED;

/* A frame without a body. */
void plugin_encode(enum plugin_type type, uint8_t out[HEAD_LEN]);

#endif
