#include "base/err.h"

const char *
att_err_text(enum att_err e)
{
	switch (e) {
#define X(name, text) \
	case ATT_##name: return text;
		ATT_ERRS(X)
#undef X
	}
	return "unknown error";
}
