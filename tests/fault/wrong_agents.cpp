#include "tests/fault/wrong_agents.h"

#include "platform/base/random_id.h"
#include "sync/wire/compression.h"
#include "sync/wire/limits.h"

namespace listenpost::test {
namespace {

/// The same for every one of them: the real transport, and a reply to believe.
class Faulty : public sync::Transport {
public:
    explicit Faulty(sync::Transport& real)
        : real_(real)
    {
    }

protected:
    static HttpReply acknowledge(HttpRequest const& request)
    {
        auto const batch = read_batch("POST /v1/batches \r\n\r\n" + std::string(request.body));
        return {200, {},
            R"({"acknowledged":)" + std::to_string(batch.seqs.size())
                + R"(,"duplicates":0,"refused":[],"batch":")" + batch.digest + "\"}"};
    }
    sync::Transport& real_;
};

class BelievesAny200 final : public Faulty {
public:
    using Faulty::Faulty;
    Result<HttpReply> send(HttpRequest const& request, std::filesystem::path const& ca_file) override
    {
        auto reply = real_.send(request, ca_file);
        return reply && reply->status == 200 ? acknowledge(request) : reply;
    }
};

class TakesSentForReceived final : public Faulty {
public:
    using Faulty::Faulty;
    Result<HttpReply> send(HttpRequest const& request, std::filesystem::path const& ca_file) override
    {
        auto reply = real_.send(request, ca_file);
        bool const sent = !reply && reply.error().detail.find("the reply") != std::string::npos;
        return sent ? acknowledge(request) : reply;
    }
};

class GivesUpAfterTrouble final : public Faulty {
public:
    using Faulty::Faulty;
    Result<HttpReply> send(HttpRequest const& request, std::filesystem::path const& ca_file) override
    {
        if (hurt_)
            return fail(Errc::Unreachable, "no more");
        auto reply = real_.send(request, ca_file);
        hurt_ = !reply;
        return reply;
    }

private:
    bool hurt_ = false;
};

class BlamesTheResponses final : public Faulty {
public:
    using Faulty::Faulty;
    Result<HttpReply> send(HttpRequest const& request, std::filesystem::path const& ca_file) override
    {
        auto reply = real_.send(request, ca_file);
        if (reply && reply->status >= 500)
            return HttpReply {400, {}, R"({"error":{"code":"bad_batch","detail":""}})"};
        return reply;
    }
};

class ForgetsItsName final : public Faulty {
public:
    using Faulty::Faulty;
    Result<HttpReply> send(HttpRequest const& request, std::filesystem::path const& ca_file) override
    {
        using namespace sync;
        auto text = decompress(Encoding::Zstd, request.body, limits::max_unpacked_bytes);
        auto const at = text ? text->find(R"("install":")") : std::string::npos;
        if (!failed_ || at == std::string::npos) {
            auto reply = real_.send(request, ca_file);
            failed_ = !reply;
            return reply;
        }
        text->replace(at + 11, limits::install_digits, random_hex(limits::install_digits / 2));
        auto const packed = compress(Encoding::Zstd, *text);
        if (!packed)
            return fail(packed.error());
        auto renamed = request;
        renamed.body = *packed;
        auto reply = real_.send(renamed, ca_file);
        return reply && reply->status == 200 ? acknowledge(request) : reply;
    }

private:
    bool failed_ = false;
};

template <typename Agent>
std::unique_ptr<sync::Transport> make(sync::Transport& real)
{
    return std::make_unique<Agent>(real);
}

}

std::vector<WrongAgent> wrong_agents()
{
    return {
        {"takes any 200 for an acknowledgement", make<BelievesAny200>, &Findings::lost},
        {"takes what it has sent for received", make<TakesSentForReceived>, &Findings::lost},
        {"takes everybody's no for the hub's", make<BlamesTheResponses>, &Findings::lost},
        {"sends again under another name", make<ForgetsItsName>, &Findings::twice},
        {"gives up after a trouble", make<GivesUpAfterTrouble>, &Findings::stuck},
    };
}

}
