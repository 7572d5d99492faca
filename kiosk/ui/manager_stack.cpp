#include "kiosk/ui/layout_manager.h"
#include "kiosk/ui/manager_parts.h"

/// What large text makes of the manager's screens.
namespace listenpost::kiosk {

AsForCustomers::AsForCustomers(ManagerUi& other)
    : stage(stage_for(other.ui.stage.screen.w, other.ui.stage.screen.h,
        {.large_text = other.view.aids.large_text}))
    , ui {
          .list = other.ui.list,
          .fonts = other.ui.fonts,
          .palette = other.ui.palette,
          .stage = stage,
          .strings = other.ui.strings,
          .survey = other.ui.survey,
          .view = other.ui.view,
          .place = other.ui.place,
          .logo = other.ui.logo,
          .map = other.ui.map,
          .events = other.ui.events,
          .cut_texts = other.ui.cut_texts,
          .smallest_text = other.ui.smallest_text,
          .text_scale = other.view.aids.large_text ? theme::large_text : 1.F,
          .reaction = other.ui.reaction,
          .typing = other.ui.typing,
          .now = other.ui.now,
          .activated = other.ui.activated,
      }
    , manager {ui, other.view, other.figures, other.events}
{
}

namespace {

struct Range {
    std::size_t from = 0;
    std::size_t to = 0;
};

std::vector<Range> parts_of(std::vector<StackedCard> const& cards, Stage const& stage, int height)
{
    std::vector<Range> parts;
    int free = 0;
    for (std::size_t index = 0; index < cards.size(); ++index) {
        int const least = stage.px(static_cast<float>(cards[index].least));
        int const taken = least + stage.px(theme::gap);
        if (parts.empty() || taken > free) {
            parts.push_back({index, index});
            free = height + stage.px(theme::gap);
        }
        free -= taken;
        parts.back().to = index + 1;
    }
    return parts;
}

}

void draw_stack(ManagerUi& manager, std::vector<StackedCard> const& cards)
{
    Stage const& stage = manager.ui.stage;
    Rect const body = manager_body(stage);
    auto const parts = parts_of(cards, stage, body.h);
    if (parts.empty())
        return;
    Range const shown = parts[manager.part_of(parts.size())];
    int const gap = stage.px(theme::gap);
    int least = -gap;
    int growth = 0; // as much as all of them together can take
    for (std::size_t index = shown.from; index < shown.to; ++index) {
        least += stage.px(static_cast<float>(cards[index].least)) + gap;
        growth += stage.px(static_cast<float>(cards[index].most - cards[index].least));
    }
    double const share = growth > 0 ? std::min(1.0, static_cast<double>(body.h - least) / growth) : 0;
    int y = body.y;
    for (std::size_t index = shown.from; index < shown.to; ++index) {
        auto const& card = cards[index];
        int const height = stage.px(static_cast<float>(card.least)
            + static_cast<float>(share) * static_cast<float>(card.most - card.least));
        card.draw({body.x, y, body.w, std::min(height, body.bottom() - y)});
        y += height + gap;
    }
}

}
