/* Where attendd keeps things. Fixed: nothing in the environment moves them. */
#ifndef ATT_ATTENDD_PATHS_H
#define ATT_ATTENDD_PATHS_H

#define ATTENDD_USER	  "attend"
#define ATTENDD_STATE_DIR "/var/lib/attend"
#define ATTENDD_STORE	  ATTENDD_STATE_DIR "/store.db"
#define ATTENDD_SITE_KEY  ATTENDD_STATE_DIR "/site.key"
#define ATTENDD_CACHE_DIR "/var/cache/attend"
#define ATTENDD_RUN_DIR	  "/run/attend"

#endif
