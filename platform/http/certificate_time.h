#pragma once

#include "platform/base/clock.h"

#include <openssl/types.h>

namespace listenpost {

/// Has connections of `context` judge certificates by the one thing that is known of the time: it
/// is `earliest` at least. What had expired by then is refused. A certificate that was not valid
/// yet at that moment may well be by now, so that alone is no reason to refuse it.
/// Who issued it, for which name, and all else is looked at as ever.
void judge_certificates_from(WallTime earliest, SSL_CTX* context);

}
