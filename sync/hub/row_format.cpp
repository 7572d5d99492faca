#include "sync/hub/row_format.h"

#include "kiosk/model/response.h"

#include <charconv>

namespace listenpost::sync {
namespace {

void append_number(std::string& out, std::int64_t number)
{
    char digits[24];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

}

void append_ndjson(std::string& out, LogRow const& row)
{
    out += "{\"store\":";
    kiosk::append_json_string(out, row.store);
    out += ",\"device\":";
    kiosk::append_json_string(out, row.device);
    out += ",\"install\":\"";
    out += row.install;
    out += "\",\"received_ms\":";
    append_number(out, row.received_ms);
    out += ",\"at_ms\":";
    append_number(out, row.at_ms);
    out += ',';
    out += row.raw_json.substr(1);
    out += '\n';
}

}
