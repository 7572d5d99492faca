#include "tests/kiosk/ui/screen_rig.h"

#include "platform/os/files.h"

#include <catch2/catch.hpp>

namespace listenpost::kiosk::test {
namespace {

class StoppedClock final : public Clock {
public:
    WallTime wall_now() const override { return {}; }
    SteadyTime steady_now() const override { return {}; }
    bool wall_is_set() const override { return true; }
    std::string boot_id() const override { return "test"; }
};

std::unique_ptr<Window> headless_window(Clock const& clock, int width, int height)
{
    WindowOptions options;
    options.mode = WindowMode::Headless;
    options.size = {width, height};
    auto window = Window::create(options, clock);
    REQUIRE(window);
    return std::move(*window);
}

std::unique_ptr<Frame> frame_for(Window& window)
{
    auto frame = Frame::create(window, share_folder() / "fonts");
    if (!frame)
        FAIL("no font: " << frame.error().detail);
    return std::move(*frame);
}

}

std::filesystem::path share_folder() { return LISTENPOST_TEST_SHARE; }

Survey read_shipped_survey(std::string const& id)
{
    auto const text = read_file(share_folder() / "surveys" / (id + ".json"), 1 << 20);
    REQUIRE(text);
    auto parsed = parse_survey(*text);
    if (!parsed)
        FAIL(parsed.error().detail);
    return std::move(*parsed);
}

Survey const& shipped_survey()
{
    static Survey const survey = read_shipped_survey("qsc-restaurant");
    return survey;
}

Strings const& shipped_strings()
{
    static Strings const strings = [] {
        auto loaded = Strings::load(share_folder() / "strings");
        if (!loaded)
            FAIL(loaded.error().detail);
        return std::move(*loaded);
    }();
    return strings;
}

Survey survey_of_faces(std::vector<Scale> const& scales)
{
    Survey survey = shipped_survey();
    survey.questions.erase(
        survey.questions.begin() + static_cast<std::ptrdiff_t>(scales.size()), survey.questions.end());
    survey.first_page_count = scales.size();
    for (std::size_t index = 0; index < scales.size(); ++index) {
        Question& question = survey.questions[index];
        auto const five = question.score_labels;
        question.scale = scales[index];
        question.score_labels.clear();
        for (int score = question.lowest_score(); score <= question.highest_score(); ++score)
            question.score_labels.push_back(five[static_cast<std::size_t>(question.face_of(score) - 1)]);
        question.reasons_at_most = 1;
    }
    return survey;
}

View view_of(Screen screen, std::string language, std::vector<Answer> answers, Survey const& survey)
{
    View view;
    view.screen = screen;
    view.language = std::move(language);
    view.draft.answers = std::move(answers);
    view.phrases_chosen.assign(survey.phrases.size(), false);
    view.phrases_fit.assign(survey.phrases.size(), true);
    for (std::size_t index = 0; index < survey.first_page(); ++index) {
        auto const& question = survey.questions[index];
        Answer const* const answer = std::as_const(view.draft).find(question.id);
        if (!answer || !answer->score)
            ++view.unrated;
        else if (question.asks_reasons_for(*answer->score))
            view.low_questions.push_back(question.id);
    }
    return view;
}

void choose_phrases(View& view, std::vector<std::size_t> const& chosen)
{
    for (std::size_t const index : chosen) {
        view.phrases_chosen[index] = true;
        if (!view.draft.comment.empty())
            view.draft.comment += view.language == "zh-CN" ? "，" : ", ";
        view.draft.comment += shipped_survey().phrases[index].in(view.language);
    }
}

ScreenRig::ScreenRig(int width, int height, std::string place, Survey const& survey)
    : clock_(std::make_unique<StoppedClock>())
    , window_(headless_window(*clock_, width, height))
    , frame_(frame_for(*window_))
    , screens_(survey, shipped_strings(), frame_->fonts(), std::move(place))
    , width_(width)
    , height_(height)
{
}

Screens::Drawn ScreenRig::draw(View const& view)
{
    frame_->begin(finger_, now_);
    auto drawn = screens_.draw(view, width_, height_, now_);
    frame_->end();
    return drawn;
}

std::vector<Event> ScreenRig::tap(View const& view, std::string_view id)
{
    draw(view);
    Widget const* const widget = map().find(id);
    INFO("widget " << id);
    REQUIRE(widget);
    return tap(view, widget->box.centre());
}

std::vector<Event> ScreenRig::tap(View const& view, Point at)
{
    std::vector<Event> all;
    auto const take
        = [&](Screens::Drawn drawn) { all.insert(all.end(), drawn.events.begin(), drawn.events.end()); };
    finger_down(at.x, at.y);
    take(draw(view));
    finger_up();
    take(draw(view));
    finger_away();
    take(draw(view));
    return all;
}

}
