/*
 * Who stands at a console without a name: the finger proposes it. That is a
 * way to type a name and no proof: the service's expression is then asked
 * for with the PIN in every alternative, in which the finger that was
 * recognised counts.
 */
#ifndef ATT_ATTENDD_IDENTIFY_H
#define ATT_ATTENDD_IDENTIFY_H

#include "attendd/phases.h"

#define IDENTIFY_TOUCHES_MAX 3

/*
 * Offer the reader in place of a name, where somebody stands here, the
 * service's expression has a use for a finger, somebody can be found by one,
 * which takes that person's consent, and a reader is ready. l comes
 * from login_find, of no user, which refuses that to all but root's programs;
 * the prompt is the only question.
 *
 * VERDICT_ALLOW: *l is the login of who was recognised, whose finger is
 * proven and whose name the client has; VERDICT_UNKNOWN: nobody, or it was not
 * offered, the client asks for the name; VERDICT_UNAVAILABLE. Everything that
 * was tried is counted and recorded.
 */
enum att_verdict login_identify(struct dialogue *d, struct login *l);

#endif
