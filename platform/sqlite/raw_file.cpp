#include "platform/sqlite/raw_file.h"

#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <utility>

namespace listenpost::sqlite {
namespace {

constexpr std::size_t wal_header_bytes = 32;
constexpr std::size_t frame_header_bytes = 24;
constexpr std::uint32_t wal_magic = 0x377f0682; ///< its lowest bit: checksums of big-endian words
constexpr std::uint32_t wal_version = 3'007'000;

std::uint32_t big_endian(std::string_view bytes, std::size_t at)
{
    auto const byte
        = [&](std::size_t index) { return std::uint32_t {static_cast<unsigned char>(bytes[at + index])}; };
    return byte(0) << 24 | byte(1) << 16 | byte(2) << 8 | byte(3);
}

struct WalSum {
    std::uint32_t first = 0;
    std::uint32_t second = 0;
    friend bool operator==(WalSum const&, WalSum const&) = default;
};

WalSum stored_sum(std::string_view bytes, std::size_t at)
{
    return {big_endian(bytes, at), big_endian(bytes, at + 4)};
}

WalSum add(WalSum sum, std::string_view bytes, bool words_are_big_endian)
{
    for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
        std::array<std::uint32_t, 2> words {};
        for (std::size_t word = 0; word < 2; ++word) {
            std::uint32_t const big = big_endian(bytes, at + 4 * word);
            words[word] = words_are_big_endian
                ? big
                : big >> 24 | (big >> 8 & 0xff00) | (big << 8 & 0xff0000) | big << 24;
        }
        sum.first += words[0] + sum.second;
        sum.second += words[1] + sum.first;
    }
    return sum;
}

std::optional<std::uint32_t> valid_page_size(std::uint32_t size)
{
    bool const valid = size >= 512 && size <= 65536 && std::has_single_bit(size);
    return valid ? std::optional(size) : std::nullopt;
}

/// The first 32 bytes of a WAL.
struct WalHeader {
    explicit WalHeader(std::string bytes)
    {
        bytes.resize(wal_header_bytes, '\0');
        std::uint32_t const magic = big_endian(bytes, 0);
        auto const size = valid_page_size(big_endian(bytes, 8));
        words_are_big_endian = magic == (wal_magic | 1);
        page_size = size.value_or(0);
        salts = bytes.substr(16, 8);
        sum = stored_sum(bytes, 24);
        is_whole = (magic | 1) == (wal_magic | 1) && big_endian(bytes, 4) == wal_version && size
            && add({}, std::string_view(bytes).substr(0, 24), words_are_big_endian) == sum;
    }

    bool is_whole = false;
    bool words_are_big_endian = false;
    std::uint32_t page_size = 0;
    std::string salts;
    WalSum sum;
};

/// As many bytes as there are, up to `count`; nothing: the disk cannot read them.
std::optional<std::string> read_at(std::FILE* file, std::uint64_t at, std::size_t count)
{
    std::string bytes(count, '\0');
    if (::fseeko(file, static_cast<off_t>(at), SEEK_SET) != 0)
        return std::nullopt;
    std::size_t const got = std::fread(bytes.data(), 1, count, file);
    if (got < count && std::ferror(file) != 0) {
        std::clearerr(file);
        return std::nullopt;
    }
    bytes.resize(got);
    return bytes;
}

/// Errors: Io. Null without an error: there is no such file.
Result<std::FILE*> open_existing(std::filesystem::path const& path)
{
    std::FILE* const file = std::fopen(path.c_str(), "rbe");
    if (!file && errno != ENOENT)
        return fail(Errc::Io, "open " + path.string() + ": " + std::strerror(errno));
    return file;
}

std::uint64_t size_of(std::FILE* file)
{
    if (!file || ::fseeko(file, 0, SEEK_END) != 0)
        return 0;
    off_t const size = ::ftello(file);
    return size > 0 ? static_cast<std::uint64_t>(size) : 0;
}

}

Result<RawFile> RawFile::open(std::filesystem::path const& path)
{
    auto main = open_existing(path);
    if (!main)
        return fail(main.error());
    RawFile file;
    file.main_.reset(*main);
    auto wal = open_existing(path.string() + "-wal");
    if (!wal)
        return fail(wal.error());
    file.wal_.reset(*wal);
    file.main_bytes_ = size_of(*main);
    file.wal_bytes_ = size_of(*wal);
    file.read_main_header();
    file.read_wal();
    file.mark_newest();
    return file;
}

void RawFile::read_main_header()
{
    if (!main_)
        return;
    auto const header = read_at(main_.get(), 0, 18);
    constexpr std::string_view magic("SQLite format 3\0", 16);
    if (!header || !header->starts_with(magic) || header->size() < 18)
        return;
    std::uint32_t const size
        = static_cast<unsigned char>((*header)[16]) * 256U + static_cast<unsigned char>((*header)[17]);
    page_size_ = valid_page_size(size == 1 ? 65536 : size).value_or(page_size_);
}

