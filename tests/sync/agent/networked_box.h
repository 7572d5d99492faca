#pragma once

#include "sync/agent/status.h"
#include "sync/agent/transport.h"
#include "tests/support/environment_guard.h"
#include "tests/sync/agent/uploader_box.h"

#include <optional>
#include <string>

namespace listenpost::test {

/// A box whose agent reaches its hub over real sockets. Only the pauses between its attempts are a
/// fake clock's.
struct NetworkedBox : UploaderBox {
    explicit NetworkedBox(HttpOptions options = {})
        : transport({}, std::move(options))
    {
        environment.forget_proxies();
        uploader = std::make_unique<sync::Uploader>(
            folder / "store.db", *delivery, transport, clock, [this] { return random; });
    }

    void enrol_with(std::string const& hub_url, std::filesystem::path const& ca_file = {})
    {
        REQUIRE(delivery->set_enrolment(
            {hub_url, "dev_1", "lpd_secret", ca_file.string(), "sh-001", "店", "Asia/Shanghai", clock.wall}));
    }

    /// One attempt, as soon as it is due.
    sync::UploadStep attempt()
    {
        auto step = uploader->step();
        if (step.next && *step.next > clock.steady) {
            clock.advance(*step.next - clock.steady);
            step = uploader->step();
        }
        return step;
    }

    /// What `status` calls the trouble.
    std::string trouble() { return sync::plain_words(delivery->contact().value()); }

    EnvironmentGuard environment;
    sync::HttpTransport transport;
};

/// What the hub answers to that request (head and body), as bytes.
std::string hub_reply(FakeHub& hub, std::string const& request);

}
