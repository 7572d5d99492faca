#include "kiosk/ui/spoken.h"

namespace listenpost::kiosk {
namespace {

/// Sentences with a pause between them, whatever stands at their ends.
std::string joined(std::initializer_list<std::string_view> parts)
{
    std::string text;
    for (auto const part : parts) {
        if (part.empty())
            continue;
        if (!text.empty())
            text += ". ";
        text += part;
    }
    return text;
}

/// The question in "rate.quality.5", "reason.service.slow", "option.dish.soup", "minutes.wait.10".
std::string_view question_in(std::string_view id)
{
    auto const start = id.find('.');
    auto const end = id.rfind('.');
    bool const has_three_parts = start != std::string_view::npos && end > start;
    return has_three_parts ? id.substr(start + 1, end - start - 1) : std::string_view();
}

}

std::string Spoken::screen() const
{
    auto const say = [this](Text text) { return strings.get(view.language, text); };
    auto const in = [this](LocalizedText const& text) { return text.in(view.language); };
    auto const ask = [&](Question const& question) {
        return joined({in(question.title), in(question.hint)});
    };
    switch (view.panel) {
    case Panel::Languages:
        return std::string(say(Text::LanguagesHeadline));
    case Panel::Access:
        return std::string(say(Text::AccessHeadline));
    case Panel::None:
        break;
    }
    switch (view.screen) {
    case Screen::Attract:
        return joined({in(survey.attract_headline), say(Text::AttractStart)});
    case Screen::Rate:
        if (view.one_by_one() && view.current < survey.first_page())
            return ask(survey.questions[view.current]);
        return joined({in(survey.headline), in(survey.subline)});
    case Screen::Reasons:
        return joined({say(Text::ReasonsHeadline), say(Text::ReasonsHint)});
    case Screen::FollowUp: {
        Question const* const question = survey.find(view.follow_up);
        return question ? ask(*question) : std::string();
    }
    case Screen::Comment:
        return joined({say(Text::CommentHeadline), say(Text::CommentOptional), say(Text::CommentPrivacy)});
    case Screen::Thanks:
        return joined({in(survey.thanks_title), in(survey.thanks_promise)});
    case Screen::TimeoutWarning:
        return joined({say(Text::TimeoutHeadline),
            strings.get(view.language, Text::TimeoutText, {{"n", view.countdown.value_or(0)}})});
    case Screen::OutOfService:
        return joined({say(Text::OutOfServiceHeadline), say(Text::OutOfServiceAdvice)});
    }
    return {};
}

std::string Spoken::widget(Widget const& widget) const
{
    Question const* const question = survey.find(question_in(widget.id));
    std::string text;
    if (question)
        text = std::string(question->title.in(view.language)) + ": ";
    text += widget.label;
    bool const is_switch = widget.id.starts_with("access.");
    if (is_switch && widget.value)
        text += ", "
            + std::string(strings.get(view.language, *widget.value ? Text::AccessOn : Text::AccessOff));
    else if (widget.value == true)
        text += ", " + std::string(strings.get(view.language, Text::SpokenChosen));
    return text;
}

}
