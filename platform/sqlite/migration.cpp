#include "platform/sqlite/migration.h"

#include <string>

namespace listenpost::sqlite {

Result<std::int64_t> format_version(Database& database, std::int64_t newest, std::string_view file)
{
    auto version = database.query_integer("PRAGMA user_version");
    if (version && *version > newest)
        return fail(Errc::Invalid,
            std::string(file) + " has format " + std::to_string(*version) + ", this program knows up to "
                + std::to_string(newest) + ": install a newer ListenPost");
    return version;
}

Result<> migrate(Database& database, std::span<MigrationStep const> steps, std::string_view file)
{
    auto const version = format_version(database, static_cast<std::int64_t>(steps.size()), file);
    if (!version)
        return fail(version.error());
    for (auto done = static_cast<std::size_t>(*version); done < steps.size(); ++done) {
        auto transaction = Transaction::begin(database);
        if (!transaction)
            return fail(transaction.error());
        LISTENPOST_TRY(database.execute(steps[done].sql));
        if (steps[done].fill)
            LISTENPOST_TRY(steps[done].fill(database));
        LISTENPOST_TRY(database.execute(("PRAGMA user_version = " + std::to_string(done + 1)).c_str()));
        LISTENPOST_TRY(transaction->commit());
    }
    return {};
}

}
