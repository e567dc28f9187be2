/* Marks a text for the message catalogue without translating it there. */
#ifndef ATT_BASE_MSGID_H
#define ATT_BASE_MSGID_H

#define N_(text) (text)

#endif
