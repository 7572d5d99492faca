#include "sync/agent/delivery_opener.h"

#include "platform/base/log.h"
#include "platform/os/files.h"
#include "sync/agent/delivery_schema.h"
#include "sync/agent/enrolment.h"

#include <nlohmann/json.hpp>

namespace listenpost::sync {
namespace {

constexpr std::size_t max_copy_bytes = 64UL * 1024;

struct Copy {
    std::optional<Enrolment> enrolment;
    std::int64_t format = 0; ///< of the delivery.db beside it, 0: not known
};

Copy read_copy(DataFolder const& folder)
{
    Copy copy;
    auto const text = read_file(folder.enrolment_copy(), max_copy_bytes);
    if (!text)
        return copy;
    copy.enrolment = enrolment_from_json(*text);
    auto const json = nlohmann::json::parse(*text, nullptr, false);
    if (json.is_object() && json.contains("format") && json["format"].is_number_integer())
        copy.format = json["format"].get<std::int64_t>();
    return copy;
}

/// Who wrote it last says which format it had: then a greater number is a damaged one.
bool is_damage(Error const& error, Copy const& copy)
{
    bool const is_ours = copy.format > 0 && copy.format <= delivery_format;
    return error.code == Errc::Corrupt || (error.code == Errc::Invalid && is_ours);
}

Result<> move_aside(std::filesystem::path const& delivery)
{
    // The main file first: nobody must find a new one beside a WAL that is not its own.
    for (auto const* part : {"", "-wal", "-shm"})
        if (auto const moved
            = rename_durably(delivery.string() + part, delivery.string() + ".damaged" + part);
            !moved && moved.error().code != Errc::NotFound)
            return moved;
    return {};
}

}

Result<> keep_enrolment_copy(DataFolder const& folder, Enrolment const& enrolment)
{
    auto const copy = read_copy(folder);
    if (copy.enrolment == enrolment && copy.format == delivery_format)
        return {};
    auto json = nlohmann::json::parse(enrolment_to_json(enrolment));
    json["format"] = delivery_format;
    return write_file_atomically(folder.enrolment_copy(), json.dump(), FileAccess::OwnerOnly);
}

Result<DeliveryStore> open_delivery(DataFolder const& folder)
{
    auto const copy = read_copy(folder);
    auto delivery = DeliveryStore::open(folder.delivery());
    if (!delivery && is_damage(delivery.error(), copy)) {
        log(LogLevel::Error, "delivery_damaged", {{"detail", delivery.error().detail}});
        LISTENPOST_TRY(move_aside(folder.delivery()));
        delivery = DeliveryStore::open(folder.delivery());
    }
    if (!delivery)
        return delivery;
    auto const enrolment = delivery->enrolment();
    if (!enrolment)
        return fail(enrolment.error());
    if (!*enrolment && copy.enrolment) {
        LISTENPOST_TRY(delivery->set_enrolment(*copy.enrolment));
        log(LogLevel::Warn, "enrolment_restored", {{"device", copy.enrolment->device}});
    } else if (*enrolment) {
        if (auto const kept = keep_enrolment_copy(folder, **enrolment); !kept)
            log(LogLevel::Warn, "enrolment_not_copied", {{"detail", kept.error().detail}});
    }
    return delivery;
}

}
