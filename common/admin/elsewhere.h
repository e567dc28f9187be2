/* Whether a finger that is to be enrolled is somebody's already. */
#ifndef ATT_ADMIN_ELSEWHERE_H
#define ATT_ADMIN_ELSEWHERE_H

#include "attendd/finger.h"

struct elsewhere {
	bool found;
	uint8_t person[VAULT_ID_LEN];
	uint8_t finger;
};

/*
 * Compare t with every enrolled finger, of suspended people too. The best two
 * of its samples count together: nobody shall be refused for one touch that
 * happens to look like somebody's. With FVC2002 set B, enrolments of four
 * samples each, a finger that was there was found in 296 of 320 among 10,000
 * fingers, by the threshold that so many need, and in 319 among ten; of others
 * none of 360 was.
 *
 * It takes a millisecond or two of each finger, so that what a worker is given
 * of processor time ends at about 80,000 fingers. Works outside any transaction
 * and shows how far it is; what is enrolled meanwhile it does not see.
 *
 * ATT_CORRUPT if a template does not open, ATT_CLOSED if the client went away,
 * ATT_NOMEM and the store's.
 */
enum att_err finger_is_elsewhere(struct dialogue *d,
    const struct bio_template *t, struct elsewhere *out) ATT_CHECKED;

#endif
