#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <unistd.h>

namespace listenpost::test {

/// While it lives, what this process writes to stderr goes into a file; at its end it stands in `text`.
class CapturedStderr {
public:
    explicit CapturedStderr(std::string& text)
        : text_(text)
        , file_(std::tmpfile())
        , saved_(::dup(STDERR_FILENO))
    {
        if (file_ == nullptr || saved_ < 0 || ::dup2(::fileno(file_), STDERR_FILENO) < 0)
            std::abort();
    }
    CapturedStderr(CapturedStderr const&) = delete;
    CapturedStderr& operator=(CapturedStderr const&) = delete;
    ~CapturedStderr()
    {
        ::dup2(saved_, STDERR_FILENO);
        ::close(saved_);
        std::rewind(file_);
        char buffer[4096];
        while (std::size_t const got = std::fread(buffer, 1, sizeof buffer, file_))
            text_.append(buffer, got);
        std::fclose(file_);
    }

private:
    std::string& text_;
    std::FILE* file_;
    int saved_;
};

}
