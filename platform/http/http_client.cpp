#include "platform/http/http_client.h"

#include "platform/http/certificate_time.h"

#include <algorithm>
#include <curl/curl.h>
#include <utility>

namespace listenpost {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t max_header_bytes = 64UL * 1024;
/// How long a transfer may go without a look at `cancelled`.
constexpr std::chrono::milliseconds longest_wait = 250ms;
/// What libcurl hands on at a time, before it waits for a bandwidth limit.
constexpr std::int64_t upload_piece = 64L * 1024;

constexpr long proxy_wants_login = 407;

bool equal_ignoring_case(std::string_view left, std::string_view right)
{
    auto const lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::ranges::equal(left, right, {}, lower, lower);
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && std::string_view(" \t\r\n").find(text.back()) != std::string_view::npos)
        text.remove_suffix(1);
    return text;
}

bool has_line_break(std::string_view text)
{
    return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

struct HeaderList {
    ~HeaderList() { curl_slist_free_all(list); }
    HeaderList() = default;
    HeaderList(HeaderList const&) = delete;
    HeaderList& operator=(HeaderList const&) = delete;

    bool add(std::string const& line)
    {
        curl_slist* const longer = curl_slist_append(list, line.c_str());
        if (longer)
            list = longer;
        return longer != nullptr;
    }
    curl_slist* list = nullptr;
};

/// What certificate_time.h can talk to is OpenSSL's libcurl. With another one (there are) clocks are
/// taken as they are.
bool is_curl_of_openssl()
{
    char const* const library = curl_version_info(CURLVERSION_NOW)->ssl_version;
    return library && std::string_view(library).starts_with("OpenSSL");
}

/// The library's one-time start, before the first client, for the life of the process.
bool start_curl()
{
    static CURLcode const started = curl_global_init(CURL_GLOBAL_DEFAULT);
    return started == CURLE_OK;
}

}

std::optional<std::string_view> HttpReply::header(std::string_view name) const
{
    for (auto const& candidate : headers)
        if (equal_ignoring_case(candidate.name, name))
            return candidate.value;
    return std::nullopt;
}

struct HttpClient::Impl {
    explicit Impl(HttpOptions given)
        : handle(curl_easy_init())
        , multi(curl_multi_init())
        , options(std::move(given))
    {
    }
    Impl(Impl const&) = delete;
    Impl& operator=(Impl const&) = delete;
    ~Impl()
    {
        curl_easy_cleanup(handle);
        curl_multi_cleanup(multi);
    }

    static std::size_t on_header(char const* data, std::size_t size, std::size_t count, void* self_pointer)
    {
        auto& self = *static_cast<Impl*>(self_pointer);
        std::string_view const line(data, size * count);
        // An interim reply (100 Continue) or a proxy's answer precedes the real one.
        if (line.starts_with("HTTP/")) {
            self.reply.headers.clear();
            self.header_bytes = 0;
            self.headers_ended = false;
        }
        if (line == "\r\n" || line == "\n")
            self.headers_ended = true;
        self.header_bytes += line.size();
        if (self.header_bytes > max_header_bytes) {
            self.oversized = true;
            return 0;
        }
        if (auto const colon = line.find(':'); colon != std::string_view::npos)
            self.reply.headers.push_back(
                {std::string(trimmed(line.substr(0, colon))), std::string(trimmed(line.substr(colon + 1)))});
        return line.size();
    }

    static std::size_t on_body(char const* data, std::size_t size, std::size_t count, void* self_pointer)
    {
        auto& self = *static_cast<Impl*>(self_pointer);
        std::size_t const bytes = size * count;
        if (bytes > self.options.max_reply_bytes - self.reply.body.size()) {
            self.oversized = true;
            return 0;
        }
        self.reply.body.append(data, bytes);
        return bytes;
    }

    static CURLcode on_tls(CURL*, void* context, void* self_pointer)
    {
        auto const& self = *static_cast<Impl*>(self_pointer);
        if (auto const earliest = self.options.earliest_now())
            judge_certificates_from(*earliest, static_cast<SSL_CTX*>(context));
        return CURLE_OK;
    }

    void configure();
    CURLcode transfer();
    CURLcode run();
    bool proxy_refused() const
    {
        auto const code = info<long>(CURLINFO_HTTP_CONNECTCODE);
        return code != 0 && code / 100 != 2;
    }
    template <typename Value>
    Value info(CURLINFO what) const
    {
        Value value {};
        curl_easy_getinfo(handle, what, &value);
        return value;
    }
    char const* phase(CURLcode code, std::size_t body_bytes) const;
    Error explain(CURLcode code, std::size_t body_bytes) const;

