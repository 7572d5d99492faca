#include "kiosk/week_picture.h"

#include "kiosk/model/store_profile.h"
#include "kiosk/store/response_reader.h"
#include "kiosk/summary/list_responses.h"
#include "kiosk/summary/summarize.h"
#include "kiosk/survey_file.h"
#include "kiosk/ui/week_page.h"
#include "platform/base/log.h"
#include "platform/os/acting_user.h"
#include "platform/os/asset_path.h"
#include "platform/os/files.h"
#include "platform/os/time_zone.h"

#include <cstdio>
#include <utility>

namespace listenpost::kiosk {
namespace {

constexpr std::size_t max_profile_bytes = 64UL * 1024;
constexpr std::size_t most_comments = 20; ///< more have no room on the page

/// Who is not enrolled has no name and the machine's zone.
StoreProfile profile_of(std::filesystem::path const& data)
{
    auto const text = read_file(data / "inbox/store.json", max_profile_bytes);
    auto profile = text ? parse_store_profile(*text) : fail(text.error());
    StoreProfile known = profile ? std::move(*profile) : StoreProfile {};
    if (!TimeZone::find(known.timezone))
        known.timezone = TimeZone::find("") ? "" : "Etc/UTC";
    return known;
}

Result<WeekFigures> figures_of(std::filesystem::path const& data, SummaryQuery const& query)
{
    auto file = SummaryFile::open_to_read(data / "summary.db");
    auto store = file ? ResponseReader::open(data / "store.db") : fail(file.error());
    if (!store)
        return fail(store.error());
    auto const last = store->last_seq();
    if (!last)
        return fail(last.error());
    auto summary = summarize(*file, query);
    if (!summary)
        return fail(summary.error());
    ResponseQuery comments;
    comments.of = query;
    comments.with_comment_only = true;
    comments.with_flagged = true; // they are marked as such
    comments.order = ResponseOrder::LowestScoreFirst;
    comments.limit = most_comments;
    auto page = list_responses(*file, *store, comments);
    if (!page)
        return fail(page.error());
    WeekFigures week;
    week.summary = std::move(*summary);
    week.comments = std::move(*page);
    week.counted = file->state.counted_up_to;
    week.of = *last;
    return week;
}

Result<> write(std::filesystem::path const& file, std::string const& png)
{
    if (file != "-")
        return write_file_atomically(file, png);
    if (std::fwrite(png.data(), 1, png.size(), stdout) != png.size() || std::fflush(stdout) != 0)
        return fail(Errc::Io, "standard output does not take it");
    return {};
}

}

Result<std::string> week_picture(Options const& options, Clock const& clock)
{
    auto const file
        = options.survey.empty() ? asset_folder() / "surveys/qsc-restaurant.json" : options.survey;
    auto const survey = load_survey(file, options.language);
    auto const strings = Strings::load(asset_folder() / "strings");
    if (!survey || !strings)
        return fail(survey ? strings.error() : survey.error());
    auto const fonts = Fonts::create(asset_folder() / "fonts");
    if (!fonts)
        return fail(fonts.error());
    StoreProfile const profile = profile_of(options.data);
    SummaryQuery query;
    query.period = Period::SevenDays;
    query.now = clock.wall_now();
    query.zone = profile.timezone;
    query.survey = std::make_shared<Survey const>(*survey);
    auto week = figures_of(options.data, query);
    if (!week)
        return fail(week.error());
    week->place = profile.name;
    week->store_id = profile.id;
    week->made = TimeZone::find(profile.timezone)->to_local(query.now);
    Logo logo;
    if (!survey->branding.logo.empty())
        if (auto picture = load_picture(survey->branding.logo))
            logo.set(std::move(*picture));
    WeekStyle const style {.language = survey->languages.front()};
    WeekDrawn drawn;
    auto const page = draw_week_page(**fonts, *survey, *strings, logo, *week, style, drawn);
    return page->png(style.dots_per_inch);
}

int print_week(Options const& options, Clock const& clock)
{
    Result<> done = act_as_owner(options.data);
    if (done) {
        auto const png = week_picture(options, clock);
        done = png ? write(options.week_picture, *png) : fail(png.error());
    }
    if (!done)
        log(LogLevel::Error, "week_not_printed",
            {{"code", name(done.error().code)}, {"detail", done.error().detail}});
    return done ? 0 : 1;
}

}
