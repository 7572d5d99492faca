#include "kiosk/store/schema.h"

#include "platform/base/random_id.h"

#include <array>
#include <string>

namespace listenpost::kiosk {
namespace {

// Columns and their meaning: FORMAT.md. A released step is never edited; a change
// is a further step.
constexpr std::array<char const*, store_schema_version> steps = {
    R"sql(
        CREATE TABLE identity (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            install TEXT NOT NULL
        );
        CREATE TABLE draft (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            opened_ms INTEGER NOT NULL,
            steady_ms INTEGER NOT NULL,
            touched_steady_ms INTEGER NOT NULL,
            clock_set INTEGER NOT NULL,
            boot TEXT NOT NULL,
            survey TEXT NOT NULL,
            survey_version INTEGER NOT NULL,
            touchpoint TEXT NOT NULL,
            lang TEXT NOT NULL,
            outcome TEXT NOT NULL,
            answers TEXT NOT NULL,
            comment TEXT NOT NULL
        );
        CREATE TABLE response (
            seq INTEGER PRIMARY KEY,
            opened_ms INTEGER NOT NULL,
            took_ms INTEGER NOT NULL,
            steady_ms INTEGER NOT NULL,
            clock_set INTEGER NOT NULL,
            boot TEXT NOT NULL,
            survey TEXT NOT NULL,
            survey_version INTEGER NOT NULL,
            touchpoint TEXT NOT NULL,
            lang TEXT NOT NULL,
            outcome TEXT NOT NULL,
            closed_by TEXT NOT NULL,
            answers TEXT NOT NULL,
            comment TEXT NOT NULL
        );
    )sql",
};

}

Result<> migrate_store(sqlite::Database& database)
{
    auto const version = database.query_integer("PRAGMA user_version");
    if (!version)
        return fail(version.error());
    if (*version > store_schema_version)
        return fail(Errc::Invalid,
            "store.db has format " + std::to_string(*version) + ", this program knows up to "
                + std::to_string(store_schema_version) + ": install a newer ListenPost");
    for (auto step = static_cast<std::size_t>(*version); step < steps.size(); ++step) {
        auto transaction = sqlite::Transaction::begin(database);
        if (!transaction)
            return fail(transaction.error());
        LISTENPOST_TRY(database.execute(steps[step]));
        if (step == 0) {
            auto identity = database.prepare("INSERT INTO identity (one, install) VALUES (1, ?)");
            if (!identity)
                return fail(identity.error());
            std::string const install = random_hex(16);
            LISTENPOST_TRY(identity->bind(1, install).run());
        }
        LISTENPOST_TRY(database.execute(("PRAGMA user_version = " + std::to_string(step + 1)).c_str()));
        LISTENPOST_TRY(transaction->commit());
    }
    return {};
}

}
