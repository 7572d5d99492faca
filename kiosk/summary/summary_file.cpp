#include "kiosk/summary/summary_file.h"

#include "platform/base/crc32.h"
#include "platform/sqlite/migration.h"

#include <array>

namespace listenpost::kiosk {
namespace {

// Columns and their meaning: FORMAT.md.
constexpr std::array<sqlite::MigrationStep, 3> steps = {{{R"sql(
    CREATE TABLE state (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        store TEXT NOT NULL,
        counted_up_to INTEGER NOT NULL,
        newest_seq INTEGER NOT NULL,
        newest_digest INTEGER NOT NULL,
        row_check INTEGER NOT NULL
    );
    CREATE TABLE boot (
        boot TEXT PRIMARY KEY,
        first_seq INTEGER NOT NULL,
        last_seq INTEGER NOT NULL,
        newest_steady_ms INTEGER NOT NULL,
        note_steady_ms INTEGER,
        note_wall_ms INTEGER,
        row_check INTEGER NOT NULL
    );
    CREATE TABLE name (number INTEGER PRIMARY KEY, text TEXT NOT NULL, row_check INTEGER NOT NULL);
    CREATE TABLE part (
        number INTEGER PRIMARY KEY,
        survey TEXT NOT NULL,
        touchpoint TEXT NOT NULL,
        row_check INTEGER NOT NULL
    );
    CREATE TABLE bucket (
        quarter INTEGER NOT NULL,
        part INTEGER NOT NULL,
        counts BLOB NOT NULL,
        PRIMARY KEY (quarter, part)
    ) WITHOUT ROWID;
    CREATE TABLE entry (
        at_ms INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        part INTEGER NOT NULL,
        traits INTEGER NOT NULL,
        said BLOB NOT NULL,
        PRIMARY KEY (at_ms, seq)
    ) WITHOUT ROWID;
    CREATE INDEX entry_with_comment ON entry (at_ms, seq) WHERE traits & 2;
)sql"},
    // Format 2 places more responses and notes how: all is counted anew.
    {R"sql(
    DELETE FROM entry;
    DELETE FROM bucket;
    DELETE FROM part;
    DELETE FROM name;
    DELETE FROM boot;
    DELETE FROM state;
    ALTER TABLE state ADD COLUMN swept_at_ms INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE state ADD COLUMN swept_seq INTEGER NOT NULL DEFAULT 0;
)sql"},
    // Format 3 knows of each entry who left early, and whose time is uncertain: all is counted anew.
    {R"sql(
    DELETE FROM entry;
    DELETE FROM bucket;
    DELETE FROM part;
    DELETE FROM name;
    DELETE FROM boot;
    DELETE FROM state;
)sql"}}};

constexpr char read_state_sql[]
    = "SELECT store, counted_up_to, newest_seq, newest_digest, swept_at_ms, swept_seq, row_check IS "
      "row_checksum(store, counted_up_to, newest_seq, newest_digest, swept_at_ms, swept_seq) FROM state";
constexpr char write_state_sql[]
    = "INSERT OR REPLACE INTO state (one, store, counted_up_to, newest_seq, newest_digest, swept_at_ms, "
      "swept_seq, row_check) VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, row_checksum(?1, ?2, ?3, ?4, ?5, ?6))";
constexpr char read_boots_sql[]
    = "SELECT row_check IS row_checksum(boot, first_seq, last_seq, newest_steady_ms, note_steady_ms, "
      "note_wall_ms), boot, first_seq, last_seq, newest_steady_ms, note_steady_ms, note_wall_ms FROM boot";
constexpr char write_boot_sql[]
    = "INSERT OR REPLACE INTO boot (boot, first_seq, last_seq, newest_steady_ms, note_steady_ms, "
      "note_wall_ms, row_check) VALUES (?1, ?2, ?3, ?4, ?5, ?6, row_checksum(?1, ?2, ?3, ?4, ?5, ?6))";
constexpr char read_names_sql[] = "SELECT row_check IS row_checksum(number, text), number, text FROM name";
constexpr char write_name_sql[]
    = "INSERT INTO name (number, text, row_check) VALUES (?1, ?2, row_checksum(?1, ?2))";
constexpr char read_parts_sql[]
    = "SELECT row_check IS row_checksum(number, survey, touchpoint), number, survey, touchpoint FROM part";
constexpr char write_part_sql[] = "INSERT INTO part (number, survey, touchpoint, row_check) "
                                  "VALUES (?1, ?2, ?3, row_checksum(?1, ?2, ?3))";
constexpr char read_bucket_sql[] = "SELECT counts FROM bucket WHERE quarter = ? AND part = ?";
constexpr char write_bucket_sql[] = "INSERT OR REPLACE INTO bucket (quarter, part, counts) VALUES (?, ?, ?)";
constexpr char remove_bucket_sql[] = "DELETE FROM bucket WHERE quarter = ? AND part = ?";
constexpr char walk_buckets_sql[] = "SELECT quarter, part, counts FROM bucket "
                                    "WHERE quarter >= ? AND quarter < ? ORDER BY quarter, part";
constexpr char first_quarter_sql[]
    = "SELECT quarter FROM bucket WHERE quarter >= 0 ORDER BY quarter, part LIMIT 1";
constexpr char insert_entry_sql[]
    = "INSERT INTO entry (at_ms, seq, part, traits, said) VALUES (?, ?, ?, ?, ?)";
constexpr char remove_entry_sql[] = "DELETE FROM entry WHERE at_ms = ? AND seq = ?";
constexpr char walk_entries_sql[] = "SELECT at_ms, seq, part, traits, said FROM entry "
                                    "WHERE at_ms >= ? AND at_ms < ? ORDER BY at_ms DESC, seq DESC";
constexpr char walk_comments_sql[]
    = "SELECT at_ms, seq, part, traits, said FROM entry INDEXED BY entry_with_comment "
      "WHERE at_ms >= ? AND at_ms < ? AND traits & 2 ORDER BY at_ms DESC, seq DESC";

constexpr char next_entries_sql[]
    = "SELECT at_ms, seq FROM entry WHERE (at_ms, seq) > (?, ?) ORDER BY at_ms, seq LIMIT ?";
constexpr char remove_buckets_sql[] = "DELETE FROM bucket WHERE quarter >= 0 AND quarter < ?";

constexpr std::int64_t flagged_trait = 1;
constexpr std::int64_t comment_trait = 2;
constexpr std::int64_t partial_trait = 4;
constexpr std::int64_t provisional_trait = 8;

tl::unexpected<Error> damaged(char const* what)
{
    return fail(Errc::Corrupt, std::string("summary.db is damaged: ") + what + " is not what was written");
}

/// Of a bucket, behind its counts: SQLite's pages carry no checksum.
std::string check_of(std::int64_t quarter, std::int64_t part, std::string_view counts)
{
    std::uint32_t const check = crc32(counts, crc32(std::to_string(quarter) + ' ' + std::to_string(part)));
    std::string bytes;
    for (int shift = 0; shift < 32; shift += 8)
        bytes.push_back(static_cast<char>(check >> shift));
    return bytes;
}

bool unseal(std::int64_t quarter, std::int64_t part, std::string_view bytes, BucketCounts& counts)
{
    if (bytes.size() < 4)
        return false;
    auto const content = bytes.substr(0, bytes.size() - 4);
    return bytes.substr(content.size()) == check_of(quarter, part, content) && decode(content, counts);
}

}

std::int64_t quarter_of(std::int64_t at_ms) { return at_ms < 0 ? no_quarter : at_ms / quarter_ms; }

Result<SummaryFile> SummaryFile::open(std::filesystem::path const& path)
{
    auto database = sqlite::Database::open(path, sqlite::OpenMode::Writer);
    if (!database)
        return fail(database.error());
    LISTENPOST_TRY(database->execute("PRAGMA synchronous=NORMAL"));
    LISTENPOST_TRY(sqlite::migrate(*database, steps, "summary.db"));
    SummaryFile file(std::move(*database));
    LISTENPOST_TRY(file.load());
    return file;
}

Result<SummaryFile> SummaryFile::open_to_read(std::filesystem::path const& path)
{
    auto database = sqlite::Database::open(path, sqlite::OpenMode::Reader);
    if (!database)
        return fail(database.error());
    LISTENPOST_TRY(database->execute("BEGIN")); // all that is read is of one moment
    auto const version = database->query_integer("PRAGMA user_version");
    if (!version)
        return fail(version.error());
    if (*version != static_cast<std::int64_t>(steps.size()))
        return fail(Errc::Invalid, "summary.db has format " + std::to_string(*version));
    SummaryFile file(std::move(*database));
    LISTENPOST_TRY(file.load());
    return file;
}

Result<> SummaryFile::load()
{
    LISTENPOST_TRY(load_state());
    LISTENPOST_TRY(load_boots());
    return load_names();
}

Result<sqlite::Statement*> SummaryFile::statement(char const* sql)
{
    auto found = statements_.find(sql);
    if (found == statements_.end()) {
        auto prepared = database_.prepare(sql);
        if (!prepared)
            return fail(prepared.error());
        found = statements_.emplace(sql, std::move(*prepared)).first;
    }
    found->second.reset();
    return &found->second;
}

Result<> SummaryFile::load_state()
{
    auto query = statement(read_state_sql);
    if (!query)
        return fail(query.error());
    auto const row = (*query)->step();
    if (!row)
        return fail(row.error());
    if (!*row)
        return {};
    auto const& row_of_state = **query;
    if (row_of_state.integer(6) == 0)
        return damaged("its state");
    state = {std::string(row_of_state.text(0)), row_of_state.integer(1), row_of_state.integer(2),
        row_of_state.integer(3), {row_of_state.integer(4), row_of_state.integer(5)}};
    (*query)->reset();
    return {};
}

template <typename Take>
Result<> SummaryFile::read_all(char const* sql, char const* what, Take const& take)
{
    auto query = statement(sql);
    if (!query)
        return fail(query.error());
    auto& row = **query;
    for (;;) {
        auto const is_there = row.step();
        if (!is_there)
            return fail(is_there.error());
        if (!*is_there)
            return {};
        if (row.integer(0) == 0)
            return damaged(what);
        take(row);
    }
}

Result<> SummaryFile::load_boots()
{
    return read_all(read_boots_sql, "a boot", [this](sqlite::Statement const& row) {
        Boot boot {row.integer(2), row.integer(3), row.integer(4), {}, false};
        std::string id(row.text(1));
        if (!row.is_null(5))
            boot.note = BootClock {id, row.integer(5), row.integer(6)};
        boots.emplace(std::move(id), std::move(boot));
    });
}

Result<> SummaryFile::load_names()
{
    LISTENPOST_TRY(read_all(read_names_sql, "a name", [this](sqlite::Statement const& row) {
        names_.emplace(row.integer(1), row.text(2));
        numbers_.emplace(row.text(2), row.integer(1));
    }));
    LISTENPOST_TRY(read_all(read_parts_sql, "a part", [this](sqlite::Statement const& row) {
        parts_.emplace(row.integer(1), SummaryPart {std::string(row.text(2)), std::string(row.text(3))});
    }));
    written_names_ = names_.empty() ? 0 : names_.rbegin()->first;
    written_parts_ = parts_.empty() ? 0 : parts_.rbegin()->first;
    return {};
}

Result<> SummaryFile::flush()
{
    LISTENPOST_TRY(write_names());
    LISTENPOST_TRY(write_boots());
    LISTENPOST_TRY(write_buckets());
    auto write = statement(write_state_sql);
    if (!write)
        return fail(write.error());
    return (*write)
        ->bind(1, state.store)
        .bind(2, state.counted_up_to)
        .bind(3, state.newest_seq)
        .bind(4, state.newest_digest)
        .bind(5, state.swept_to.first)
        .bind(6, state.swept_to.second)
        .run();
}

Result<> SummaryFile::write_names()
{
    auto name = statement(write_name_sql);
    auto part = statement(write_part_sql);
    if (!name || !part)
        return fail(name ? part.error() : name.error());
    for (auto each = names_.upper_bound(written_names_); each != names_.end(); ++each)
        LISTENPOST_TRY((*name)->bind(1, each->first).bind(2, each->second).run());
    for (auto each = parts_.upper_bound(written_parts_); each != parts_.end(); ++each)
        LISTENPOST_TRY((*part)
                           ->bind(1, each->first)
                           .bind(2, each->second.survey)
                           .bind(3, each->second.touchpoint)
                           .run());
    written_names_ = names_.empty() ? 0 : names_.rbegin()->first;
    written_parts_ = parts_.empty() ? 0 : parts_.rbegin()->first;
    return {};
}

Result<> SummaryFile::write_boots()
{
    auto write = statement(write_boot_sql);
    if (!write)
        return fail(write.error());
    for (auto& [id, boot] : boots) {
        if (!boot.is_changed)
            continue;
        (*write)
            ->bind(1, id)
            .bind(2, boot.first_seq)
            .bind(3, boot.last_seq)
            .bind(4, boot.newest_steady_ms)
            .bind_null(5)
            .bind_null(6);
        if (boot.note)
            (*write)->bind(5, boot.note->steady_ms).bind(6, boot.note->wall_ms);
        LISTENPOST_TRY((*write)->run());
        boot.is_changed = false;
    }
    return {};
}

Result<> SummaryFile::write_buckets()
{
    auto write = statement(write_bucket_sql);
    auto remove = statement(remove_bucket_sql);
    if (!write || !remove)
        return fail(write ? remove.error() : write.error());
    for (auto const& [key, counts] : buckets_) {
        if (counts.responses == 0) {
            LISTENPOST_TRY((*remove)->bind(1, key.first).bind(2, key.second).run());
            continue;
        }
        std::string bytes = encode(counts);
        bytes += check_of(key.first, key.second, bytes);
        LISTENPOST_TRY((*write)->bind(1, key.first).bind(2, key.second).bind_blob(3, bytes).run());
    }
    buckets_.clear();
    return {};
}

std::int64_t SummaryFile::number_of(std::string_view name)
{
    if (auto const found = numbers_.find(name); found != numbers_.end())
        return found->second;
    std::int64_t const number = names_.empty() ? 1 : names_.rbegin()->first + 1;
    names_.emplace(number, name);
    numbers_.emplace(name, number);
    return number;
}

std::string_view SummaryFile::name_of(std::int64_t number) const
{
    auto const found = names_.find(number);
    return found == names_.end() ? std::string_view() : std::string_view(found->second);
}

std::optional<std::int64_t> SummaryFile::find_number(std::string_view name) const
{
    auto const found = numbers_.find(name);
    return found == numbers_.end() ? std::nullopt : std::optional(found->second);
}

std::int64_t SummaryFile::part_of(SummaryPart const& part)
{
    for (auto const& [number, each] : parts_) // a handful: the surveys that a box ever had
        if (each == part)
            return number;
    std::int64_t const number = parts_.empty() ? 1 : parts_.rbegin()->first + 1;
    parts_.emplace(number, part);
    return number;
}

Result<BucketCounts*> SummaryFile::bucket(std::int64_t quarter, std::int64_t part)
{
    auto const [place, is_new] = buckets_.try_emplace(BucketKey {quarter, part});
    if (!is_new)
        return &place->second;
    auto query = statement(read_bucket_sql);
    if (!query)
        return fail(query.error());
    auto const row = (*query)->bind(1, quarter).bind(2, part).step();
    if (!row)
        return fail(row.error());
    if (*row && !unseal(quarter, part, (*query)->text(0), place->second))
        return damaged("a bucket");
    (*query)->reset();
    return &place->second;
}

Result<> SummaryFile::visit_buckets(std::int64_t from, std::int64_t to, VisitBucket const& visit)
{
    auto query = statement(walk_buckets_sql);
    if (!query)
        return fail(query.error());
    auto& rows = **query;
    rows.bind(1, from).bind(2, to);
    BucketCounts counts;
    for (;;) {
        auto const row = rows.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return {};
        if (!unseal(rows.integer(0), rows.integer(1), rows.text(2), counts))
            return damaged("a bucket");
        visit(rows.integer(0), rows.integer(1), counts);
    }
}

Result<std::optional<std::int64_t>> SummaryFile::first_quarter()
{
    auto query = statement(first_quarter_sql);
    if (!query)
        return fail(query.error());
    auto const row = (*query)->step();
    if (!row)
        return fail(row.error());
    std::optional<std::int64_t> first;
    if (*row)
        first = (*query)->integer(0);
    (*query)->reset();
    return first;
}

Result<> SummaryFile::insert_entry(Entry const& entry)
{
    auto insert = statement(insert_entry_sql);
    if (!insert)
        return fail(insert.error());
    std::int64_t const traits = (entry.flagged ? flagged_trait : 0) | (entry.with_comment ? comment_trait : 0)
        | (entry.partial ? partial_trait : 0) | (entry.provisional ? provisional_trait : 0);
    auto const done = (*insert)
                          ->bind(1, entry.at_ms)
                          .bind(2, entry.seq)
                          .bind(3, entry.part)
                          .bind(4, traits)
                          .bind_blob(5, entry.said)
                          .run();
    if (!done && done.error().code == Errc::Invalid)
        return damaged("an entry"); // it is there already
    return done;
}

Result<bool> SummaryFile::remove_entry(std::int64_t at_ms, std::int64_t seq)
{
    auto remove = statement(remove_entry_sql);
    if (!remove)
        return fail(remove.error());
    LISTENPOST_TRY((*remove)->bind(1, at_ms).bind(2, seq).run());
    return database_.changes() > 0;
}

Result<> SummaryFile::visit_entries(
    std::int64_t from_ms, std::int64_t to_ms, Which which, std::function<bool(Entry const&)> const& visit)
{
    auto query = statement(which == Which::All ? walk_entries_sql : walk_comments_sql);
    if (!query)
        return fail(query.error());
    auto& rows = **query;
    rows.bind(1, from_ms).bind(2, to_ms);
    for (;;) {
        auto const row = rows.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return {};
        std::int64_t const traits = rows.integer(3);
        if (!visit({rows.integer(0), rows.integer(1), rows.integer(2), (traits & flagged_trait) != 0,
                (traits & comment_trait) != 0, (traits & partial_trait) != 0,
                (traits & provisional_trait) != 0, rows.text(4)}))
            break;
    }
    rows.reset();
    return {};
}

Result<std::vector<SummaryFile::Place>> SummaryFile::places_after(Place const& place, std::int64_t limit)
{
    auto query = statement(next_entries_sql);
    if (!query)
        return fail(query.error());
    (*query)->bind(1, place.first).bind(2, place.second).bind(3, limit);
    std::vector<Place> places;
    for (;;) {
        auto const row = (*query)->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return places;
        places.emplace_back((*query)->integer(0), (*query)->integer(1));
    }
}

Result<> SummaryFile::remove_buckets_before(std::int64_t quarter)
{
    auto remove = statement(remove_buckets_sql);
    return remove ? (*remove)->bind(1, quarter).run() : fail(remove.error());
}

}
