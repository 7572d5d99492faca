#include "kiosk/store/delivery_marks.h"

#include "kiosk/model/install_id.h"
#include "kiosk/store/install_list.h"
namespace listenpost::kiosk {

Result<> check_delivery_marks(sqlite::Database& delivery)
{
    constexpr std::int64_t first_format_with_row_check = 3;
    auto const format = delivery.query_integer("PRAGMA user_version");
    if (!format)
        return fail(format.error());
    if (*format < first_format_with_row_check)
        return {};
    auto const wrong = delivery.query_integer(
        "SELECT count(*) FROM delivered WHERE row_check IS NOT row_checksum(install, "
        "mark, acknowledged, proof_seq, proof_digest)");
    if (!wrong)
        return fail(wrong.error());
    if (*wrong > 0)
        return fail(Errc::Corrupt, "a mark in delivery.db is not what was written");
    return {};
}

std::optional<std::vector<DeliveryMark>> read_delivery_marks(std::filesystem::path const& delivery)
{
    auto database = sqlite::Database::open(delivery, sqlite::OpenMode::Reader);
    if (!database)
        return database.error().code == Errc::NotFound
            ? std::optional<std::vector<DeliveryMark>>(std::in_place)
            : std::nullopt;
    if (!check_delivery_marks(*database))
        return std::nullopt;
    auto query = database->prepare("SELECT install, mark FROM delivered ORDER BY mark");
    if (!query)
        return std::nullopt;
    std::vector<DeliveryMark> marks;
    for (;;) {
        auto const row = query->step();
        if (!row)
            return std::nullopt;
        if (!*row)
            return marks;
        std::int64_t const mark = query->integer(1);
        if (std::string id(query->text(0)); is_install_id(id) && mark > 0 && mark <= greatest_seq)
            marks.push_back({std::move(id), mark});
    }
}

}
