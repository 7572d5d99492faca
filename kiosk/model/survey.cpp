#include "kiosk/model/survey.h"

#include <algorithm>
#include <array>

namespace listenpost::kiosk {

int lowest_score(Scale scale) { return scale == Scale::Nps ? 0 : 1; }

int highest_score(Scale scale)
{
    switch (scale) {
    case Scale::ThreeFaces:
        return 3;
    case Scale::FourFaces:
        return 4;
    case Scale::FiveFaces:
        return 5;
    case Scale::Nps:
        return 10;
    }
    return 5;
}

int Question::face_of(int score) const
{
    // Three and four faces spread over the five that are drawn, so that the ends stay the ends.
    static constexpr std::array<int, 3> of_three {1, 3, 5};
    static constexpr std::array<int, 4> of_four {1, 2, 4, 5};
    int const index = std::clamp(score, lowest_score(), highest_score()) - lowest_score();
    switch (scale) {
    case Scale::ThreeFaces:
        return of_three.at(static_cast<std::size_t>(index));
    case Scale::FourFaces:
        return of_four.at(static_cast<std::size_t>(index));
    case Scale::FiveFaces:
        return index + 1;
    case Scale::Nps:
        return 1 + index * 4 / 10;
    }
    return 3;
}

std::string_view LocalizedText::in(std::string_view language) const
{
    auto found = by_language.find(language);
    if (found == by_language.end())
        found = by_language.find(fallback_language);
    return found == by_language.end() ? std::string_view() : std::string_view(found->second);
}

bool OpeningHours::is_open(int minute_of_week) const
{
    return spans.empty() || std::ranges::any_of(spans, [&](Span const& span) {
        // Once more a week earlier: what opened on Sunday night may close on Monday.
        int const after = minute_of_week + minutes_of_week;
        return (minute_of_week >= span.opens && minute_of_week < span.closes)
            || (after >= span.opens && after < span.closes);
    });
}

Question const* Survey::find(std::string_view question_id) const
{
    auto const found = std::ranges::find(questions, question_id, &Question::id);
    return found == questions.end() ? nullptr : &*found;
}

}
