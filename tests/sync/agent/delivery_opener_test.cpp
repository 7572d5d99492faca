#include "sync/agent/delivery_opener.h"

#include "sync/agent/delivery_schema.h"
#include "sync/agent/enrolment.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

using namespace listenpost;
using namespace listenpost::sync;
namespace fs = std::filesystem;

namespace {

constexpr char install[] = "0123456789abcdef0123456789abcdef";
WallTime const now {std::chrono::milliseconds(1'790'000'000'000)};
Enrolment const enrolment {"https://hub.example", "dev_1", "lpd_secret", "", "sh-001", "人民广场店",
    "Asia/Shanghai", now, "sha256//pin"};

/// A box that is enrolled and has delivered five.
struct Box {
    Box()
    {
        auto delivery = open_delivery(data);
        REQUIRE(delivery);
        REQUIRE(delivery->set_enrolment(enrolment));
        REQUIRE(delivery->settle({install, {1, 2, 3, 4, 5}, 0, {}, {{5, 55}}, now}));
        delivery = open_delivery(data); // as at the next start
        REQUIRE(delivery);
    }
    /// As a disk that has changed a byte does, which SQLite cannot see.
    void execute(char const* sql) const
    {
        auto database = sqlite::Database::open(data.delivery(), sqlite::OpenMode::Writer);
        REQUIRE(database);
        REQUIRE(database->execute(sql));
    }

    test::TempFolder folder;
    DataFolder data {folder.path()};
};

void require_anew(Box const& box)
{
    auto delivery = open_delivery(box.data);
    REQUIRE(delivery);
    CHECK(delivery->mark(install).value() == 0);
    CHECK(delivery->enrolment().value() == enrolment);
    CHECK(fs::exists(box.folder / "delivery.db.damaged"));
    REQUIRE(delivery->settle({install, {1}, 0, {}, {{1, 11}}, now}));
    CHECK(delivery->mark(install).value() == 1);
}

}

TEST_CASE("A delivery.db that is whole is opened as it stands", "[sync][agent][damage]")
{
    Box const box;
    auto delivery = open_delivery(box.data);
    REQUIRE(delivery);
    CHECK(delivery->mark(install).value() == 5);
    CHECK(delivery->enrolment().value() == enrolment);
    CHECK_FALSE(fs::exists(box.folder / "delivery.db.damaged"));
    CHECK((fs::status(box.data.enrolment_copy()).permissions() & fs::perms::all)
        == (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("A damaged delivery.db begins anew with the enrolment it had", "[sync][agent][damage]")
{
    Box const box;
    SECTION("no database at all") { std::ofstream(box.data.delivery()) << std::string(5'000, 'x'); }
    SECTION("cut in the middle of a page") { fs::resize_file(box.data.delivery(), 6'000); }
    SECTION("emptied")
    {
        fs::resize_file(box.data.delivery(), 0), fs::remove(box.folder / "delivery.db.damaged");
    }
    SECTION("a mark that is another") { box.execute("UPDATE delivered SET mark = 69"); }
    SECTION("a column that has another name")
    {
        box.execute("ALTER TABLE moved RENAME COLUMN up_to TO up_uo");
    }
    SECTION("a token that is another") { box.execute("UPDATE enrolment SET token = 'lpd_sacret'"); }
    SECTION("a format that no program has written yet") { box.execute("PRAGMA user_version = 67"); }
    SECTION("a format that it had formerly") { box.execute("PRAGMA user_version = 1"); }
    if (fs::file_size(box.data.delivery()) > 0)
        return require_anew(box);
    auto delivery = open_delivery(box.data); // nothing tells it from a new one
    REQUIRE(delivery);
    CHECK(delivery->mark(install).value() == 0);
    CHECK(delivery->enrolment().value() == enrolment);
}

TEST_CASE("A delivery.db of a newer agent is refused, and left as it is", "[sync][agent][damage]")
{
    Box const box;
    box.execute("PRAGMA user_version = 67");
    SECTION("whose copy of the enrolment says so")
    {
        std::string text = enrolment_to_json(enrolment);
        text.insert(1, "\"format\":67,");
        std::ofstream(box.data.enrolment_copy()) << text;
    }
    SECTION("of which nothing is known") { fs::remove(box.data.enrolment_copy()); }
    auto const refused = open_delivery(box.data);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::Invalid);
    CHECK_FALSE(fs::exists(box.folder / "delivery.db.damaged"));
}

TEST_CASE("Every way in which a mark moves leaves a row that is whole", "[sync][agent][damage]")
{
    Box const box;
    {
        auto delivery = open_delivery(box.data);
        REQUIRE(delivery);
        REQUIRE(delivery->settle({install, {6, 7}, 5, {{7, "invalid", "no"}}, {{6, 66}, {7, 77}}, now}));
        REQUIRE(delivery->request_retry({.all = true, .seqs = {}}));
        REQUIRE(delivery->settle_retried({install, {7}, 7, {{7, "invalid", "no"}}, {{7, 77}}, now}));
        REQUIRE(delivery->forget_quarantined(install, 7));
        CHECK(delivery->mark(install).value() == 6);
    }
    auto delivery = open_delivery(box.data);
    REQUIRE(delivery);
    CHECK(delivery->mark(install).value() == 6);
    CHECK_FALSE(fs::exists(box.folder / "delivery.db.damaged"));
}
