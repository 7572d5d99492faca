#pragma once

#include <cstddef>
#include <openssl/types.h>
#include <optional>
#include <string>
#include <string_view>

namespace listenpost::test {

/// Where a line breaks, in bytes as they travel: under TLS the handshake's too.
struct Cut {
    std::optional<std::size_t> after_received; ///< from the agent
    std::optional<std::size_t> after_sent; ///< to the agent
    bool by_reset = false; ///< RST; else FIN
};

/// An accepted connection from the agent, plain or TLS, that breaks where it is told to.
/// Every wait ends when `stop` becomes readable.
/// Threads: one at a time.
class Line {
public:
    /// Takes over `descriptor`. `tls`: none for plain TCP; must outlive it.
    Line(int descriptor, int stop, SSL_CTX* tls);
    Line(Line const&) = delete;
    Line& operator=(Line const&) = delete;
    ~Line();

    /// Counts from here on, and breaks at `cut`.
    void begin(Cut const& cut);
    std::size_t received() const { return received_; }
    std::size_t sent() const { return sent_; }

    /// Appends what comes next, at least a byte. False: the line is no more.
    bool read(std::string& to);
    /// False: the line is no more; some of it may have gone out.
    bool write(std::string_view bytes);
    /// Nothing more is said, until the agent has gone.
    void wait_until_closed();
    void break_off(bool by_reset);
    bool open() const { return descriptor_ >= 0; }
    int descriptor() const { return descriptor_; }
    /// Leaves the connection open for good, as of a side that lost its power: nobody answers on it.
    int abandon();

private:
    bool read_raw(std::string& to);
    bool write_raw(std::string_view bytes);
    bool flush_tls();

    int descriptor_;
    int stop_;
    SSL* ssl_ = nullptr;
    BIO* from_agent_ = nullptr; ///< owned by ssl_, as the next
    BIO* to_agent_ = nullptr;
    Cut cut_;
    std::size_t received_ = 0;
    std::size_t sent_ = 0;
};

}
