#include "kiosk/store/delivery_figures.h"

#include <catch2/catch.hpp>
#include <set>

using namespace listenpost;
using namespace listenpost::kiosk;

TEST_CASE("What the agent noted is a trouble that a manager can do something about", "[store][delivery]")
{
    auto const trouble = [](char const* code, char const* detail = "", bool clock_is_set = true) {
        return trouble_of(code, detail, clock_is_set);
    };
    CHECK(trouble("") == SendingTrouble::None);
    CHECK(trouble("unreachable", "connecting: refused") == SendingTrouble::Unreachable);
    CHECK(trouble("unreachable", "setting up TLS: certificate has expired") == SendingTrouble::Certificate);
    CHECK(trouble("unreachable", "setting up TLS: certificate is not yet valid", false)
        == SendingTrouble::Clock);
    CHECK(trouble("unreachable", "connecting: refused", false) == SendingTrouble::Unreachable);
    CHECK(trouble("token_unknown") == SendingTrouble::UnknownBox);
    CHECK(trouble("revoked") == SendingTrouble::UnknownBox);
    CHECK(trouble("not_the_hub") == SendingTrouble::NotTheHub);
    CHECK(trouble("version_unknown") == SendingTrouble::HubOlder);
    CHECK(trouble("busy") == SendingTrouble::HubBusy);
    CHECK(trouble("http_502") == SendingTrouble::HubBusy);
    CHECK(trouble("file_full") == SendingTrouble::DiskFull);
    CHECK(trouble("file_corrupt") == SendingTrouble::OwnFile);
    CHECK(trouble("delivery_corrupt") == SendingTrouble::OwnFile);
    CHECK(trouble("starting") == SendingTrouble::Starting);
}

TEST_CASE("Every trouble has a name of its own, for its sentence", "[store][delivery]")
{
    std::set<std::string> names;
    for (int each = 0; each <= static_cast<int>(SendingTrouble::Stopped); ++each)
        names.insert(name(static_cast<SendingTrouble>(each)));
    CHECK(names.size() == static_cast<std::size_t>(SendingTrouble::Stopped) + 1);
}
