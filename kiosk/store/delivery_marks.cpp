#include "kiosk/store/delivery_marks.h"

#include "kiosk/model/install_id.h"
#include "platform/sqlite/database.h"

namespace listenpost::kiosk {

std::optional<std::vector<DeliveryMark>> read_delivery_marks(std::filesystem::path const& delivery)
{
    auto database = sqlite::Database::open(delivery, sqlite::OpenMode::Reader);
    if (!database)
        return database.error().code == Errc::NotFound
            ? std::optional<std::vector<DeliveryMark>>(std::in_place)
            : std::nullopt;
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
        if (std::string id(query->text(0)); is_install_id(id) && query->integer(1) > 0)
            marks.push_back({std::move(id), query->integer(1)});
    }
}

}
