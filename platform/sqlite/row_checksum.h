#pragma once

#include <cstdint>
#include <string>
#include <string_view>

struct sqlite3;

namespace listenpost::sqlite {

/// SQLite's pages carry no checksum: a byte that a disk has changed reads as another answer. So a row
/// that must never be wrong carries one of its own, the SQL function `row_checksum(value, …)` over its
/// other columns, which every Database knows; this is the same without SQL.
/// CRC-32 over the values in order, each with its type and length, integers and texts only.
class RowChecksum {
public:
    RowChecksum& add(std::int64_t value);
    RowChecksum& add(std::string_view text);
    RowChecksum& add_null();
    std::int64_t value() const;

private:
    std::string bytes_;
};

/// Makes `row_checksum` known to a connection. Returns SQLite's code.
int add_row_checksum(sqlite3* connection);

}
