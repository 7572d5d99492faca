#include "platform/postgres/connection.h"
#include "sync/hub/erased_text.h"
#include "sync/hub/pull_target.h"
#include "sync/hub/pulled_row.h"

#include <algorithm>
#include <array>
#include <vector>

namespace listenpost::sync {
namespace {

using postgres::Connection;
using postgres::Parameters;
using postgres::Rows;
using postgres::Statement;

// As sqlite_target.cpp has it. `response` is text, as not everything that is JSON is jsonb (\u0000).
constexpr char const* schema = R"sql(
    CREATE TABLE IF NOT EXISTS responses (
        install text COLLATE "C" NOT NULL,
        seq bigint NOT NULL,
        store text NOT NULL,
        device text NOT NULL,
        received_ms bigint NOT NULL,
        at_ms bigint NOT NULL,
        survey text NOT NULL,
        survey_version bigint NOT NULL,
        touchpoint text NOT NULL,
        lang text NOT NULL,
        outcome text NOT NULL,
        closed_by text NOT NULL,
        took_ms bigint NOT NULL,
        quality bigint,
        service bigint,
        cleanliness bigint,
        comment text,
        flags text NOT NULL,
        response text NOT NULL,
        PRIMARY KEY (install, seq));
    CREATE INDEX IF NOT EXISTS responses_by_store_and_time ON responses (store, at_ms);
    CREATE TABLE IF NOT EXISTS events (
        install text COLLATE "C" NOT NULL,
        seq bigint NOT NULL,
        store text NOT NULL,
        device text NOT NULL,
        received_ms bigint NOT NULL,
        at_ms bigint NOT NULL,
        event text NOT NULL,
        of_install text COLLATE "C" NOT NULL,
        of_seq bigint NOT NULL,
        of_boot text NOT NULL,
        of_steady_ms bigint NOT NULL,
        state text NOT NULL,
        done_by text NOT NULL,
        note text,
        line text NOT NULL,
        PRIMARY KEY (install, seq));
    CREATE INDEX IF NOT EXISTS events_by_response ON events (of_install, of_seq);
    CREATE TABLE IF NOT EXISTS pull (
        only_row integer PRIMARY KEY CHECK (only_row = 1),
        cursor text NOT NULL,
        filter text NOT NULL);
)sql";

constexpr Statement read_position {"read_position", "SELECT cursor, filter FROM pull WHERE only_row = 1"};

/// Of two pulls at once each row stays the first one's; a position that is moved back by the slower
/// costs pulling again. Only with two filters would rows be missed.
constexpr Statement move_position {"move_position",
    "INSERT INTO pull AS p (only_row, cursor, filter) VALUES (1, $1, $2) "
    "ON CONFLICT (only_row) DO UPDATE SET cursor = excluded.cursor WHERE p.filter = excluded.filter"};

constexpr std::int64_t no_score = -1; ///< arrays hold no NULL

constexpr Statement add_responses {"add_responses",
    "INSERT INTO responses (install, store, device, survey, touchpoint, lang, outcome, closed_by, flags, "
    "comment, response, seq, received_ms, at_ms, survey_version, took_ms, quality, service, cleanliness) "
    "SELECT r.install, r.store, r.device, r.survey, r.touchpoint, r.lang, r.outcome, r.closed_by, r.flags, "
    "NULLIF(r.comment, ''), r.response, r.seq, r.received_ms, r.at_ms, r.survey_version, r.took_ms, "
    "NULLIF(r.quality, -1), NULLIF(r.service, -1), NULLIF(r.cleanliness, -1) "
    "FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], "
    "$8::text[], $9::text[], $10::text[], $11::text[], $12::bigint[], $13::bigint[], $14::bigint[], "
    "$15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[], $19::bigint[]) "
    "AS r (install, store, device, survey, touchpoint, lang, outcome, closed_by, flags, comment, response, "
    "seq, received_ms, at_ms, survey_version, took_ms, quality, service, cleanliness) "
    "ON CONFLICT (install, seq) DO NOTHING"};

constexpr Statement add_events {"add_events",
    "INSERT INTO events (install, store, device, event, of_install, of_boot, state, done_by, note, line, "
    "seq, "
    "received_ms, at_ms, of_seq, of_steady_ms) "
    "SELECT e.install, e.store, e.device, e.event, e.of_install, e.of_boot, e.state, e.done_by, "
    "NULLIF(e.note, ''), e.line, e.seq, e.received_ms, e.at_ms, e.of_seq, e.of_steady_ms "
    "FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], "
    "$8::text[], $9::text[], $10::text[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], "
    "$15::bigint[]) "
    "AS e (install, store, device, event, of_install, of_boot, state, done_by, note, line, seq, received_ms, "
    "at_ms, of_seq, of_steady_ms) "
    "ON CONFLICT (install, seq) DO NOTHING"};
constexpr Statement find_text {"find_text",
    "SELECT response, 0::bigint FROM responses WHERE install = $1 AND seq = $2 "
    "UNION ALL SELECT line, 1 FROM events WHERE install = $1 AND seq = $2"};
constexpr Statement blank_text {
    "blank_text", "UPDATE responses SET comment = NULL, response = $3 WHERE install = $1 AND seq = $2"};
constexpr Statement blank_note {
    "blank_note", "UPDATE events SET note = NULL, line = $3 WHERE install = $1 AND seq = $2"};

constexpr std::size_t rows_at_once = 1'000;

/// Rows on their way, column by column in the order of their statement.
template <std::size_t Texts, std::size_t Numbers>
class Columns {
public:
    void add(
        std::array<std::string_view, Texts> const& texts, std::array<std::int64_t, Numbers> const& numbers)
    {
        for (std::size_t i = 0; i < texts.size(); ++i) {
            auto& text = texts_[i].emplace_back(texts[i]);
            std::erase(text, '\0'); // PostgreSQL takes none in a text
        }
        for (std::size_t i = 0; i < numbers.size(); ++i)
            numbers_[i].push_back(numbers[i]);
    }

