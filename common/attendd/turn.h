/*
 * Turns at the costly part of a dialogue, from the counted attempt to its
 * recorded outcome: Argon2 takes a processor and tens of MiB, and the store
 * has one writer. As many dialogues work at once as there are processors; the
 * others wait in line, and their clients are told to be patient. Everybody who
 * uses the store takes turns, whoever started him, and a turn ends by itself
 * when its holder dies.
 */
#ifndef ATT_ATTENDD_TURN_H
#define ATT_ATTENDD_TURN_H

#include "attendd/dialogue.h"

#define TURN_NONE (-1)

/*
 * Wait for a turn, at most WIRE_WAIT_MS. *turn is owned; give it back with
 * turn_leave, and do not ask the person anything before. ATT_TIMEOUT, ATT_IO.
 */
enum att_err turn_enter(struct dialogue *d, int *turn) ATT_CHECKED;

/* TURN_NONE is fine. */
void turn_leave(int *turn);

#endif
