/*
 * What scores mean. The scores of different fingers fall off exponentially:
 * BIO_SCORE_DECADE more is ten times rarer. So the score that lets at most one
 * of so many impostors pass, in a gallery of so many fingers, is a straight
 * line in the logarithm of both.
 *
 * What it rests on, all with minutiae of NIST's mindtct or made like them:
 *
 *  - FVC2002 set B (four readers, 40 fingers of 8 impressions, 49,920 pairs of
 *    different fingers, one sample against one). 1 %, 0.1 % and 0.01 % of
 *    them scored more than SCORES_FVC; fused over three samples it is about
 *    the same.
 *  - Synthetic fingers, millions of pairs: lower at every rate (make
 *    bench-match prints both).
 *
 * The line is above all of these. It is data to one in 17,000 or so, and an
 * extrapolation beyond: nobody should rely on one in a million without
 * having measured the scores of his own gallery.
 */
#ifndef ATT_BIO_THRESHOLD_H
#define ATT_BIO_THRESHOLD_H

#include <stdint.h>

/* Ten times rarer between different fingers. */
#define BIO_SCORE_DECADE 300

/*
 * By how much the best person of a search must lead the second best: ten times
 * less likely by chance.
 */
#define BIO_SCORE_MARGIN BIO_SCORE_DECADE

/*
 * For one finger against one: one impostor in 10,000, what NIST SP 800-63B-4
 * demands at least.
 */
#define BIO_ONE_IN_VERIFY 10000

/*
 * The score from which at most one impostor in one_in is accepted by a search
 * among so many fingers; 0 counts as 1 for both.
 */
uint32_t bio_threshold(uint32_t one_in, uint32_t fingers);

#endif
