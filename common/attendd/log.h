/* The broker's log is that of any daemon of ours. */
#ifndef ATT_ATTENDD_LOG_H
#define ATT_ATTENDD_LOG_H

#include "daemon/log.h"

#endif
