#include "platform/sqlite/database.h"
#include "platform/sqlite/migration.h"
#include "sync/hub/erased_text.h"
#include "sync/hub/pull_target.h"
#include "sync/hub/pulled_row.h"

#include <array>

namespace listenpost::sync {
namespace {

// A released step is never edited. seq 1 of two boxes is two responses: install and seq are the key.
constexpr std::array<sqlite::MigrationStep, 2> steps {{{R"(
    CREATE TABLE responses (
        install TEXT NOT NULL,
        seq INTEGER NOT NULL,
        store TEXT NOT NULL,
        device TEXT NOT NULL,
        received_ms INTEGER NOT NULL,
        at_ms INTEGER NOT NULL,
        survey TEXT NOT NULL,
        survey_version INTEGER NOT NULL,
        touchpoint TEXT NOT NULL,
        lang TEXT NOT NULL,
        outcome TEXT NOT NULL,
        closed_by TEXT NOT NULL,
        took_ms INTEGER NOT NULL,
        quality INTEGER,
        service INTEGER,
        cleanliness INTEGER,
        comment TEXT,
        flags TEXT NOT NULL,
        response TEXT NOT NULL,
        PRIMARY KEY (install, seq)
    );
    CREATE INDEX responses_by_store_and_time ON responses (store, at_ms);
    CREATE TABLE pull (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        cursor TEXT NOT NULL,
        filter TEXT NOT NULL
    );
)"},
    {R"(
    CREATE TABLE events (
        install TEXT NOT NULL,
        seq INTEGER NOT NULL,
        store TEXT NOT NULL,
        device TEXT NOT NULL,
        received_ms INTEGER NOT NULL,
        at_ms INTEGER NOT NULL,
        event TEXT NOT NULL,
        of_install TEXT NOT NULL,
        of_seq INTEGER NOT NULL,
        of_boot TEXT NOT NULL,
        of_steady_ms INTEGER NOT NULL,
        state TEXT NOT NULL,
        done_by TEXT NOT NULL,
        note TEXT,
        line TEXT NOT NULL,
        PRIMARY KEY (install, seq)
    );
    CREATE INDEX events_by_response ON events (of_install, of_seq);
)"}}};

class SqliteTarget final : public PullTarget {
public:
    struct Statements {
        sqlite::Statement read_position;
        sqlite::Statement move_position;
        sqlite::Statement add_response;
        sqlite::Statement add_event;
        sqlite::Statement find_text;
        sqlite::Statement erase_text;
        sqlite::Statement erase_note;
    };

    SqliteTarget(std::string file, sqlite::Database database, Statements statements)
        : file_(std::move(file))
        , database_(std::move(database))
        , statements_(std::move(statements))
    {
    }

    PullFormat format() const override { return PullFormat::Ndjson; }

    Result<std::optional<PullPosition>> position() override
    {
        auto& read = statements_.read_position;
        auto const found = read.step();
        if (!found)
            return fail(found.error());
        if (!*found)
            return std::nullopt;
        PullPosition position {std::string(read.text(0)), std::string(read.text(1))};
        read.reset();
        return position;
    }

    Result<> take(std::string_view rows, PullPosition const& next) override
    {
        auto transaction = sqlite::Transaction::begin(database_);
        if (!transaction)
            return fail(std::move(transaction).error());
        while (!rows.empty()) {
            auto const line = take_line(rows);
            if (!line)
                return fail(line.error());
            auto const row = reader_.read(*line);
            if (!row)
                return fail(row.error());
            LISTENPOST_TRY(row->is_text_erased ? erase_text(*row)
                    : row->event               ? add_event(*row, *row->event)
                                               : add_response(*row));
        }
        LISTENPOST_TRY(statements_.move_position.bind(1, next.cursor).bind(2, next.filter).run());
        return transaction->commit();
    }

    std::string name() const override { return file_; }
    std::string how_to_begin_anew() const override
    {
        return "`DELETE FROM pull` in it to pull everything from the beginning: rows that are there stay, "
               "once.";
    }

private:
    Result<> add_response(PulledRow const& row)
    {
        auto& add = statements_.add_response;
        int column = 0;
        for (auto const text : {row.install, row.store, row.device, row.survey, row.touchpoint, row.lang,
                 row.outcome, row.closed_by, std::string_view(row.flags), row.line})
            add.bind(++column, text);
        for (auto const number : {row.seq, row.received_ms, row.at_ms, row.survey_version, row.took_ms})
            add.bind(++column, number);
        for (auto const& score : {row.quality, row.service, row.cleanliness}) {
            ++column;
            if (score)
                add.bind(column, *score);
            else
                add.bind_null(column);
        }
        if (row.comment.empty())
            add.bind_null(++column);
        else
            add.bind(++column, row.comment);
        return add.run();
    }

    Result<> add_event(PulledRow const& row, PulledEvent const& event)
    {
        auto& add = statements_.add_event;
        int column = 0;
        for (auto const text : {row.install, row.store, row.device, event.event, event.of_install,
                 event.of_boot, event.state, event.by, event.note, row.line})
            add.bind(++column, text);
        for (auto const number : {row.seq, row.received_ms, row.at_ms, event.of_seq, event.of_steady_ms})
            add.bind(++column, number);
        return add.run();
    }

    Result<> erase_text(PulledRow const& event)
    {
        auto& find = statements_.find_text;
        auto const found = find.bind(1, event.install).bind(2, event.seq).step();
        if (!found || !*found) // not there: this pull's filter has left it out
            return found ? Result<>() : Result<>(fail(found.error()));
        auto const line = without_text(find.text(0));
        auto& erase = find.integer(1) != 0 ? statements_.erase_note : statements_.erase_text;
        find.reset();
        if (!line)
            return fail(line.error());
        return erase.bind(1, *line).bind(2, event.install).bind(3, event.seq).run();
    }

    std::string file_;
    sqlite::Database database_;
    Statements statements_;
    PulledRowReader reader_;
};

}

Result<std::unique_ptr<PullTarget>> open_sqlite_target(std::filesystem::path const& file)
{
    auto database = sqlite::Database::open(file, sqlite::OpenMode::Writer);
    if (!database)
        return fail(std::move(database).error());
    LISTENPOST_TRY(sqlite::migrate(*database, steps, file.string()));
    LISTENPOST_TRY(database->execute("PRAGMA secure_delete = ON")); // an erased text is overwritten
    auto read_position = database->prepare("SELECT cursor, filter FROM pull WHERE only_row = 1");
    auto move_position = database->prepare(
        "INSERT INTO pull (only_row, cursor, filter) VALUES (1, ?, ?) "
        "ON CONFLICT (only_row) DO UPDATE SET cursor = excluded.cursor, filter = excluded.filter");
    // A row that is there already: a pull that was begun anew.
    auto add_response = database->prepare(
        "INSERT INTO responses (install, store, device, survey, touchpoint, lang, outcome, closed_by, flags, "
        "response, seq, received_ms, at_ms, survey_version, took_ms, quality, service, cleanliness, comment) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (install, seq) DO "
        "NOTHING");
    auto add_event = database->prepare(
        "INSERT INTO events (install, store, device, event, of_install, of_boot, state, done_by, note, line, "
        "seq, received_ms, at_ms, of_seq, of_steady_ms) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, nullif(?, ''), ?, ?, ?, ?, ?, ?) ON CONFLICT (install, seq) DO "
        "NOTHING");
    auto find_text
        = database->prepare("SELECT response, 0 FROM responses WHERE install = ?1 AND seq = ?2 "
                            "UNION ALL SELECT line, 1 FROM events WHERE install = ?1 AND seq = ?2");
    auto erase_text = database->prepare(
        "UPDATE responses SET comment = NULL, response = ? WHERE install = ? AND seq = ?");
    auto erase_note
        = database->prepare("UPDATE events SET note = NULL, line = ? WHERE install = ? AND seq = ?");
    for (auto* statement :
        {&read_position, &move_position, &add_response, &add_event, &find_text, &erase_text, &erase_note})
        if (!*statement)
            return fail(std::move(*statement).error());
    return std::make_unique<SqliteTarget>(file.string(), std::move(*database),
        SqliteTarget::Statements {std::move(*read_position), std::move(*move_position),
            std::move(*add_response), std::move(*add_event), std::move(*find_text), std::move(*erase_text),
            std::move(*erase_note)});
}

}
