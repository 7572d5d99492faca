#include "kiosk/ui/layout_follow_up.h"
#include "kiosk/ui/screen_parts.h"

#include <algorithm>

/// Answers that are chips: options and minutes.
namespace listenpost::kiosk {

void draw_choice(Ui& ui, Question const& question)
{
    ChoiceLayout const layout = choice_layout(ui.stage, static_cast<int>(question.options.size()));
    Answer const* const answer = ui.view.draft.find(question.id);
    for (std::size_t index = 0; index < question.options.size(); ++index) {
        Option const& option = question.options[index];
        bool const chosen = answer && std::ranges::count(answer->choices, option.id) > 0;
        if (chip(ui, "option." + question.id + "." + option.id, ui.say(option.text), layout.chips[index],
                layout.hits[index], layout.chip_size, chosen, unless_saving(ui)))
            ui.events.push_back(event::OptionToggled {question.id, option.id});
    }
}

void draw_minutes(Ui& ui, Question const& question)
{
    ChoiceLayout const layout = choice_layout(ui.stage, static_cast<int>(question.minutes.size()));
    Answer const* const answer = ui.view.draft.find(question.id);
    for (std::size_t index = 0; index < question.minutes.size(); ++index) {
        int const minutes = question.minutes[index];
        bool const last = index + 1 == question.minutes.size();
        std::string const label
            = ui.say(last ? Text::FollowUpMinutesMost : Text::FollowUpMinutes, {{"n", minutes}});
        bool const chosen = answer && answer->minutes == minutes;
        if (chip(ui, "minutes." + question.id + "." + std::to_string(minutes), label, layout.chips[index],
                layout.hits[index], layout.chip_size, chosen, unless_saving(ui)))
            ui.events.push_back(event::MinutesChosen {question.id, minutes});
    }
}

}
