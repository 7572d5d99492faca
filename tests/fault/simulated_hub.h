#pragma once

#include "sync/agent/transport.h"
#include "sync/hub/api.h"
#include "sync/hub/sqlite_storage.h"
#include "sync/hub/writer_queue.h"
#include "tests/fault/power_cut_vfs.h"
#include "tests/fault/promises.h"
#include "tests/support/fake_clock.h"

#include <memory>
#include <string>

namespace listenpost::test {

/// The hub's own code from the request's head to hub.db, on a machine of its own, without a network: what
/// a box sends arrives, and the reply goes back, unless the power has gone meanwhile.
class SimulatedHub final : public sync::Transport {
public:
    SimulatedHub(std::filesystem::path const& folder, Clock const& clock);
    ~SimulatedHub() override;

    Machine& machine() { return machine_; }
    bool is_up() const { return storage_ != nullptr; }

    /// Opens hub.db and takes the box up, as an operator would until it works. False: the power
    /// went, or the disk failed.
    bool start();
    /// As a stop of the process: what was under way is done first.
    void stop();

    Result<HttpReply> send(HttpRequest const& request, std::filesystem::path const& ca_file) override;

    /// HQ fetches what is new to it. False: it could not.
    bool pull(std::size_t max_rows);
    /// All responses of one install up to `seq` must be there: it is the box's mark.
    void check_mark(std::string const& install, std::int64_t seq, Findings& findings);
    /// At the end: every row once, in gap-free offsets, just as HQ has pulled them.
    void check(Promises const& promises, Findings& findings);

    static constexpr char token[] = "lpd_secret";

    struct Row {
        std::string install;
        std::int64_t seq;
        std::string raw_json;
        std::string from; ///< store and device
        friend auto operator<=>(Row const&, Row const&) = default;
    };
    /// All that HQ would get. Errors: the storage's.
    Result<std::vector<Row>> read_all();

private:
    Result<sync::Cursor> read(sync::Cursor from, std::size_t max_rows, std::vector<Row>& rows);
    Result<> take_box_up();

    Machine machine_;
    Clock const& clock_;
    bool box_taken_up_ = false; ///< and told so: it must stay
    std::unique_ptr<sync::Storage> storage_;
    std::unique_ptr<sync::StorageReader> reader_; ///< of the checks and of HQ
    std::unique_ptr<sync::WriterQueue> writer_;
    sync::Metrics metrics_ {WallTime {}};
    std::unique_ptr<sync::Api> api_;
    sync::Cursor cursor_;
    std::vector<Row> pulled_;
};

}
