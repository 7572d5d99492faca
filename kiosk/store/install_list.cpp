#include "kiosk/store/install_list.h"

#include "kiosk/model/install_id.h"

#include <algorithm>
#include <iterator>
#include <limits>

namespace listenpost::kiosk {

Result<std::vector<Install>> read_installs(sqlite::Statement& query)
{
    std::vector<Install> installs;
    for (;;) {
        auto const row = query.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            break;
        Install install {std::string(query.text(0)), query.integer(1)};
        // A damaged page can still read as a row: the responses would be somebody else's, or nobody's.
        std::int64_t const before = installs.empty() ? 0 : installs.back().first_seq;
        if (query.integer(2) == 0 || !is_install_id(install.id) || install.first_seq <= before) {
            query.reset();
            return fail(Errc::Corrupt, "store.db has a damaged install id");
        }
        installs.push_back(std::move(install));
    }
    if (installs.empty())
        return fail(Errc::Corrupt, "store.db has no install id");
    return installs;
}

Result<std::vector<Install>> read_installs(sqlite::Database& store)
{
    auto query = store.prepare(installs_sql);
    if (!query)
        return fail(query.error());
    return read_installs(*query);
}

SeqRange seqs_of(std::string_view install, std::vector<Install> const& installs)
{
    auto const found = std::ranges::find(installs, install, &Install::id);
    if (found == installs.end())
        return {};
    auto const next = std::next(found);
    return {found->first_seq,
        next == installs.end() ? std::numeric_limits<std::int64_t>::max() : next->first_seq - 1};
}

Result<> note_removed(sqlite::Database& store, std::int64_t seq)
{
    auto note = store.prepare("INSERT INTO removed (one, up_to, row_check) VALUES (1, ?1, row_checksum(?1)) "
                              "ON CONFLICT (one) DO UPDATE SET up_to = max(up_to, ?1), "
                              "row_check = row_checksum(max(up_to, ?1))");
    if (!note)
        return fail(note.error());
    return note->bind(1, seq).run();
}

}
