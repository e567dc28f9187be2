/* From a print of libfprint to a template of one sample. */
#ifndef ATT_ATTEND_SENSOR_PRINT_H
#define ATT_ATTEND_SENSOR_PRINT_H

#include "bio/template.h"

#include <stdbool.h>

struct _FpPrint; /* libfprint's */

/*
 * Minutiae, driver and resolution (pixels per centimetre; 0: as the reader or
 * its driver has it). *out is biometric data, the caller wipes it.
 *
 * ATT_REFUSED for a handle into a reader that compares by itself, ATT_FORMAT
 * and ATT_LIMIT as bio_fp3_read(); then *out holds nothing of a finger.
 */
enum att_err print_read(struct _FpPrint *print, uint16_t resolution,
    struct bio_template *out) ATT_CHECKED;

/*
 * Note the size and quality of its picture. False: it shows too little of a
 * fingertip. Without a picture there is nothing to judge.
 */
bool print_judge(struct _FpPrint *print, struct bio_sample *s);

#endif
