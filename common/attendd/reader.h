/*
 * The fingerprint reader in a dialogue: whether there is one to offer, and a
 * finger from it while the person is told what to do. Nobody may call this
 * for a person who has not consented: finger.h looks first.
 */
#ifndef ATT_ATTENDD_READER_H
#define ATT_ATTENDD_READER_H

#include "attendd/dialogue.h"
#include "bio/template.h"
#include "sensor/ask.h"

#define READER_WAIT_MS 20000 /* for a finger; the client waits WIRE_WAIT_MS */

/*
 * Whether a capture could begin now, as attend-sensor says; the reader is not
 * opened. Takes two seconds at most. ATT_REFUSED: no, *no says why, also when
 * nothing answers in time. ATT_ABSENT: nothing runs readers here.
 */
enum att_err reader_ready(struct dialogue *d, struct sensor_no *no) ATT_CHECKED;

/*
 * A sample of one finger. The person is told what to do and the client that
 * it takes a while; no turn and no transaction may be held. The reader stays
 * this dialogue's until reader_close.
 *
 * out is in memory fit for it (att_secret), the caller's to wipe, and wiped
 * unless ATT_OK. ATT_REFUSED: no sample, *no says why, also when attend-sensor
 * is not there or not itself; offer something else. ATT_CLOSED: the client
 * went away.
 */
enum att_err reader_capture(struct dialogue *d, struct bio_template *out,
    struct sensor_no *no) ATT_CHECKED;

/* Tell the person why there was no sample. */
void reader_tell(struct dialogue *d, const struct sensor_no *no);

/*
 * What a login without a sample comes to, from what reader_capture gave: the
 * person is told why and VERDICT_NOT_NOW means that something else is to be
 * asked for; VERDICT_UNAVAILABLE: the client went away.
 */
enum att_verdict
reader_excuse(struct dialogue *d, enum att_err e, const struct sensor_no *no);

/* Give the reader back; fine when there is none. */
void reader_close(struct dialogue *d);

#endif
