#include "platform/http/http_client.h"

#include <algorithm>
#include <curl/curl.h>
#include <utility>

namespace listenpost {
namespace {

constexpr std::size_t max_header_bytes = 64UL * 1024;

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
    Impl(CURL* easy, HttpOptions given)
        : handle(easy)
        , options(std::move(given))
    {
    }
    Impl(Impl const&) = delete;
    Impl& operator=(Impl const&) = delete;
    ~Impl() { curl_easy_cleanup(handle); }

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

    static int on_progress(void* self_pointer, curl_off_t, curl_off_t, curl_off_t, curl_off_t)
    {
        auto const& self = *static_cast<Impl*>(self_pointer);
        return self.options.cancelled() ? 1 : 0;
    }

    void configure();
    char const* phase(CURLcode code, std::size_t body_bytes) const;
    Error explain(CURLcode code, std::size_t body_bytes) const;

    CURL* handle;
    HttpOptions options;
    HttpReply reply;
    std::size_t header_bytes = 0;
    bool headers_ended = false;
    bool oversized = false;
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
    set(CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(options.stall_timeout.count()));
    set(CURLOPT_MAX_SEND_SPEED_LARGE, static_cast<curl_off_t>(options.max_upload_bytes_per_second));
    set(CURLOPT_TCP_KEEPALIVE, 1L);
    // One connection to one hub is all there ever is.
    set(CURLOPT_MAXCONNECTS, 1L);
    set(CURLOPT_HEADERFUNCTION, &Impl::on_header);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_WRITEFUNCTION, &Impl::on_body);
    set(CURLOPT_WRITEDATA, this);
    if (options.cancelled) {
        set(CURLOPT_NOPROGRESS, 0L);
        set(CURLOPT_XFERINFOFUNCTION, &Impl::on_progress);
        set(CURLOPT_XFERINFODATA, this);
    }
}

char const* HttpClient::Impl::phase(CURLcode code, std::size_t body_bytes) const
{
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        return "looking up the name";
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
    if (header_bytes > 0)
        return "receiving the reply";
    curl_off_t ready_us = 0;
    curl_off_t sent = 0;
    curl_easy_getinfo(handle, CURLINFO_PRETRANSFER_TIME_T, &ready_us);
    curl_easy_getinfo(handle, CURLINFO_SIZE_UPLOAD_T, &sent);
    if (ready_us == 0)
        return "connecting";
    return static_cast<std::size_t>(sent) < body_bytes ? "sending the request" : "waiting for the reply";
}

Error HttpClient::Impl::explain(CURLcode code, std::size_t body_bytes) const
{
    if (oversized)
        return {Errc::Full,
            "the reply is longer than " + std::to_string(options.max_reply_bytes)
                + " bytes (or its headers are)"};
    std::string const why = reason[0] != '\0' ? reason : curl_easy_strerror(code);
    curl_off_t connected_us = 0;
    curl_easy_getinfo(handle, CURLINFO_CONNECT_TIME_T, &connected_us);
    // After a connection, "unsupported protocol" is what the other side speaks.
    if (code == CURLE_URL_MALFORMAT || (code == CURLE_UNSUPPORTED_PROTOCOL && connected_us == 0))
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
    CURL* const handle = start_curl() ? curl_easy_init() : nullptr;
    if (!handle)
        return fail(Errc::Io, "libcurl cannot start");
    auto impl = std::make_unique<Impl>(handle, std::move(options));
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
    self.reason[0] = '\0';
    CURL* const handle = self.handle;
    curl_easy_setopt(handle, CURLOPT_URL, request.url.c_str());
    // There is room for one connection (MAXCONNECTS): the new one displaces the old.
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

    CURLcode const code = curl_easy_perform(handle);
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, static_cast<curl_slist*>(nullptr));
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, static_cast<char const*>(nullptr));
    if (code != CURLE_OK)
        return fail(self.explain(code, request.body.size()));
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    // A connection that ends within the headers is all right with libcurl.
    if (status == 0 || !self.headers_ended)
        return fail(Errc::Unreachable, "receiving the reply: its headers are cut off");
    self.reply.status = static_cast<int>(status);
    return std::move(self.reply);
}

}
