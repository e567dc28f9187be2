/*
 * What scores mean. The scores of different fingers fall off exponentially:
 * BIO_SCORE_DECADE more is ten times rarer. So the score that lets at most one
 * of so many impostors pass, in a gallery of so many fingers, is a straight
 * line in the logarithm of both.
 *
 * What it rests on, with this version of the matcher:
 *
 *  - FVC2002 set B, minutiae of NIST's mindtct without their quality: four
 *    readers, 40 fingers of 8 impressions, 49,920 pairs of different fingers.
 *    One sample against one, 1 % of the pairs score above 526, 0.1 % above 822,
 *    0.01 % above 1090 and none above 1313. Over three samples (7,800) 528, 826
 *    and none above 1159. The matcher's constants were chosen on these sets,
 *    so somewhat more has to be expected elsewhere.
 *    Of probes cut down to 6 to 30 minutiae, 49,920 pairs for each number, at
 *    most one pair reached 1200.
 *  - Synthetic minutiae, 202,240 pairs: 0.01 % above 500 to 650.
 *  - Minutiae of synthetic images, 49,920 pairs: 0.01 % above 1500 to 1700.
 *    Their ridges flow too much alike; real fingers differ more.
 *
 * The line is above what real fingers gave. It is data down to one in 17,000,
 * the least that 49,920 pairs without a case prove, and an extrapolation from
 * there: nobody should rely on one in a million without having measured the
 * scores of his own gallery.
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
 * For a search that stands for typing one's name: of so many people who are in
 * no gallery of that size, one is taken for somebody. It proves nothing.
 */
#define BIO_ONE_IN_SEARCH 100

/*
 * The score from which at most one impostor in one_in is accepted by a search
 * among so many fingers; 0 counts as 1 for both.
 */
uint32_t bio_threshold(uint32_t one_in, uint32_t fingers);

#endif
