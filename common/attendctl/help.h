/* What attendctl says about itself; everything comes from the verb table. */
#ifndef ATT_ATTENDCTL_HELP_H
#define ATT_ATTENDCTL_HELP_H

#include <stdio.h>

/*
 * Help for the words given, which may name a verb, a noun or nothing: usage
 * and options, the noun's verbs, or every verb.
 */
void help_print(FILE *out, int argc, const char *const *argv);

/* The completion script for bash. */
void help_completion(FILE *out);

#endif