    CURL* handle; ///< of the request that runs
    CURLM* multi; ///< keeps the connection
    HttpOptions options;
    HttpReply reply;
    std::size_t header_bytes = 0;
    bool headers_ended = false;
    bool oversized = false;
    bool stalled = false;
    bool renew = false; ///< at the next request
    char reason[CURL_ERROR_SIZE] = {};
};

/// What is the same for every request. Options stay set on the handle.
void HttpClient::Impl::configure()
{
    auto const set = [this](CURLoption option, auto value) { curl_easy_setopt(handle, option, value); };
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_ERRORBUFFER, reason);
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!options.ca_file.empty()) {
        set(CURLOPT_CAINFO, options.ca_file.c_str());
        set(CURLOPT_CAPATH, static_cast<char const*>(nullptr));
    }
    set(CURLOPT_USERAGENT, options.user_agent.c_str());
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
    set(CURLOPT_MAX_SEND_SPEED_LARGE, static_cast<curl_off_t>(options.max_upload_bytes_per_second));
    set(CURLOPT_TCP_KEEPALIVE, 1L);
    // One connection to one hub is all there ever is.
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, 1L);
    // A name server that does not answer holds its own thread up, not us.
    set(CURLOPT_QUICK_EXIT, 1L);
    // What a proxy says to CONNECT is no part of the reply.
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    set(CURLOPT_HEADERFUNCTION, &Impl::on_header);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_WRITEFUNCTION, &Impl::on_body);
    set(CURLOPT_WRITEDATA, this);
    if (options.earliest_now && is_curl_of_openssl()) {
        set(CURLOPT_SSL_CTX_FUNCTION, &Impl::on_tls);
        set(CURLOPT_SSL_CTX_DATA, this);
    }
}

CURLcode HttpClient::Impl::transfer()
{
    if (curl_multi_add_handle(multi, handle) != CURLM_OK)
        return CURLE_FAILED_INIT;
    CURLcode const code = run();
    // Ends what is not ended yet, and its connection with it.
    curl_multi_remove_handle(multi, handle);
    return code;
}

/// As curl_easy_perform(), whose own measure of a stall is of whole seconds.
CURLcode HttpClient::Impl::run()
{
    using Steady = std::chrono::steady_clock;
    auto longest_silence = options.stall_timeout;
    if (auto const pace = options.max_upload_bytes_per_second; pace > 0)
        longest_silence += std::chrono::milliseconds(upload_piece * 1000 / pace);
    std::uint64_t moved = 0;
    auto last_moved = Steady::now();
    for (;;) {
        int running = 0;
        if (curl_multi_perform(multi, &running) != CURLM_OK)
            return CURLE_OUT_OF_MEMORY;
        if (running == 0)
            break;
        if (options.cancelled && options.cancelled())
            return CURLE_ABORTED_BY_CALLBACK;
        auto const now = Steady::now();
        auto const moved_now = static_cast<std::uint64_t>(info<curl_off_t>(CURLINFO_SIZE_UPLOAD_T))
            + reply.body.size() + header_bytes;
        // connect_timeout is for what comes before the first byte.
        bool const is_connected = info<curl_off_t>(CURLINFO_PRETRANSFER_TIME_T) != 0;
        if (moved_now != moved || !is_connected) {
            moved = moved_now;
            last_moved = now;
        }
        auto const silence = std::chrono::duration_cast<std::chrono::milliseconds>(now - last_moved);
        stalled = silence >= longest_silence;
        if (stalled)
            return CURLE_OPERATION_TIMEDOUT;
        auto const wait = std::min(longest_wait, longest_silence - silence);
        if (curl_multi_poll(multi, nullptr, 0, static_cast<int>(wait.count()), nullptr) != CURLM_OK)
            return CURLE_OUT_OF_MEMORY;
    }
    int left = 0;
    CURLMsg const* const ended = curl_multi_info_read(multi, &left);
    return ended ? ended->data.result : CURLE_FAILED_INIT;
}

char const* HttpClient::Impl::phase(CURLcode code, std::size_t body_bytes) const
{
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return "looking up the name";
    case CURLE_COULDNT_RESOLVE_PROXY:
        return "looking up the proxy's name";
    case CURLE_COULDNT_CONNECT:
        return "connecting";
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
        return "setting up TLS";
    default:
        break;
    }
    if (proxy_refused())
        return "asking the proxy";
    if (header_bytes > 0)
        return "receiving the reply";
    if (info<curl_off_t>(CURLINFO_PRETRANSFER_TIME_T) == 0)
        return info<long>(CURLINFO_LOCAL_PORT) == 0 ? "connecting" : "setting up TLS";
    auto const sent = static_cast<std::size_t>(info<curl_off_t>(CURLINFO_SIZE_UPLOAD_T));
    return sent < body_bytes ? "sending the request" : "waiting for the reply";
}

