/* A program that will run with our rights. */
#ifndef ATT_BASE_PROGRAM_H
#define ATT_BASE_PROGRAM_H

#include "base/err.h"

/*
 * Only root may have put it there: a plain file of root's that nobody else can
 * write to, not a link. ATT_ABSENT: there is none; ATT_REFUSED; ATT_IO.
 */
enum att_err att_program_check(const char *path) ATT_CHECKED;

#endif
