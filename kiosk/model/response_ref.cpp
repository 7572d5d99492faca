#include "kiosk/model/response_ref.h"

#include "kiosk/model/install_id.h"
#include "kiosk/model/response.h"
#include "platform/base/utf8.h"

#include <nlohmann/json.hpp>
#include <optional>

namespace listenpost::kiosk {
namespace {

using nlohmann::json;

constexpr std::size_t max_boot_bytes = 40; // as on the wire
constexpr std::int64_t max_integer = (std::int64_t {1} << 53) - 1; // what every JSON reader keeps exactly

std::optional<std::string> text_of(json const& object, char const* name)
{
    auto const found = object.find(name);
    return found != object.end() && found->is_string() ? std::optional(found->get<std::string>())
                                                       : std::nullopt;
}

std::optional<std::int64_t> integer_of(json const& object, char const* name)
{
    auto const found = object.find(name);
    return found != object.end() && found->is_number_integer() ? std::optional(found->get<std::int64_t>())
                                                               : std::nullopt;
}

}

Result<> check(ResponseRef const& ref)
{
    if (!is_install_id(ref.install))
        return fail(Errc::Invalid, "install is not 32 hexadecimal digits");
    if (ref.seq < 1 || ref.seq > max_integer)
        return fail(Errc::Invalid, "seq is no number of a response");
    if (ref.boot.size() > max_boot_bytes || !is_readable(ref.boot))
        return fail(Errc::Invalid, "boot is no boot");
    if (ref.steady_ms < 0 || ref.steady_ms > max_integer)
        return fail(Errc::Invalid, "steady_ms is no time");
    return {};
}

void append_json(std::string& out, ResponseRef const& ref)
{
    out += R"({"install":)";
    append_json_string(out, ref.install);
    out += R"(,"seq":)" + std::to_string(ref.seq) + R"(,"boot":)";
    append_json_string(out, ref.boot);
    out += R"(,"steady_ms":)" + std::to_string(ref.steady_ms) + '}';
}

Result<ResponseRef> ref_from_json(json const& value)
{
    if (!value.is_object())
        return fail(Errc::Invalid, "not a JSON object");
    auto install = text_of(value, "install");
    auto const seq = integer_of(value, "seq");
    auto boot = text_of(value, "boot");
    auto const steady_ms = integer_of(value, "steady_ms");
    if (!install || !seq || !boot || !steady_ms)
        return fail(Errc::Invalid, "lacks install, seq, boot or steady_ms");
    ResponseRef ref {std::move(*install), *seq, std::move(*boot), *steady_ms};
    LISTENPOST_TRY(check(ref));
    return ref;
}

}
