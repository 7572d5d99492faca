#include "tests/kiosk/ui/golden.h"
#include "tests/kiosk/ui/screen_rig.h"

#include <catch2/catch.hpp>

using namespace listenpost::kiosk;
using namespace listenpost::kiosk::test;

namespace {

struct Case {
    std::string name;
    Survey const& survey;
    View view;
    int width = 1280;
    int height = 800;
};

View asking(Survey const& survey, std::string const& language, Answer answer)
{
    View view = view_of(Screen::FollowUp, language, {}, survey);
    view.follow_up = answer.question;
    view.can_go_back = true;
    view.draft.answers.push_back(std::move(answer));
    return view;
}

View aided(View view, bool View::*aid)
{
    view.*aid = true;
    return view;
}

std::vector<Case> cases()
{
    static Survey const restaurant = read_shipped_survey("qsc-restaurant");
    static Survey const staff = read_shipped_survey("staff-pulse");
    // The shipped ones ask by faces on the first page only.
    static Survey const later = [] {
        Survey survey = shipped_survey();
        survey.first_page_count = 2;
        return survey;
    }();
    Answer const dish {.question = "dish", .choices = {"noodles", "soup"}};
    Answer const wait {.question = "wait", .minutes = 15};
    Answer const improve {.question = "improve", .choices = {"training"}};
    Answer const recommend {.question = "recommend", .score = 8};
    Answer const clean {.question = "cleanliness", .score = 4};
    return {
        {"follow-up-single.zh-CN", staff, asking(staff, "zh-CN", improve)},
        {"follow-up-multiple.zh-CN", restaurant, asking(restaurant, "zh-CN", dish)},
        {"follow-up-multiple-portrait.en", restaurant, asking(restaurant, "en", dish), 800, 1280},
        {"follow-up-multiple-low.zh-CN", restaurant,
            aided(asking(restaurant, "zh-CN", dish), &View::low_reach)},
        {"follow-up-multiple-large.en", restaurant, aided(asking(restaurant, "en", dish), &View::large_text)},
        {"follow-up-minutes.zh-CN", restaurant, asking(restaurant, "zh-CN", wait)},
        {"follow-up-minutes-contrast.en", restaurant,
            aided(asking(restaurant, "en", wait), &View::high_contrast)},
        {"follow-up-nps.zh-CN", staff, asking(staff, "zh-CN", recommend)},
        {"follow-up-nps-portrait.zh-CN", staff, asking(staff, "zh-CN", recommend), 800, 1280},
        {"follow-up-nps-low.en", staff, aided(asking(staff, "en", recommend), &View::low_reach)},
        {"follow-up-faces.zh-CN", later, asking(later, "zh-CN", clean)},
    };
}

}

TEST_CASE("Every kind of further question looks as the pictures that were looked at", "[kiosk][ui][golden]")
{
    for (auto const& each : cases()) {
        DYNAMIC_SECTION(each.name)
        {
            ScreenRig rig(each.width, each.height, "人民广场店", each.survey);
            CHECK(rig.draw(each.view).cut_texts.empty());
            compare_with_golden(rig.picture(), each.name);
        }
    }
}
