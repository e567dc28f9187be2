/*
 * Who keeps the gallery (gallery.h): a process of the broker's, begun when a
 * worker first asks and ended with the broker.
 *
 * It was measured (bench_gallery) what it saves: making the prints of 10,000
 * people takes 3 s of a processor, which nobody waits for at each login.
 * Sealed and stored ready-made they would be ten times the templates, once
 * more biometric data at rest to seal, number and destroy, and still have to
 * be opened one by one. Kept, they cost the memory (73 MiB, locked) and a look
 * at what changed before each search (37 ms; the search takes 116 ms). In a
 * process of its own they are in no worker, which talks to clients, and the
 * broker goes on holding no data.
 *
 * All workers inherit one end of a pair of sockets, the way; the librarian has
 * the other, the desk. A question is one packet on the way, with the socket on
 * which its answer is expected: that no other worker hears. Both sides are the
 * same program of the same start, so there is no version; integers are
 * little-endian.
 *
 * What goes from the store goes from the gallery: whoever destroys says so
 * (librarian_forget). Not everybody can, attendd --once has no way to it, nor
 * has a date that passes; so it looks by itself, too, while it keeps any.
 *
 *	question	u8 kind, le64 now (UTC), le16 year, u8 month, u8 day,
 *			the date of now at the site; for a search u8 1 and 16
 *			bytes, the person to pass over, or u8 0, and a template
 *			of one sample (bio/template.h)
 *	answer		u8 enum att_err; for a search 16 bytes person, u8
 *			finger, le32 score, second, fingers
 *
 * The store is opened anew for each question, as workers do, so that a backup
 * that was restored or a key that was replaced is no special case.
 */
#ifndef ATT_ATTENDD_LIBRARIAN_H
#define ATT_ATTENDD_LIBRARIAN_H

#include "attendd/gallery.h"

#define LIBRARIAN_NAME	  "attend-gallery" /* of the process, for ps */
#define LIBRARIAN_LOOK_MS 5000 /* between two looks that nobody asks for */

/*
 * The two ends, owned. ATT_IO; without them nobody is recognised by a finger
 * and everything else goes on.
 */
enum att_err librarian_desk(int *way, int *desk) ATT_CHECKED;

/*
 * Be the librarian, with the desk (owned), until nobody has the way any more.
 * Memory that cannot be locked is said once in the log; then every question
 * is answered with ATT_NOMEM.
 */
_Noreturn void librarian_run(int desk);

/*
 * Get ready for a search that may come: returns at once. False: it is known
 * that there will be none.
 */
bool librarian_expect(int way, const struct att_now *now);

/*
 * Fingers were destroyed: returns when there is nothing of them any more, or
 * after WIRE_CHECK_MS, ATT_TIMEOUT: it has yet to come to it. Makes nothing
 * ready for whom it does not know. ATT_CLOSED: it died, and all with it.
 */
enum att_err librarian_forget(int way, const struct att_now *now) ATT_CHECKED;

/* As gallery_search. ATT_TIMEOUT, ATT_CLOSED: it was busy, or died over it. */
enum att_err librarian_search(int way, const struct att_now *now,
    const struct bio_sample *sample, const uint8_t *except,
    struct gallery_found *out) ATT_CHECKED;

#endif
