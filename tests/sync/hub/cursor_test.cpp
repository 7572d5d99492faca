#include "sync/hub/cursor.h"

#include <catch2/catch.hpp>

using namespace listenpost::sync;

TEST_CASE("A cursor comes back from its text as it was", "[sync][hub]")
{
    Cursor cursor;
    CHECK(cursor_from_text(to_text(cursor)).value() == cursor);
    cursor.hub = 0xFFFF'FFFF'FFFF'FFFF;
    cursor.first_partition = 63;
    for (std::size_t part = 0; part < cursor.next.size(); ++part)
        cursor.next[part] = std::int64_t(1) << part % 53;
    CHECK(cursor_from_text(to_text(cursor)).value() == cursor);
    CHECK(
        to_text(cursor).find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        == std::string::npos);
}

TEST_CASE("A cursor that was cut, lengthened or made up is refused", "[sync][hub]")
{
    Cursor cursor;
    cursor.hub = 12345;
    cursor.next[3] = 1'000;
    std::string const text = to_text(cursor);
    for (std::size_t length = 0; length < text.size(); ++length) {
        CAPTURE(length);
        CHECK_FALSE(cursor_from_text(text.substr(0, length)));
    }
    CHECK_FALSE(cursor_from_text(text + "AAAA"));
    CHECK_FALSE(cursor_from_text("B" + text));
    CHECK_FALSE(cursor_from_text("not a cursor"));
    CHECK_FALSE(cursor_from_text(std::string(3'000, 'A')));
    Cursor impossible;
    impossible.first_partition = 64;
    CHECK_FALSE(cursor_from_text(to_text(impossible)));
}

TEST_CASE("A store's partition never changes", "[sync][hub]")
{
    // Written into every database: these two lines may never have to be edited.
    CHECK(partition_of("sh-001") == 23);
    CHECK(partition_of("") == 1);
}
