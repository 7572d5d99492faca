#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace listenpost::test {

/// Where files are in memory, if the system has such a place: for tests that write a lot and in
/// which a sync proves nothing.
inline std::filesystem::path in_memory()
{
    std::filesystem::path const shared_memory = "/dev/shm";
    std::error_code ignored;
    return std::filesystem::is_directory(shared_memory, ignored) ? shared_memory
                                                                 : std::filesystem::temp_directory_path();
}

/// A folder of a test's own, removed with all it holds when the test ends.
class TempFolder {
public:
    explicit TempFolder(std::filesystem::path const& parent = std::filesystem::temp_directory_path())
    {
        std::string name = (parent / "listenpost-test-XXXXXX").string();
        if (!::mkdtemp(name.data()))
            std::abort();
        path_ = name;
    }
    TempFolder(TempFolder const&) = delete;
    TempFolder& operator=(TempFolder const&) = delete;
    ~TempFolder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    std::filesystem::path operator/(std::string_view name) const { return path_ / name; }
    std::filesystem::path const& path() const { return path_; }

private:
    std::filesystem::path path_;
};

}
