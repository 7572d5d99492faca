#include "kiosk/ui/spoken.h"

#include "tests/kiosk/ui/screen_rig.h"

#include <catch2/catch.hpp>

using namespace listenpost::kiosk;
using namespace listenpost::kiosk::test;

namespace {

Spoken spoken(View const& view) { return {view, shipped_survey(), shipped_strings()}; }

}

TEST_CASE("Spoken mode says something on every screen, in every language", "[kiosk][ui][spoken]")
{
    for (auto const& language : shipped_survey().languages)
        for (Screen const screen : {Screen::Attract, Screen::Rate, Screen::Reasons, Screen::Comment,
                 Screen::Thanks, Screen::TimeoutWarning, Screen::OutOfService}) {
            INFO(language << " " << name(screen));
            CHECK(spoken(view_of(screen, language)).screen().size() > 3);
        }
}

TEST_CASE("A face is spoken with its question, and whether it is chosen", "[kiosk][ui][spoken]")
{
    View const view = view_of(Screen::Rate, "en");
    Widget face {"rate.service.4", "Good", {}, true, false};
    CHECK(spoken(view).widget(face) == "Service: Good");
    face.value = true;
    CHECK(spoken(view).widget(face) == "Service: Good, chosen");
    CHECK(spoken(view).widget({"submit", "Done", {}, true, {}}) == "Done");
}

TEST_CASE("A panel is spoken instead of the screen under it", "[kiosk][ui][spoken]")
{
    View view = view_of(Screen::Rate, "en");
    auto const screen = spoken(view).screen();
    view.panel = Panel::Languages;
    CHECK(spoken(view).screen() != screen);
}