void RawFile::read_wal()
{
    if (!wal_ || wal_bytes_ <= wal_header_bytes)
        return;
    WalHeader const header(read_at(wal_.get(), 0, wal_header_bytes).value_or(std::string()));
    if (header.is_whole)
        page_size_ = header.page_size;

    std::size_t const frame_bytes = frame_header_bytes + page_size_;
    auto const count
        = static_cast<std::size_t>((wal_bytes_ - wal_header_bytes + frame_bytes - 1) / frame_bytes);
    // The frames of the present round carry the header's salts; those of a former one lie behind them.
    std::optional<std::string> salts = header.is_whole ? std::optional(header.salts) : std::nullopt;
    std::vector<std::string> salts_of;
    WalSum before = header.sum;
    for (std::size_t index = 0; index < count; ++index) {
        auto bytes = read_at(wal_.get(), wal_header_bytes + index * frame_bytes, frame_bytes);
        std::string content = std::move(bytes).value_or(std::string());
        content.resize(frame_bytes, '\0'); // a cut file
        std::string_view const frame = content;
        WalSum const sum = add(add(before, frame.substr(0, 8), header.words_are_big_endian),
            frame.substr(frame_header_bytes), header.words_are_big_endian);
        before = stored_sum(frame, 16);
        salts_of.emplace_back(frame.substr(8, 8));
        bool const sum_is_right = sum == before;
        // Without a header: of the first two that vouch for each other.
        if (!salts && sum_is_right && index > 0 && salts_of[index - 1] == salts_of[index])
            salts = salts_of[index];
        frames_.push_back({big_endian(frame, 0), big_endian(frame, 4) != 0, sum_is_right});
    }
    if (salts) {
        for (std::size_t index = 0; index < count; ++index)
            frames_[index].is_whole = frames_[index].is_whole && salts_of[index] == *salts;
        while (!frames_.empty() && salts_of[frames_.size() - 1] != *salts)
            frames_.pop_back();
    }
    find_commits(header.is_whole);
}

void RawFile::find_commits(bool header_is_whole)
{
    std::size_t committed = 0;
    bool sqlite_gets_here = header_is_whole;
    bool is_behind_a_missed_commit = false;
    for (std::size_t index = 0; index < frames_.size(); ++index) {
        auto const& frame = frames_[index];
        sqlite_gets_here = sqlite_gets_here && frame.is_whole;
        // Directly: further behind may stand what an earlier write, that failed, has left of this round.
        wal_is_damaged_ = wal_is_damaged_ || (frame.is_whole && is_behind_a_missed_commit);
        bool const is_commit = frame.is_whole && frame.ends_transaction;
        is_behind_a_missed_commit = is_commit && !sqlite_gets_here;
        if (is_commit)
            committed = index + 1;
    }
    for (std::size_t index = 0; index < committed; ++index)
        frames_[index].is_committed = true;
    // The header is on disk before the first frame is: it does not tear.
    if (!header_is_whole && committed > 0)
        wal_is_damaged_ = true;
}

void RawFile::mark_newest()
{
    for (std::size_t index = frames_.size(); index-- > 0;) {
        auto& frame = frames_[index];
        if (!frame.is_committed || whole_.contains(frame.page))
            continue;
        frame.is_newest = true;
        if (frame.is_whole)
            whole_.emplace(frame.page, index);
    }
}

std::optional<std::string> RawFile::read_frame(std::size_t index)
{
    auto bytes = read_at(wal_.get(),
        wal_header_bytes + index * (frame_header_bytes + page_size_) + frame_header_bytes, page_size_);
    if (bytes)
        bytes->resize(page_size_, '\0');
    return bytes;
}

std::optional<std::string> RawFile::read_main(std::uint32_t number)
{
    std::uint64_t const at = std::uint64_t {number - 1} * page_size_;
    if (number == 0 || !main_ || at >= main_bytes_)
        return std::nullopt;
    auto bytes = read_at(main_.get(), at, page_size_);
    if (bytes)
        bytes->resize(page_size_, '\0');
    return bytes;
}

void RawFile::visit(std::function<void(RawPage const&)> const& visitor)
{
    for (std::size_t index = frames_.size(); index-- > 0;) {
        auto const& frame = frames_[index];
        if (!frame.is_newest)
            continue;
        if (auto const bytes = read_frame(index))
            visitor({frame.page, frame.is_whole ? PageStanding::Proven : PageStanding::Plausible, *bytes});
    }
    auto const pages = static_cast<std::uint32_t>((main_bytes_ + page_size_ - 1) / page_size_);
    for (std::uint32_t number = 1; number <= pages; ++number) {
        if (whole_.contains(number))
            continue;
        if (auto const bytes = read_main(number))
            visitor({number, PageStanding::Plausible, *bytes});
    }
    for (std::size_t index = frames_.size(); index-- > 0;) {
        auto const& frame = frames_[index];
        if (frame.is_committed)
            continue;
        if (auto const bytes = read_frame(index))
            visitor({frame.page, PageStanding::Uncommitted, *bytes});
    }
}

std::optional<std::string> RawFile::newest(std::uint32_t number)
{
    auto const whole = whole_.find(number);
    return whole != whole_.end() ? read_frame(whole->second) : read_main(number);
}

}
