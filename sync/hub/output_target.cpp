#include "platform/os/files.h"
#include "sync/hub/csv.h"
#include "sync/hub/pull_target.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace listenpost::sync {
namespace {

/// The cursor, and a filter that fits into a request's head.
constexpr std::size_t max_cursor_file_bytes = 32UL * 1024;
constexpr std::string_view filter_word = "filter ";

/// The standard output's size if it is a file that grows, else nothing.
std::optional<off_t> size_of_output()
{
    struct stat status { };
    if (::fstat(STDOUT_FILENO, &status) != 0 || !S_ISREG(status.st_mode))
        return {};
    return status.st_size;
}

Result<> write_all(std::string_view rows)
{
    while (!rows.empty()) {
        ssize_t const written = ::write(STDOUT_FILENO, rows.data(), rows.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return fail(Errc::Io, std::string("write the rows: ") + std::strerror(errno));
        rows.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

/// All of it, and on the disk if it goes to one: the cursor must never be ahead of the rows.
/// Or nothing: half a line in a file would spoil the first row of the next pull as well.
Result<> write_rows(std::string_view rows)
{
    auto const before = size_of_output();
    auto written = write_all(rows);
    if (written && before && ::fdatasync(STDOUT_FILENO) != 0)
        written = fail(Errc::Io, std::string("write the rows to disk: ") + std::strerror(errno));
    if (!written && before && ::ftruncate(STDOUT_FILENO, *before) != 0)
        return fail(Errc::Io, written.error().detail + "; the last line of the file is cut off");
    return written;
}

/// A pull that was killed while it wrote may have left half a line: the row that it belongs
/// to comes again, and must not be glued to it.
Result<> end_torn_line()
{
    auto const size = size_of_output();
    // What `>>` opened can only be written to.
    int const file = size && *size > 0 ? ::open("/proc/self/fd/1", O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0)
        return {};
    char last = '\n';
    bool const torn = ::pread(file, &last, 1, *size - 1) == 1 && last != '\n';
    ::close(file);
    return torn ? write_all("\n") : Result<>();
}

/// The cursor on the first line, `filter …` on a second one where there is a filter. Programs from
/// before filters take the two for one cursor, which no hub gave out: they refuse to go on.
std::string to_text(PullPosition const& position)
{
    std::string text = position.cursor + '\n';
    if (!position.filter.empty())
        text.append(filter_word) += position.filter + '\n';
    return text;
}

std::string_view trimmed(std::string_view text)
{
    auto const end = text.find_last_not_of(" \t\r\n");
    return text.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

Result<PullPosition> position_from(std::string_view text)
{
    text = trimmed(text);
    auto const line_end = std::min(text.find('\n'), text.size());
    PullPosition position {std::string(trimmed(text.substr(0, line_end))), {}};
    text.remove_prefix(std::min(line_end + 1, text.size()));
    if (text.empty())
        return position;
    if (!text.starts_with(filter_word) || text.find('\n') != std::string_view::npos)
        return fail(Errc::Invalid, "it has more than a cursor and a filter");
    position.filter = text.substr(filter_word.size());
    return position;
}

class OutputTarget final : public PullTarget {
public:
    OutputTarget(std::filesystem::path cursor_file, PullFormat format)
        : cursor_file_(std::move(cursor_file))
        , format_(format)
    {
    }

    PullFormat format() const override { return format_; }

    Result<std::optional<PullPosition>> position() override
    {
        auto const text = read_file(cursor_file_, max_cursor_file_bytes);
        if (!text && text.error().code == Errc::NotFound)
            return std::nullopt;
        if (!text)
            return fail(text.error());
        auto position = position_from(*text);
        if (!position)
            return fail(position.error().code, cursor_file_.string() + ": " + position.error().detail);
        // An empty file is as good as none.
        has_begun_ = !position->cursor.empty();
        return has_begun_ ? std::optional(std::move(*position)) : std::nullopt;
    }

    Result<> take(std::string_view rows, PullPosition const& next) override
    {
        // One header in a file that is written to again and again, even if the first page is empty.
        if (format_ == PullFormat::Csv && has_begun_)
            rows.remove_prefix(std::min(rows.size(), rows.find("\r\n") + 2));
        else if (format_ == PullFormat::Csv && rows.empty())
            rows = csv_header();
        if (!rows.empty())
            LISTENPOST_TRY(write_rows(rows));
        LISTENPOST_TRY(write_file_atomically(cursor_file_, to_text(next)));
        has_begun_ = true;
        return {};
    }

    std::string name() const override { return cursor_file_.string(); }
    std::string how_to_begin_anew() const override
    {
        return "Move the file away to pull everything from the beginning.";
    }

private:
    std::filesystem::path cursor_file_;
    PullFormat format_;
    bool has_begun_ = false; ///< the cursor file is there, and so are the columns' names
};

}

Result<std::unique_ptr<PullTarget>> open_output_target(
    std::filesystem::path const& cursor_file, PullFormat format)
{
    if (format == PullFormat::Ndjson)
        LISTENPOST_TRY(end_torn_line());
    return std::make_unique<OutputTarget>(cursor_file, format);
}

}
