/*
 * One dialogue, in a process of its own: straight-line code, bounded in time
 * and memory; a crash here ends one dialogue.
 */
#ifndef ATT_ATTENDD_WORKER_H
#define ATT_ATTENDD_WORKER_H

#include "attendd/children.h"
#include "attendd/config.h"

/*
 * What a worker starts with. Either conn is the connection, or control is a
 * socket from which the connection comes later: the spare worker, which opens
 * vault and store ahead of time so that a warm login does not wait for it.
 * sensor is an attend-sensor that was started for this dialogue. All are owned
 * by the worker; those that are not there are -1.
 */
struct worker_start {
	int conn;
	int control;
	int librarian; /* the way to it, borrowed; -1: there is none */
	int sensor;
	const struct config *config;
	bool config_bad;
	child_wait *waits; /* this worker's word, or NULL */
};

/*
 * What all workers have alike, to be called once in the broker: a locale's
 * dozen files are not read again for every login.
 */
void worker_inherit(void);

/* Runs the dialogue and does not return. */
_Noreturn void worker_run(const struct worker_start *w);

/* Hand a connection to a spare; conn stays the caller's. ATT_IO. */
enum att_err worker_give(int control, int conn) ATT_CHECKED;

#endif
