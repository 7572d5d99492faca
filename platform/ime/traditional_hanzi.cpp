#include "platform/ime/traditional_hanzi.h"

#include "platform/base/log.h"

#include <opencc/SimpleConverter.hpp>

#include <exception>
#include <utility>

namespace listenpost {

struct TraditionalHanzi::Library {
    explicit Library(std::string const& configuration)
        : converter(configuration)
    {
    }
    opencc::SimpleConverter converter; // copies of it would free the same dictionaries
};

TraditionalHanzi::TraditionalHanzi(BackgroundJobs& jobs, Options options)
    : jobs_(jobs)
    , options_(std::move(options))
{
}

TraditionalHanzi::~TraditionalHanzi()
{
    if (is_preparing_)
        jobs_.finish();
}

void TraditionalHanzi::prepare()
{
    if (std::exchange(is_preparing_, true))
        return;
    is_preparing_ = jobs_.start([this] { load(); });
}

void TraditionalHanzi::load()
{
    try {
        library_ = std::make_unique<Library>(options_.configuration);
    } catch (std::exception const& error) {
        log(LogLevel::Error, "traditional_hanzi_missing", {{"detail", error.what()}});
    }
    is_ready_ = true;
    if (options_.on_change)
        options_.on_change();
}

std::string TraditionalHanzi::convert(std::string_view simplified) const
{
    if (!is_ready_ || !library_)
        return std::string(simplified);
    try {
        return library_->converter.Convert(simplified.data(), simplified.size());
    } catch (std::exception const&) { // text that is no UTF-8
        return std::string(simplified);
    }
}

}
