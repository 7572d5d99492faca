#pragma once

#include "kiosk/store/response_store.h"
#include "sync/agent/delivery_store.h"
#include "sync/agent/transport.h"
#include "sync/agent/uploader.h"
#include "tests/fault/fault.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_folder.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace listenpost::test {

/// How long the agent waits for a reply.
enum class Patience {
    Usual,
    Short, ///< so that a side that says nothing costs a test little
};

/// A transport around the real one; of agents that are wrong on purpose.
using Wrapper = std::function<std::unique_ptr<sync::Transport>(sync::Transport&)>;

/// A box with the real parts of kiosk and agent: store.db, delivery.db, Uploader, HttpTransport.
/// Only its clock is a test's, so that no pause is waited for.
class NetworkBox {
public:
    NetworkBox(std::string const& hub, std::string const& token, std::filesystem::path const& ca_file,
        Patience patience, std::uint64_t seed, Wrapper wrapper);

    /// A customer says something that nobody else says, and is thanked; now and then staff has marked a
    /// comment.
    void close_response();
    /// As close_response(), but a fault of the box writes something that the hub can never take.
    void close_poisoned(Random& random);
    /// As after a crash or a power cut of the agent: all that is not in a file is gone.
    void restart_agent(Patience patience);

    /// One step of the agent, in which so many customers come; afterwards the time is that of
    /// its next one.
    sync::UploadStep step(int customers = 0);
    void forget_troubles() { uploader_->forget_troubles(sync::Change::Network); }

    std::string const& install() const { return store_->install_id(); }
    std::int64_t mark() { return delivery_->mark(install()).value(); }
    std::set<std::int64_t> quarantined();

    std::map<std::int64_t, std::string> const& said() const { return said_; }
    std::set<std::int64_t> const& poisoned() const { return poisoned_; }
    FakeClock clock;

private:
    void write_event();
    std::int64_t close(std::string const& comment);

    TempFolder folder_;
    Random customers_;
    Random jitter_;
    Wrapper wrapper_;
    std::map<std::int64_t, std::string> said_; ///< comment or note by seq, of what the hub must have
    std::set<std::int64_t> poisoned_;
    std::optional<kiosk::ResponseStore> store_;
    std::optional<sync::DeliveryStore> delivery_;
    std::unique_ptr<sync::HttpTransport> http_;
    std::unique_ptr<sync::Transport> wrapped_;
    std::unique_ptr<sync::Uploader> uploader_;
};

}
