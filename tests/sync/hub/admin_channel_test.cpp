#include "sync/hub/admin_channel.h"

#include "platform/os/files.h"
#include "platform/os/user_name.h"
#include "sync/hub/engine.h"
#include "tests/sync/hub/running_hub.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::test;
using nlohmann::json;

namespace {

json ask(sync::DataFolder const& data, json const& request)
{
    auto const reply = sync::send_admin_request(data, request.dump());
    REQUIRE(reply);
    return json::parse(*reply);
}

}

TEST_CASE("An admin command opens the database itself when no hub runs", "[sync][hub]")
{
    TempFolder folder;
    sync::DataFolder const data {folder / "new/hub"};
    CHECK(ask(data, {{"op", "store.add"}, {"id", "sh-001"}, {"name", "x"}}).contains("store"));
    CHECK(ask(data, {{"op", "store.list"}})["stores"].size() == 1);
    CHECK(std::filesystem::exists(data.database()));
    CHECK(ask(data, {{"op", "audit.list"}})["audit"][0]["who"] == "unix:" + name_of_this_user());
}

TEST_CASE("An admin command goes through the running hub, and counts at once", "[sync][hub]")
{
    RunningHub hub;
    sync::DataFolder const data {hub.folder.path()};
    auto const lock = FileLock::try_acquire(data.lock()); // as `serve` holds it
    REQUIRE(lock);
    auto const permissions = std::filesystem::status(data.admin_socket()).permissions();
    CHECK(permissions == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));

    auto const enrolled = hub.enrol();
    auto const body = batch_json(install_id(1), {response_json(1)});
    CHECK(hub.upload(body).status == 200);
    CHECK(ask(data, {{"op", "device.list"}})["devices"][0]["id"] == enrolled["device"]);
    CHECK(ask(data, {{"op", "device.revoke"}, {"device", enrolled["device"]}}).contains("device"));
    CHECK(hub.upload(body).status == 403);
    CHECK(ask(data, {{"op", "store.add"}, {"id", "sh-001"}, {"name", "x"}})["error"]["detail"]
        == "store sh-001 exists already");
    // Whom the kernel names at the socket's other end; `ask_admin` did what stands before it.
    auto const told = ask(data, {{"op", "audit.list"}});
    REQUIRE_FALSE(told["audit"].empty());
    for (auto const& line : told["audit"])
        CHECK(
            line["who"] == (line["what"] == "device.revoke" ? "unix:" + name_of_this_user() : "unix:tester"));

    hub.stop();
    CHECK_FALSE(std::filesystem::exists(data.admin_socket()));
}

TEST_CASE("An admin command does not begin a SQLite file where the hub stores in PostgreSQL", "[sync][hub]")
{
    TempFolder folder;
    sync::DataFolder const data {folder / "hub"};
    REQUIRE(make_private_folder(data.root));
    REQUIRE(sync::check_engine(data, sync::Engine::Postgres));
    REQUIRE(sync::note_engine(data, sync::Engine::Postgres));
    REQUIRE(sync::check_engine(data, sync::Engine::Postgres));
    auto const refused = sync::send_admin_request(data, R"({"op":"store.list"})");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::Invalid);
    CHECK_THAT(refused.error().detail, Catch::Contains("--postgres"));
    CHECK_FALSE(std::filesystem::exists(data.database()));
}

TEST_CASE("A data folder of a hub on SQLite is not taken for one on PostgreSQL", "[sync][hub]")
{
    TempFolder folder;
    sync::DataFolder const data {folder / "hub"};
    ask(data, {{"op", "store.list"}});
    CHECK(sync::check_engine(data, sync::Engine::Sqlite));
    auto const refused = sync::check_engine(data, sync::Engine::Postgres);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::Invalid);
}
