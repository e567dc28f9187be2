/*
 * Running verbs inside a worker. Each verb is one function in a file named
 * after its noun; the table in admin.c binds verbs to functions.
 */
#ifndef ATT_ADMIN_ADMIN_H
#define ATT_ADMIN_ADMIN_H

#include "admin/verbs.h"
#include "attendd/dialogue.h"

/*
 * Run the request's command line for the dialogue's peer: parse, check who
 * may call it, run. Messages go out as WIRE_OUTPUT. The result is the exit
 * status that the verdict carries.
 */
enum verb_status admin_run(struct dialogue *d);

#endif