Error HttpClient::Impl::explain(CURLcode code, std::size_t body_bytes) const
{
    if (oversized)
        return {Errc::Full,
            "the reply is longer than " + std::to_string(options.max_reply_bytes)
                + " bytes (or its headers are)"};
    std::string why = reason[0] != '\0' ? reason : curl_easy_strerror(code);
    if (stalled)
        why = "nothing moved for " + std::to_string(options.stall_timeout.count()) + " ms";
    if (info<long>(CURLINFO_HTTP_CONNECTCODE) == proxy_wants_login)
        why = "it wants a user name and a password (407)";
    // After a connection, "unsupported protocol" is what the other side speaks.
    if (code == CURLE_URL_MALFORMAT
        || (code == CURLE_UNSUPPORTED_PROTOCOL && info<curl_off_t>(CURLINFO_CONNECT_TIME_T) == 0))
        return {Errc::Invalid, why};
    if (code == CURLE_ABORTED_BY_CALLBACK)
        return {Errc::Cancelled, "stopped on request"};
    return {Errc::Unreachable, std::string(phase(code, body_bytes)) + ": " + why};
}

HttpClient::HttpClient(std::unique_ptr<Impl> impl)
    : impl_(std::move(impl))
{
}
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;
HttpClient::~HttpClient() = default;

Result<HttpClient> HttpClient::create(HttpOptions options)
{
    std::error_code ignored;
    if (!options.ca_file.empty() && !std::filesystem::is_regular_file(options.ca_file, ignored))
        return fail(Errc::NotFound, "certificate file " + options.ca_file.string() + " does not exist");
    auto impl = start_curl() ? std::make_unique<Impl>(std::move(options)) : nullptr;
    if (!impl || !impl->handle || !impl->multi)
        return fail(Errc::Io, "libcurl cannot start");
    impl->configure();
    return HttpClient(std::move(impl));
}

void HttpClient::renew_connection() { impl_->renew = true; }

Result<HttpReply> HttpClient::send(HttpRequest const& request)
{
    auto& self = *impl_;
    HeaderList headers;
    if (has_line_break(request.method) || has_line_break(request.url))
        return fail(Errc::Invalid, "a line break in the method or the URL");
    for (auto const& header : request.headers) {
        if (has_line_break(header.name) || has_line_break(header.value))
            return fail(Errc::Invalid, "a line break in the header " + header.name.substr(0, 40));
        // libcurl's spelling for a header without a value is a semicolon.
        headers.add(header.value.empty() ? header.name + ";" : header.name + ": " + header.value);
    }
    // Waiting for "100 Continue" costs a round trip, and bodies are small.
    headers.add("Expect:");

    self.reply = {};
    self.header_bytes = 0;
    self.headers_ended = false;
    self.oversized = false;
    self.stalled = false;
    self.reason[0] = '\0';
    CURL* const handle = self.handle;
    curl_easy_setopt(handle, CURLOPT_URL, request.url.c_str());
    // There is room for one connection: the new one displaces the old.
    curl_easy_setopt(handle, CURLOPT_FRESH_CONNECT, std::exchange(self.renew, false) ? 1L : 0L);
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.list);
    curl_easy_setopt(handle, CURLOPT_PINNEDPUBLICKEY,
        request.pinned_key.empty() ? static_cast<char const*>(nullptr) : request.pinned_key.c_str());
    if (request.body.empty() && request.method != "POST" && request.method != "PUT") {
        curl_easy_setopt(handle, CURLOPT_HTTPGET, 1L);
    } else {
        curl_easy_setopt(handle, CURLOPT_POST, 1L);
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.empty() ? "" : request.body.data());
        curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    }
    curl_easy_setopt(handle, CURLOPT_NOBODY, request.method == "HEAD" ? 1L : 0L);
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());

    auto timeout = self.options.total_timeout;
    if (auto const pace = self.options.max_upload_bytes_per_second; pace > 0)
        timeout += std::chrono::seconds(static_cast<std::int64_t>(request.body.size()) / pace + 1);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));

    CURLcode const code = self.transfer();
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, static_cast<curl_slist*>(nullptr));
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, static_cast<char const*>(nullptr));
    if (code != CURLE_OK)
        return fail(self.explain(code, request.body.size()));
    auto const status = self.info<long>(CURLINFO_RESPONSE_CODE);
    // A connection that ends within the headers is all right with libcurl.
    if (status == 0 || !self.headers_ended)
        return fail(Errc::Unreachable, "receiving the reply: its headers are cut off");
    self.reply.status = static_cast<int>(status);
    return std::move(self.reply);
}

}
