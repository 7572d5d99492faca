#include "sync/agent/box_requests.h"

#include "kiosk/store/response_reader.h"
#include "platform/base/log.h"
#include "platform/os/files.h"
#include "sync/wire/limits.h"

#include <algorithm>
#include <utility>

namespace listenpost::sync {

Result<BoxRequests::Report> BoxRequests::report()
{
    Report report;
    auto store = kiosk::ResponseReader::open(folder_.store());
    if (!store && store.error().code == Errc::NotFound)
        return report;
    if (!store)
        return fail(store.error());
    auto const installs = store->installs();
    if (!installs)
        return fail(installs.error());
    std::size_t const untold = installs->size() - std::min(installs->size(), limits::max_told_installs);
    for (std::size_t i = untold; i < installs->size(); ++i)
        report.installs.push_back((*installs)[i].id);

    auto const text = read_file(folder_.erase_request(), kiosk::EraseRequest::max_bytes);
    auto const asked = text ? kiosk::parse_erase_request(*text) : fail(text.error());
    if (!asked)
        return report; // the hub asks again
    for (auto const& ref : asked->responses) {
        auto const done = store->is_erased(ref);
        if (!done)
            return fail(done.error());
        if (*done)
            report.erased.push_back(ref);
    }
    return report;
}

Result<> BoxRequests::take(std::string_view reply)
{
    if (reply.empty())
        return erase_file_.write({});
    auto const request = kiosk::parse_erase_request(reply);
    if (!request)
        return fail(request.error());
    auto const unreadable = request->unreadable.empty() ? std::string() : request->unreadable.front();
    if (std::exchange(told_unreadable_, unreadable) != unreadable && !unreadable.empty())
        log(LogLevel::Warn, "erasures_passed_over",
            {{"entries", static_cast<std::int64_t>(request->unreadable.size())}, {"first", unreadable}});
    return erase_file_.write(request->responses.empty() ? std::string() : to_json(*request));
}

}
