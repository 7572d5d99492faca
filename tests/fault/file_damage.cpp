#include "tests/fault/file_damage.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>

namespace listenpost::test {
namespace {

constexpr std::size_t page_bytes = 4096;
constexpr std::size_t wal_header_bytes = 32;
constexpr std::size_t frame_header_bytes = 24;
constexpr std::size_t frame_bytes = frame_header_bytes + page_bytes;

std::string rubbish(std::size_t size, Random& random)
{
    std::string bytes(size, '\0');
    for (auto& byte : bytes)
        byte = static_cast<char>(draw_below(random, 256));
    return bytes;
}

void overwrite(std::string& bytes, std::size_t at, std::string_view with)
{
    for (std::size_t i = 0; i < with.size() && at + i < bytes.size(); ++i)
        bytes[at + i] = with[i];
}

std::uint32_t big_endian(std::string_view bytes, std::size_t at)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    return value;
}

}

std::string read_bytes(std::filesystem::path const& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void write_bytes(std::filesystem::path const& path, std::string_view bytes)
{
    std::ofstream(path, std::ios::binary | std::ios::trunc)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::string damage(std::string& bytes, Random& random)
{
    std::size_t const size = bytes.size();
    std::size_t const at = draw_below(random, size);
    auto const pages = std::max<std::size_t>(size / page_bytes, 1);
    auto const say = [at](char const* what) { return std::string(what) + " at " + std::to_string(at); };
    switch (draw_below(random, 12)) {
    case 0:
    case 1:
        bytes.resize(at);
        return say("cut");
    case 2:
    case 3:
        bytes[at] = static_cast<char>(bytes[at] ^ 1 << draw_below(random, 8));
        return say("a bit changed");
    case 4:
        overwrite(bytes, at / 512 * 512, rubbish(512, random));
        return say("a sector of rubbish");
    case 5:
        overwrite(bytes, at / page_bytes * page_bytes, rubbish(page_bytes, random));
        return say("a page of rubbish");
    case 6:
        overwrite(bytes, at, rubbish((1 + draw_below(random, 4)) * page_bytes, random));
        return say("several pages of rubbish");
    case 7: {
        for (std::uint64_t left = 1 + draw_below(random, 20); left > 0; --left)
            overwrite(bytes, draw_below(random, size), rubbish(1 + draw_below(random, 8), random));
        return "some bytes changed in many places";
    }
    case 8: {
        std::size_t const one = draw_below(random, pages) * page_bytes;
        std::size_t const other = draw_below(random, pages) * page_bytes;
        std::string const former = bytes.substr(one, page_bytes);
        overwrite(bytes, one, std::string(bytes.substr(other, page_bytes)));
        overwrite(bytes, other, former);
        return "pages at " + std::to_string(one) + " and " + std::to_string(other) + " exchanged";
    }
    case 9:
        overwrite(bytes, at, std::string(size - at, '\0'));
        return say("zeros from there on");
    case 10:
        bytes = rubbish(draw_below(random, 2) == 0 ? size : 1 + draw_below(random, 20'000), random);
        return "rubbish in its place";
    default:
        bytes.clear();
        return "emptied";
    }
}

DatabaseBytes DatabaseBytes::read(std::filesystem::path const& database)
{
    DatabaseBytes bytes;
    bytes.main = read_bytes(database);
    bytes.wal = read_bytes(database.string() + "-wal");
    return bytes;
}

void DatabaseBytes::write(std::filesystem::path const& database) const
{
    write_bytes(database, main);
    if (wal.empty())
        std::filesystem::remove(database.string() + "-wal");
    else
        write_bytes(database.string() + "-wal", wal);
    std::filesystem::remove(database.string() + "-shm");
}

std::vector<DatabaseBytes::Image> DatabaseBytes::newest() const
{
    std::map<std::uint32_t, Image> newest;
    for (std::size_t at = 0; at + page_bytes <= main.size(); at += page_bytes) {
        auto const page = static_cast<std::uint32_t>(at / page_bytes + 1);
        newest[page] = {page, false, at, page_bytes, 0};
    }
    // A former round of the WAL has other salts; what stands behind the last commit never happened.
    std::map<std::uint32_t, Image> uncommitted;
    for (std::size_t at = wal_header_bytes; at + frame_bytes <= wal.size(); at += frame_bytes) {
        if (wal.compare(at + 8, 8, wal, 16, 8) != 0)
            break;
        std::uint32_t const page = big_endian(wal, at);
        uncommitted[page] = {page, true, at, frame_bytes, 0};
        if (big_endian(wal, at + 4) == 0)
            continue;
        for (auto& [number, image] : uncommitted) {
            image.commit_end = at + frame_bytes;
            newest[number] = image;
        }
        uncommitted.clear();
    }
    std::vector<Image> images;
    for (auto const& each : newest)
        images.push_back(each.second);
    return images;
}

bool DatabaseBytes::stands_whole(std::string_view text, DatabaseBytes const& now, ReadBy reader) const
{
    for (auto const& image : newest()) {
        std::string_view const before(image.in_wal ? wal : main);
        std::string_view const after(image.in_wal ? now.wal : now.main);
        if (before.substr(image.at, image.size).find(text) == before.npos)
            continue;
        if (image.at + image.size > after.size()
            || before.substr(image.at, image.size) != after.substr(image.at, image.size))
            return false;
        std::size_t const needed = reader == ReadBy::Sqlite ? image.commit_end : wal_header_bytes;
        return !image.in_wal || before.substr(0, needed) == after.substr(0, needed);
    }
    return false;
}

}
