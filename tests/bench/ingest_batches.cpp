#include "tests/bench/ingest_batches.h"

#include <cstdio>

namespace listenpost::bench {

std::string response_json(int seq)
{
    std::string text = "{\"seq\":" + std::to_string(seq)
        + ",\"opened_ms\":" + std::to_string(1'790'000'000'000 + seq * 41'237LL)
        + ",\"took_ms\":" + std::to_string(4'000 + seq * 7919 % 9'000)
        + ",\"steady_ms\":" + std::to_string(86'390'000 + seq * 41'237LL)
        + ",\"answers\":[{\"q\":\"quality\",\"score\":" + std::to_string(1 + seq % 5);
    if (seq % 5 < 2)
        text += ",\"reasons\":[\"salty\",\"cold\"]";
    text += "},{\"q\":\"service\",\"score\":" + std::to_string(1 + seq * 7 % 5)
        + "},{\"q\":\"cleanliness\",\"score\":" + std::to_string(1 + seq * 3 % 5) + "}]";
    if (seq % 8 == 0)
        text += ",\"comment\":\"上菜有点慢，其他都很好 " + std::to_string(seq) + "\"";
    return text
        + ",\"outcome\":\"complete\",\"closed_by\":\"finish\",\"clock_set\":true,"
          "\"boot\":\"9c1b7e52-1b0c-4a55-9d0e-6f2c8d3b7a10\",\"survey\":\"qsc-restaurant\","
          "\"survey_version\":1,\"touchpoint\":\"exit\",\"lang\":\"zh-CN\"}";
}

std::string install_of(int box)
{
    char text[33];
    std::snprintf(text, sizeof text, "%08x5f0c1d%018x", static_cast<unsigned>(box) * 2654435761U,
        static_cast<unsigned>(box));
    return text;
}

std::string batch_json(std::string const& install, int first_seq, int count)
{
    std::string text = "{\"v\":1,\"install\":\"" + install
        + "\",\"sent\":{\"wall_ms\":1790000000000,\"steady_ms\":86400000,"
          "\"boot\":\"9c1b7e52-1b0c-4a55-9d0e-6f2c8d3b7a10\",\"clock_set\":true},\"responses\":[";
    for (int i = 0; i < count; ++i)
        text += (i > 0 ? "," : "") + response_json(first_seq + i);
    return text + "]}";
}

std::string batch_json(int number)
{
    return batch_json(install_of(number % boxes), 1 + number / boxes * responses_a_batch);
}

}
