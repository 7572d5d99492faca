#include "tests/sync/agent/networked_box.h"

#include "tests/support/http_stub.h"

namespace listenpost::test {

std::string hub_reply(FakeHub& hub, std::string const& request)
{
    HttpRequest read;
    read.body = std::string_view(request).substr(request.find("\r\n\r\n") + 4);
    auto const reply = hub.send(read, {});
    return reply ? http_reply(reply->status, reply->body, {"Content-Type: application/json"}) : "";
}

}
