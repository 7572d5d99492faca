#include "sync/hub/engine.h"

#include "platform/os/files.h"

namespace listenpost::sync {

Result<> check_engine(DataFolder const& data, Engine engine)
{
    std::error_code ignored;
    if (engine == Engine::Sqlite && std::filesystem::exists(data.postgres_note(), ignored))
        return fail(Errc::Invalid,
            "the hub of " + data.root.string() + " stores in PostgreSQL: give --postgres CONNINFO");
    if (engine == Engine::Postgres && std::filesystem::exists(data.database(), ignored))
        return fail(Errc::Invalid,
            data.database().string()
                + " holds a hub on SQLite: one on PostgreSQL needs a data folder of its own");
    return {};
}

Result<> note_engine(DataFolder const& data, Engine engine)
{
    std::error_code ignored;
    if (engine == Engine::Sqlite || std::filesystem::exists(data.postgres_note(), ignored))
        return {};
    return write_file_atomically(data.postgres_note(),
        "This hub stores in PostgreSQL (--postgres CONNINFO).\n", FileAccess::Everyone, Durability::Durable);
}

}
