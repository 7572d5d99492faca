#include "kiosk/store/identity_copy.h"

#include "kiosk/store/schema.h"
#include "platform/base/crc32.h"
#include "platform/os/files.h"

#include <algorithm>
#include <cstdio>
#include <sstream>
#include <utility>

namespace listenpost::kiosk {
namespace {

constexpr std::size_t max_copy_bytes = 1024 * 1024;
constexpr char first_word[] = "listenpost-store";
constexpr std::int64_t format_without_row_check = 3;

std::filesystem::path copy_path(std::filesystem::path const& store)
{
    return std::filesystem::path(store).replace_extension(".identity");
}

std::string checksum_line(std::string_view text)
{
    char line[32];
    std::snprintf(line, sizeof line, "crc32 %08x\n", static_cast<unsigned>(crc32(text)));
    return line;
}

std::string to_text(IdentityCopy const& copy)
{
    std::string text = std::string(first_word) + " " + std::to_string(copy.format) + "\n";
    for (auto const& each : copy.identities)
        text += each.install.id + " " + std::to_string(each.install.first_seq) + " " + each.made_for + "\n";
    return text + checksum_line(text);
}

/// `query`: install, first_seq, made_for, and whether the row is what was written.
Result<std::vector<Identity>> read_identities(sqlite::Database& database, char const* sql)
{
    auto query = database.prepare(sql);
    if (!query)
        return fail(query.error());
    std::vector<Identity> identities;
    for (;;) {
        auto const row = query->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return identities;
        if (query->integer(3) == 0)
            return fail(Errc::Corrupt, "store.db has a damaged install");
        identities.push_back({{std::string(query->text(0)), query->integer(1)}, std::string(query->text(2))});
    }
}

}

bool is_reason_for_install(std::string_view text)
{
    return text == "first" || text == "conflict" || text == "salvage";
}

std::optional<IdentityCopy> read_identity_copy(std::filesystem::path const& store)
{
    auto const text = read_file(copy_path(store), max_copy_bytes);
    std::size_t const last_line = text ? text->rfind("crc32 ") : std::string::npos;
    if (last_line == std::string::npos
        || text->substr(last_line) != checksum_line(text->substr(0, last_line)))
        return std::nullopt;
    IdentityCopy copy;
    std::istringstream lines(text->substr(0, last_line));
    std::string word;
    lines >> word >> copy.format;
    for (Identity each; lines >> each.install.id >> each.install.first_seq >> each.made_for;)
        copy.identities.push_back(each);
    if (word != first_word || copy.identities.empty())
        return std::nullopt;
    return copy;
}

Result<> check_against_copy(sqlite::Database& database, std::filesystem::path const& store)
{
    auto const format = database.query_integer("PRAGMA user_version");
    if (!format)
        return fail(format.error());
    auto const copy = read_identity_copy(store);
    if (*format != format_without_row_check || !copy)
        return {};
    auto const rows = read_identities(
        database, "SELECT install, first_seq, made_for, 1 FROM identity ORDER BY first_seq");
    if (!rows)
        return fail(rows.error());
    std::size_t const both = std::min(rows->size(), copy->identities.size());
    if (!std::equal(
            rows->begin(), rows->begin() + static_cast<std::ptrdiff_t>(both), copy->identities.begin()))
        return fail(Errc::Corrupt, "store.db and its store.identity do not say the same of its installs");
    return {};
}

Result<> copy_identities(sqlite::Database& database, std::filesystem::path const& store)
{
    auto identities = read_identities(database,
        "SELECT install, first_seq, made_for, row_check IS " LISTENPOST_IDENTITY_CHECK
        " FROM identity ORDER BY first_seq");
    if (!identities)
        return fail(identities.error());
    return write_identity_copy(store, {store_schema_version, std::move(*identities)});
}

Result<> write_identity_copy(std::filesystem::path const& store, IdentityCopy const& copy)
{
    if (read_identity_copy(store) == copy)
        return {};
    return write_file_atomically(copy_path(store), to_text(copy));
}

}
