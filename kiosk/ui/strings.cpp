#include "kiosk/ui/strings.h"

#include "platform/os/files.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

namespace listenpost::kiosk {
namespace {

using nlohmann::json;

constexpr std::array<char const*, text_count> keys {
    "language.name",
    "access.contrast",
    "rate.left",
    "rate.progress",
    "comment.open",
    "submit",
    "back",
    "skip",
    "reasons.headline",
    "reasons.hint",
    "comment.headline",
    "comment.optional",
    "comment.placeholder",
    "comment.count",
    "thanks.end",
    "thanks.again",
    "thanks.unrated",
    "timeout.headline",
    "timeout.text",
    "timeout.more_time",
    "timeout.give_up",
    "out_of_service.headline",
    "out_of_service.text",
    "out_of_service.advice",
    "next",
    "attract.start",
    "attract.closed",
    "languages.more",
    "languages.headline",
    "access.open",
    "access.headline",
    "access.hint",
    "access.large",
    "access.low_reach",
    "access.speech",
    "access.on",
    "access.off",
    "panel.close",
    "follow_up.choose_one",
    "follow_up.choose_many",
    "follow_up.minutes",
    "follow_up.minutes_most",
    "follow_up.placeholder",
    "comment.privacy",
    "comment.masked",
    "key.space",
    "key.letters",
    "key.numbers",
    "key.symbols",
    "key.pinyin",
    "key.english",
    "key.shift",
    "key.backspace",
    "pinyin.loading",
    "spoken.chosen",
    "spoken.welcome",
    "manager.title",
    "manager.pin.hint",
    "manager.pin.wrong",
    "manager.pin.tries",
    "manager.pin.locked",
    "manager.pin.wait_seconds",
    "manager.pin.wait_minutes",
    "manager.pin.forgotten",
    "manager.pin.not_set",
    "manager.pin.not_set_how",
    "manager.pin.failed",
    "manager.pin.failed_how",
    "manager.pin.clear",
    "manager.leave",
    "manager.period.today",
    "manager.period.days",
    "manager.view.overview",
    "manager.view.details",
    "manager.view.delivery",
    "manager.last_days",
    "manager.date",
    "manager.day",
    "manager.moment",
    "month.1",
    "month.2",
    "month.3",
    "month.4",
    "month.5",
    "month.6",
    "month.7",
    "month.8",
    "month.9",
    "month.10",
    "month.11",
    "month.12",
    "weekday.1",
    "weekday.2",
    "weekday.3",
    "weekday.4",
    "weekday.5",
    "weekday.6",
    "weekday.7",
    "manager.index",
    "manager.index.other",
    "manager.margin",
    "manager.plus",
    "manager.minus",
    "manager.usual_day",
    "manager.usual",
    "manager.against",
    "manager.no_usual",
    "manager.too_few",
    "manager.few",
    "manager.none",
    "manager.distribution",
    "manager.answers",
    "manager.mean",
    "manager.until",
    "manager.uncertain",
    "manager.uncertain_time",
    "manager.counting",
    "manager.loading",
    "manager.failing",
    "manager.responses",
    "manager.usual_count",
    "manager.complete",
    "manager.partial",
    "manager.play",
    "manager.flagged",
    "manager.waited",
    "manager.hours",
    "manager.trend",
    "manager.low",
    "manager.high",
    "manager.reasons",
    "manager.times",
    "manager.no_reasons",
    "manager.calm",
    "manager.standout.worse",
    "manager.standout.better",
    "manager.standout.reason",
    "manager.standout.end",
    "manager.from_to",
    "manager.hour",
    "manager.heat",
    "manager.heat_hint",
    "manager.heat_touch",
    "manager.hour_unit",
    "manager.from",
    "manager.below",
    "manager.legend_few",
    "manager.comments",
    "manager.low_first",
    "manager.newest_first",
    "manager.only_low",
    "manager.only_comments",
    "manager.more",
    "manager.no_comments",
    "manager.page",
    "manager.earlier",
    "manager.later",
    "manager.only_open",
    "manager.none_open",
    "manager.mark.seen",
    "manager.mark.dealt_with",
    "manager.mark.nobody",
    "manager.mark.no_comment",
    "manager.mark.erased",
    "manager.mark.initials",
    "manager.mark.initials_hint",
    "manager.mark.who_first",
    "manager.mark.note",
    "manager.mark.note_placeholder",
    "manager.mark.note_privacy",
    "manager.mark.keeping",
    "manager.mark.fails",
    "manager.mark.earlier_fails",
    "delivery.trouble.none",
    "delivery.trouble.unknown",
    "delivery.trouble.never_ran",
    "delivery.trouble.not_enrolled",
    "delivery.trouble.starting",
    "delivery.trouble.unreachable",
    "delivery.trouble.not_the_hub",
    "delivery.trouble.certificate",
    "delivery.trouble.clock",
    "delivery.trouble.unknown_box",
    "delivery.trouble.hub_busy",
    "delivery.trouble.hub_older",
    "delivery.trouble.disk_full",
    "delivery.trouble.own_file",
    "delivery.trouble.stopped",
    "delivery.advice.none",
    "delivery.advice.unknown",
    "delivery.advice.never_ran",
    "delivery.advice.not_enrolled",
    "delivery.advice.starting",
    "delivery.advice.unreachable",
    "delivery.advice.not_the_hub",
    "delivery.advice.certificate",
    "delivery.advice.clock",
    "delivery.advice.unknown_box",
    "delivery.advice.hub_busy",
    "delivery.advice.hub_older",
    "delivery.advice.disk_full",
    "delivery.advice.own_file",
    "delivery.advice.stopped",
    "delivery.trouble.refused",
    "delivery.advice.refused",
    "delivery.captured",
    "delivery.delivered",
    "delivery.waiting",
    "delivery.refused",
    "delivery.contact",
    "delivery.oldest",
    "delivery.next",
    "delivery.disk",
    "delivery.disk_free",
    "delivery.clock",
    "delivery.clock_set",
    "delivery.clock_unset",
    "delivery.version",
    "delivery.never",
    "delivery.unknown",
    "delivery.why",
    "delivery.why.invalid",
    "delivery.why.conflict",
    "delivery.why.other",
    "delivery.list.all",
    "delivery.list.gone",
    "delivery.list.none",
    "delivery.row.staff",
    "delivery.row.next",
    "delivery.row.invalid",
    "delivery.row.conflict",
    "ago.now",
    "ago.minutes",
    "ago.hours",
    "ago.days",
    "week.title",
    "week.store",
    "week.range",
    "week.made",
    "week.trend",
    "week.calm",
    "week.too_early",
    "week.notes",
    "week.privacy",
    "export.button",
    "export.looking",
    "export.drawing",
    "export.running",
    "export.finishing",
    "export.hint",
    "export.table_only",
    "export.done",
    "export.no_drive",
    "export.choose",
    "export.read_only",
    "export.full",
    "export.pulled_out",
    "export.unreadable",
    "export.cancelled",
    "export.failed",
    "export.exchanged",
    "table.time",
    "table.place",
    "table.language",
    "table.outcome",
    "table.complete",
    "table.partial",
    "table.reasons",
    "table.other",
    "table.comment",
    "table.flags",
    "table.handled",
    "table.seen",
    "table.dealt_with",
    "table.handled_by",
    "table.note",
    "table.handled_at",
    "table.install",
    "table.number",
    "manager.without_time",
};

/// The names between braces, each once. A brace without its partner is a name too: it will not agree.
std::set<std::string> placeholders(std::string_view text)
{
    std::set<std::string> names;
    for (std::size_t open = text.find('{'); open != text.npos; open = text.find('{', open + 1)) {
        std::size_t const close = text.find('}', open);
        names.emplace(text.substr(open + 1, close == text.npos ? text.npos : close - open - 1));
    }
    return names;
}

std::string fill(std::string text, Strings::Values const& values)
{
    for (auto const& [name, value] : values) {
        std::string const hole = "{" + std::string(name) + "}";
        std::size_t at = 0;
        while ((at = text.find(hole, at)) != text.npos) {
            text.replace(at, hole.size(), value.text);
            at += value.text.size();
        }
    }
    return text;
}

/// A plain text, or one for each plural form. Empty when it is neither.
std::pair<std::string, std::string> forms(json const& value)
{
    if (value.is_string())
        return {"", value.get<std::string>()};
    auto const form = [&](char const* name) {
        if (!value.is_object())
            return std::string();
        auto const found = value.find(name);
        return found != value.end() && found->is_string() ? found->get<std::string>() : std::string();
    };
    return {form("one"), form("other")};
}

}

char const* key_of(Text text) { return keys[static_cast<std::size_t>(text)]; }

Result<Strings> Strings::parse(std::map<std::string, std::string> const& files)
{
    if (files.empty())
        return fail(Errc::Invalid, "no language has texts");
    Strings strings;
    std::array<std::set<std::string>, text_count> names;
    for (auto const& [language, text] : files) {
        json const root = json::parse(text, nullptr, false);
        if (!root.is_object())
            return fail(Errc::Invalid, language + " is not a JSON object");
        Table table;
        bool const first = strings.tables_.empty();
        for (std::size_t index = 0; index < text_count; ++index) {
            std::string const place = language + ": " + keys[index];
            auto const found = root.find(keys[index]);
            if (found == root.end())
                return fail(Errc::Invalid, place + " is missing");
            auto [one, other] = forms(*found);
            if (other.empty())
                return fail(Errc::Invalid, place + " is empty");
            auto const here = placeholders(other);
            if (first)
                names[index] = here;
            if (here != names[index] || (!one.empty() && placeholders(one) != here))
                return fail(Errc::Invalid, place + " has other placeholders than elsewhere");
            table[index] = {std::move(one), std::move(other)};
        }
        if (root.size() != text_count)
            for (auto const& item : root.items())
                if (std::ranges::find(keys, item.key()) == keys.end())
                    return fail(Errc::Invalid, language + ": " + item.key() + " is used nowhere");
        strings.tables_.emplace(language, std::move(table));
    }
    return strings;
}

Result<Strings> Strings::load(std::filesystem::path const& folder)
{
    constexpr std::size_t max_bytes = 256 * 1024;
    std::map<std::string, std::string> files;
    std::error_code error;
    for (auto const& entry : std::filesystem::directory_iterator(folder, error)) {
        if (entry.path().extension() != ".json")
            continue;
        auto text = read_file(entry.path(), max_bytes);
        if (!text)
            return fail(text.error());
        files.emplace(entry.path().stem(), std::move(*text));
    }
    if (error)
        return fail(Errc::NotFound, folder.string() + ": " + error.message());
    return parse(files);
}

Strings::Table const& Strings::table(std::string_view language) const
{
    auto found = tables_.find(language);
    if (found == tables_.end())
        found = tables_.find("en");
    return found == tables_.end() ? tables_.begin()->second : found->second;
}

std::string_view Strings::get(std::string_view language, Text text) const
{
    return table(language)[static_cast<std::size_t>(text)].other;
}

std::string Strings::get(std::string_view language, Text text, Values const& values) const
{
    Entry const& entry = table(language)[static_cast<std::size_t>(text)];
    auto const n = std::ranges::find(values, "n", &Values::value_type::first);
    bool const one = n != values.end() && n->second.is_one && !entry.one.empty();
    return fill(one ? entry.one : entry.other, values);
}

std::vector<std::string> Strings::languages() const
{
    std::vector<std::string> result;
    for (auto const& [language, table] : tables_)
        result.push_back(language);
    return result;
}

}
