#pragma once

#include "platform/base/hanzi_converter.h"
#include "platform/base/pinyin_engine.h"

namespace listenpost::kiosk {

// platform/ime implements them and must not know the kiosk, so they live below both.
using listenpost::HanziConverter;
using listenpost::PinyinCandidate;
using listenpost::PinyinEngine;

}