    std::size_t size() const { return numbers_.front().size(); }

    Parameters parameters() const
    {
        Parameters parameters;
        for (auto const& column : texts_) {
            std::vector<std::string_view> const views(column.begin(), column.end());
            parameters.add(std::span<std::string_view const>(views));
        }
        for (auto const& column : numbers_)
            parameters.add(std::span<std::int64_t const>(column));
        return parameters;
    }

private:
    std::array<std::vector<std::string>, Texts> texts_;
    std::array<std::vector<std::int64_t>, Numbers> numbers_;
};

using Responses = Columns<11, 8>;
using Events = Columns<10, 5>;

void add(Responses& responses, PulledRow const& row)
{
    responses.add({row.install, row.store, row.device, row.survey, row.touchpoint, row.lang, row.outcome,
                      row.closed_by, row.flags, row.comment, row.line},
        {row.seq, row.received_ms, row.at_ms, row.survey_version, row.took_ms, row.quality.value_or(no_score),
            row.service.value_or(no_score), row.cleanliness.value_or(no_score)});
}

void add(Events& events, PulledRow const& row, PulledEvent const& event)
{
    events.add({row.install, row.store, row.device, event.event, event.of_install, event.of_boot, event.state,
                   event.by, event.note, row.line},
        {row.seq, row.received_ms, row.at_ms, event.of_seq, event.of_steady_ms});
}

class PostgresTarget final : public PullTarget {
public:
    PostgresTarget(std::string conninfo, Connection connection)
        : conninfo_(std::move(conninfo))
        , connection_(std::move(connection))
    {
    }

    PullFormat format() const override { return PullFormat::Ndjson; }

    Result<std::optional<PullPosition>> position() override
    {
        LISTENPOST_TRY(reconnect());
        auto const rows = connection_.run(read_position);
        if (!rows)
            return fail(rows.error());
        if (rows->empty())
            return std::nullopt;
        return PullPosition {std::string(rows->text(0, 0)), std::string(rows->text(0, 1))};
    }

    Result<> take(std::string_view rows, PullPosition const& next) override
    {
        LISTENPOST_TRY(reconnect());
        auto transaction = postgres::Transaction::begin(connection_);
        if (!transaction)
            return fail(std::move(transaction).error());
        while (!rows.empty())
            LISTENPOST_TRY(add_chunk(rows));
        auto const moved = connection_.run(move_position, Parameters().add(next.cursor).add(next.filter));
        if (!moved)
            return fail(moved.error());
        if (moved->changed() == 0)
            return fail(Errc::Invalid, "a pull with another filter has begun to fill " + name());
        // Where the connection is lost in the commit, the page is taken again: a row that is there stays.
        return transaction->commit();
    }

    // Not the conninfo: a password may be in it.
    std::string name() const override { return "this PostgreSQL database"; }
    std::string how_to_begin_anew() const override
    {
        return "`DELETE FROM pull` in it to pull everything from the beginning: rows that are there stay, "
               "once.";
    }

private:
    Result<> reconnect()
    {
        if (connection_.is_usable())
            return {};
        auto connection = Connection::open(conninfo_);
        if (!connection)
            return fail(std::move(connection).error());
        connection_ = std::move(*connection);
        return {};
    }

    /// Takes lines off the front of `rows`.
    Result<> add_chunk(std::string_view& rows)
    {
        Responses responses;
        Events events;
        std::vector<std::pair<std::string, std::int64_t>> erased; // after what they tell of
        while (!rows.empty() && responses.size() + events.size() < rows_at_once) {
            auto const line = take_line(rows);
            if (!line)
                return fail(line.error());
            auto const row = reader_.read(*line);
            if (!row)
                return fail(row.error());
            if (row->is_text_erased)
                erased.emplace_back(row->install, row->seq);
            else if (row->event)
                add(events, *row, *row->event);
            else
                add(responses, *row);
        }
        LISTENPOST_TRY(insert(add_responses, responses));
        LISTENPOST_TRY(insert(add_events, events));
        for (auto const& [install, seq] : erased)
            LISTENPOST_TRY(erase_text(install, seq));
        return {};
    }

    template <typename Rows>
    Result<> insert(Statement const& statement, Rows const& rows)
    {
        if (rows.size() == 0)
            return {};
        auto const added = connection_.run(statement, rows.parameters());
        return added ? Result<>() : Result<>(fail(added.error()));
    }

    Result<> erase_text(std::string_view install, std::int64_t seq)
    {
        auto const found = connection_.run(find_text, Parameters().add(install).add(seq));
        if (!found)
            return fail(found.error());
        if (found->empty())
            return {}; // this pull's filter has left it out
        auto const line = without_text(found->text(0, 0));
        if (!line)
            return fail(line.error());
        auto const& blank = found->integer(0, 1) != 0 ? blank_note : blank_text;
        auto const erased = connection_.run(blank, Parameters().add(install).add(seq).add(*line));
        return erased ? Result<>() : Result<>(fail(erased.error()));
    }

    std::string conninfo_;
    Connection connection_;
    PulledRowReader reader_;
};

}

Result<std::unique_ptr<PullTarget>> open_postgres_target(std::string const& conninfo)
{
    auto connection = Connection::open(conninfo);
    if (!connection)
        return fail(std::move(connection).error());
    LISTENPOST_TRY(connection->execute(schema));
    return std::make_unique<PostgresTarget>(conninfo, std::move(*connection));
}

}
