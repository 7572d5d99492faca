#include "tests/support/line.h"

#include <algorithm>
#include <array>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace listenpost::test {

Line::Line(int descriptor, int stop, SSL_CTX* tls)
    : descriptor_(descriptor)
    , stop_(stop)
{
    if (!tls)
        return;
    // Memory on both sides, so that every byte that travels passes read_raw() or write_raw().
    ssl_ = SSL_new(tls);
    from_agent_ = BIO_new(BIO_s_mem());
    to_agent_ = BIO_new(BIO_s_mem());
    SSL_set_bio(ssl_, from_agent_, to_agent_);
    SSL_set_accept_state(ssl_);
}

Line::~Line()
{
    SSL_free(ssl_);
    if (descriptor_ >= 0)
        ::close(descriptor_);
}

void Line::begin(Cut const& cut)
{
    cut_ = cut;
    received_ = 0;
    sent_ = 0;
    if (cut_.after_received == 0U || cut_.after_sent == 0U)
        break_off(cut_.by_reset);
}

void Line::break_off(bool by_reset)
{
    if (descriptor_ < 0)
        return;
    if (by_reset) {
        linger const at_once {1, 0};
        ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    ::close(std::exchange(descriptor_, -1));
}

int Line::abandon() { return std::exchange(descriptor_, -1); }

bool Line::read_raw(std::string& to)
{
    if (descriptor_ < 0)
        return false;
    pollfd waiting[2] = {{descriptor_, POLLIN, 0}, {stop_, POLLIN, 0}};
    ::poll(waiting, 2, -1);
    std::array<char, 16'384> buffer;
    std::size_t room = buffer.size();
    if (cut_.after_received)
        room = std::min(room, *cut_.after_received - received_);
    ssize_t const got = waiting[1].revents != 0 ? 0 : ::recv(descriptor_, buffer.data(), room, 0);
    if (got <= 0) {
        break_off(false);
        return false;
    }
    to.append(buffer.data(), static_cast<std::size_t>(got));
    received_ += static_cast<std::size_t>(got);
    if (cut_.after_received && received_ >= *cut_.after_received)
        break_off(cut_.by_reset);
    return true;
}

bool Line::write_raw(std::string_view bytes)
{
    while (!bytes.empty() && descriptor_ >= 0) {
        std::size_t size = bytes.size();
        if (cut_.after_sent)
            size = std::min(size, *cut_.after_sent - sent_);
        ssize_t const gone = ::send(descriptor_, bytes.data(), size, MSG_NOSIGNAL);
        if (gone <= 0) {
            break_off(false);
            return false;
        }
        sent_ += static_cast<std::size_t>(gone);
        bytes.remove_prefix(static_cast<std::size_t>(gone));
        if (cut_.after_sent && sent_ >= *cut_.after_sent)
            break_off(cut_.by_reset);
    }
    return bytes.empty();
}

bool Line::flush_tls()
{
    std::array<char, 16'384> buffer;
    int size = 0;
    while ((size = BIO_read(to_agent_, buffer.data(), static_cast<int>(buffer.size()))) > 0)
        if (!write_raw({buffer.data(), static_cast<std::size_t>(size)}))
            return false;
    return true;
}

bool Line::read(std::string& to)
{
    if (!ssl_)
        return read_raw(to);
    for (;;) {
        std::array<char, 16'384> buffer;
        ERR_clear_error();
        int const got = SSL_read(ssl_, buffer.data(), static_cast<int>(buffer.size()));
        bool const more_is_needed = got <= 0 && SSL_get_error(ssl_, got) == SSL_ERROR_WANT_READ;
        bool const told = flush_tls(); // the handshake's answers, an alert
        if (got > 0) {
            to.append(buffer.data(), static_cast<std::size_t>(got));
            return true;
        }
        std::string raw;
        if (!more_is_needed || !told || !read_raw(raw)) {
            break_off(false);
            return false;
        }
        BIO_write(from_agent_, raw.data(), static_cast<int>(raw.size()));
    }
}

bool Line::write(std::string_view bytes)
{
    if (!ssl_)
        return write_raw(bytes);
    if (descriptor_ < 0 || bytes.empty())
        return descriptor_ >= 0;
    ERR_clear_error();
    return SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size())) > 0 && flush_tls();
}

void Line::wait_until_closed()
{
    std::string ignored;
    while (read_raw(ignored))
        ignored.clear();
}

}
