#include "platform/sqlite/row_checksum.h"

#include "platform/base/crc32.h"

#include <sqlite3.h>

namespace listenpost::sqlite {
namespace {

void append_little_endian(std::string& bytes, std::uint64_t value, int count)
{
    for (int index = 0; index < count; ++index)
        bytes.push_back(static_cast<char>(value >> (8 * index)));
}

void row_checksum(sqlite3_context* context, int count, sqlite3_value** values)
{
    RowChecksum sum;
    for (int index = 0; index < count; ++index) {
        sqlite3_value* const value = values[index];
        switch (sqlite3_value_type(value)) {
        case SQLITE_INTEGER:
            sum.add(std::int64_t {sqlite3_value_int64(value)});
            break;
        case SQLITE_TEXT: {
            auto const* text = reinterpret_cast<char const*>(sqlite3_value_text(value));
            sum.add(std::string_view(text, static_cast<std::size_t>(sqlite3_value_bytes(value))));
            break;
        }
        case SQLITE_NULL:
            sum.add_null();
            break;
        default:
            sqlite3_result_error(context, "row_checksum: a value is neither integer nor text", -1);
            return;
        }
    }
    sqlite3_result_int64(context, sum.value());
}

}

RowChecksum& RowChecksum::add(std::int64_t value)
{
    bytes_.push_back('i');
    append_little_endian(bytes_, static_cast<std::uint64_t>(value), 8);
    return *this;
}

RowChecksum& RowChecksum::add(std::string_view text)
{
    bytes_.push_back('t');
    append_little_endian(bytes_, text.size(), 4);
    bytes_ += text;
    return *this;
}

RowChecksum& RowChecksum::add_null()
{
    bytes_.push_back('n');
    return *this;
}

std::int64_t RowChecksum::value() const { return crc32(bytes_); }

int add_row_checksum(sqlite3* connection)
{
    return sqlite3_create_function_v2(connection, "row_checksum", -1,
        SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, nullptr, row_checksum, nullptr, nullptr,
        nullptr);
}

}
