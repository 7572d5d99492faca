#include "platform/base/csv.h"

#include <catch2/catch.hpp>

using namespace listenpost;

namespace {

std::string cell(std::string_view text)
{
    std::string out;
    append_csv_cell(out, text);
    return out;
}

}

TEST_CASE("CSV cells are quoted where RFC 4180 asks for it, and run as no formula", "[base]")
{
    CHECK(cell("plain") == "plain");
    CHECK(cell("上菜有点慢") == "上菜有点慢");
    CHECK(cell("a,b") == "\"a,b\"");
    CHECK(cell("say \"hi\"") == "\"say \"\"hi\"\"\"");
    CHECK(cell("two\nlines") == "\"two\nlines\"");
    CHECK(cell("=1+1") == "'=1+1");
    CHECK(cell("+86") == "'+86");
    CHECK(cell("-1") == "'-1");
    CHECK(cell("@SUM(A1)") == "'@SUM(A1)");
    CHECK(cell("=HYPERLINK(\"x\",\"y\")") == "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"");
    CHECK(cell("\t=1") == "'\t=1");
    CHECK(cell("\n=1") == "\"'\n=1\"");
    for (std::string const wide : {"＝1+1", "＋86", "－1", "＠SUM(A1)"})
        CHECK(cell(wide) == "'" + wide);
    CHECK(cell("，好吃") == "，好吃");
    CHECK(cell(std::string_view("a\0b", 3)) == "a b");
}
