#pragma once

#include "kiosk/store/response_reader.h"
#include "kiosk/store/response_store.h"
#include "tests/support/sample_responses.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

namespace listenpost::test {

/// A response known by its comment, under the identity it has now.
struct StoredComment {
    std::string install;
    std::int64_t seq = 0;
    std::string comment;

    friend bool operator==(StoredComment const&, StoredComment const&) = default;
    friend auto operator<=>(StoredComment const&, StoredComment const&) = default;
};

inline std::ostream& operator<<(std::ostream& out, StoredComment const& stored)
{
    return out << stored.install.substr(0, 4) << '/' << stored.seq << ' ' << stored.comment;
}

/// All of a store.db, in the order of the reader's walk.
inline std::vector<StoredComment> stored_comments(std::filesystem::path const& file)
{
    auto reader = kiosk::ResponseReader::open(file);
    REQUIRE(reader);
    auto const installs = reader->installs();
    REQUIRE(installs);
    std::vector<StoredComment> found;
    for (std::size_t each = 0; each < installs->size(); ++each) {
        std::int64_t const end = each + 1 == installs->size() ? std::numeric_limits<std::int64_t>::max()
                                                              : (*installs)[each + 1].first_seq - 1;
        reader->seek((*installs)[each].first_seq - 1, end);
        for (auto row = reader->next(); row && *row; row = reader->next())
            found.push_back({(*installs)[each].id, (*row)->seq, std::string((*row)->comment)});
    }
    return found;
}

/// Closes a response with that comment; its seq.
inline std::int64_t close_with_comment(kiosk::ResponseStore& store, std::string const& comment)
{
    kiosk::Draft draft = sample_draft();
    draft.comment = comment;
    REQUIRE(store.save_draft(draft, kiosk::Outcome::Partial));
    auto const seq = store.close_draft(kiosk::ClosedBy::Finish, draft.touched);
    REQUIRE(seq);
    return *seq;
}

}
