#pragma once

#include "tests/fault/simulated_file.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost::test {

std::string read_bytes(std::filesystem::path const& path); ///< empty: there is no such file
void write_bytes(std::filesystem::path const& path, std::string_view bytes);

/// Does to the bytes of a file, pages of 4,096, what disks do: cuts it at any byte or empties it, changes
/// a bit, a sector, a page or several, exchanges two pages, fills its end with zeros, or makes other
/// bytes of it altogether. What it did, for the log. Not empty beforehand.
std::string damage(std::string& bytes, Random& random);

/// A database file and its WAL as bytes, and where in them something stands.
struct DatabaseBytes {
    static DatabaseBytes read(std::filesystem::path const& database);
    void write(std::filesystem::path const& database) const;

    enum class ReadBy {
        Sqlite, ///< nothing behind a damaged place in the WAL, and no transaction that is not whole
        Salvage, ///< whatever page is whole
    };
    /// Whether the newest committed image of the page that holds `text` is the same in `now`, down to
    /// the last byte, and what `reader` needs of the WAL is too. False also: no page holds it.
    bool stands_whole(std::string_view text, DatabaseBytes const& now, ReadBy reader) const;

    std::string main;
    std::string wal;

private:
    struct Image {
        std::uint32_t page;
        bool in_wal;
        std::size_t at;
        std::size_t size; ///< a frame's header with it
        std::size_t commit_end; ///< in the WAL: of the transaction
    };
    std::vector<Image> newest() const;
};

}
