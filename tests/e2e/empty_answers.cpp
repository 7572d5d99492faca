// Makes a response one that no hub takes: its answers become an empty list, as no kiosk writes it.
//
//   empty_answers DIR SEQ     the row's check fits, so that the box itself believes it

#include "kiosk/store/schema.h"
#include "platform/sqlite/database.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

using namespace listenpost;

int main(int argc, char** argv)
{
    if (argc != 3)
        return 2;
    auto store
        = sqlite::Database::open(std::filesystem::path(argv[1]) / "store.db", sqlite::OpenMode::Writer);
    if (!store)
        return 1;
    auto empty = store->prepare("UPDATE response SET answers = '[]' WHERE seq = ?");
    auto check
        = store->prepare("UPDATE response SET row_check = " LISTENPOST_RESPONSE_CHECK " WHERE seq = ?");
    if (!empty || !check)
        return 1;
    for (auto* const statement : {&*empty, &*check})
        if (!statement->bind(1, std::int64_t {std::atoll(argv[2])}).step())
            return 1;
    return 0;
}
