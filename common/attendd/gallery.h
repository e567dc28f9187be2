/*
 * Everybody's fingers, to find whose one is: who stands at a console without a
 * name, and whether a finger that is being enrolled is somebody's already.
 *
 * Only those are compared who said yes to it (store_finger_searchable), as the
 * store has it at the moment of the search. What is found is a proposal: the
 * caller looks at the person in full, signatures included, before he uses it,
 * and for a login it stands for a name that was typed, not for a proof.
 *
 * Making a print of a sample takes a tenth of a millisecond and opening a
 * seal less, so that 10,000 people take seconds to get ready and a fraction of
 * one to search. A gallery is therefore kept, by librarian.h, and follows the
 * store by the rows that changed; attendd --once makes one for itself.
 */
#ifndef ATT_ATTENDD_GALLERY_H
#define ATT_ATTENDD_GALLERY_H

#include "attendd/dialogue.h"
#include "bio/minutiae.h"

struct gallery;

struct gallery_found {
	uint8_t person[VAULT_ID_LEN]; /* the most alike, if score is not 0 */
	uint8_t finger;
	uint32_t score; /* never logged; 0: nobody is like that at all */
	uint32_t second; /* of the next best of other people */
	uint32_t fingers; /* that were searched, for bio_threshold */
};

/*
 * Search for a sample. except: a person to pass over, or NULL. The client is
 * told to wait, so that neither an answer of his nor a transaction may be
 * pending.
 *
 * ATT_LIMIT: too little of a finger to compare with anything; ATT_FORMAT: not
 * a finger's sample; ATT_NOMEM: there is no memory for it that can be locked,
 * there will be no searching here; others as the store's.
 */
enum att_err gallery_search(struct dialogue *d, const struct bio_sample *sample,
    const uint8_t *except, struct gallery_found *out) ATT_CHECKED;

/*
 * A search may come: whoever keeps the gallery gets it ready while the person
 * still reads the prompt. False: there will be no searching here, as it is
 * known that there is no memory for it.
 */
bool gallery_expect(const struct dialogue *d);

/*
 * Fingers were destroyed, which is committed: whoever keeps the gallery has
 * wiped them when this returns. If it is too busy for seconds, or is another
 * broker's, it does within LIBRARIAN_LOOK_MS of its being free; the first is
 * logged.
 */
void gallery_forget(const struct dialogue *d);

/* An empty one, owned. ATT_NOMEM. */
enum att_err gallery_new(struct gallery **out) ATT_CHECKED;
/* Wipe and free; NULL is accepted. */
void gallery_free(struct gallery *g);

/*
 * Make it what the store has now: prints of whom it does not have any more are
 * wiped, those of others made. What does not open stays out and is logged
 * once. After any error it is empty. ATT_NOMEM, or as the store's.
 */
enum att_err gallery_follow(struct gallery *g, struct store *s, int64_t now_utc,
    struct att_date today) ATT_CHECKED;

/* As gallery_search, in what it has. */
enum att_err gallery_find(struct gallery *g, const struct bio_sample *sample,
    const uint8_t *except, struct gallery_found *out) ATT_CHECKED;

#endif
