#pragma once

#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

namespace listenpost::test {

/// A TCP connection to this machine that says exactly what it is told to.
class RawConnection {
public:
    explicit RawConnection(std::uint16_t port)
        : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address {};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        REQUIRE(::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    }
    RawConnection(RawConnection const&) = delete;
    RawConnection& operator=(RawConnection const&) = delete;
    ~RawConnection() { ::close(descriptor_); }

    void send(std::string_view bytes)
    {
        while (!bytes.empty()) {
            auto const sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0)
                return; // the other side has closed: the test will see it in what it reads
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }
    /// Everything until the other side closes.
    std::string read_to_end()
    {
        std::string all;
        while (read_some(all)) { }
        return all;
    }
    /// Until `end` has come, or the other side closes.
    std::string read_until(std::string_view end)
    {
        std::string all;
        while (all.find(end) == std::string::npos && read_some(all)) { }
        return all;
    }

private:
    bool read_some(std::string& all)
    {
        char buffer[4096];
        auto const got = ::recv(descriptor_, buffer, sizeof buffer, 0);
        if (got > 0)
            all.append(buffer, static_cast<std::size_t>(got));
        return got > 0;
    }

    int descriptor_;
};

}
