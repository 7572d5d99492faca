#include "tests/kiosk/ui/golden.h"
#include "tests/kiosk/ui/typing_views.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::kiosk;
using namespace listenpost::kiosk::test;

namespace {

struct Case {
    char const* name;
    View view;
    int width = 1280;
    int height = 800;
};

View man() { return composing(writing("zh-CN", "服务员态度很好，就是上菜太"), "man", many_candidates()); }

std::vector<Case> cases()
{
    std::vector<Case> all;
    all.push_back({"comment-empty.zh-CN", writing("zh-CN", "")});
    all.push_back({"comment-composing.zh-CN", man()});
    all.push_back({"comment-small.zh-CN", man(), 1024, 600});
    all.push_back({"comment-portrait.zh-CN", man(), 800, 1280});
    all.push_back({"comment-sentence.zh-CN",
        composing(writing("zh-CN", ""), "fuwuyuantaiduhenhaojiushishangcai",
            {"服务员态度很好就是上菜", "服务员", "服务", "富屋", "夫"}),
        800, 1280});
    all.push_back({"comment-contrast.zh-CN", man()});
    all.back().view.high_contrast = true;
    all.push_back({"comment-expanded.zh-CN", man()});
    all.back().view.editor.composition.expanded = true;
    all.push_back({"comment-low.zh-CN", man()});
    all.back().view.low_reach = true;
    all.push_back({"comment-large.en", writing("en", "Friendly staff, the soup was cold")});
    all.back().view.large_text = true;
    all.push_back({"comment-masked.zh-CN", writing("zh-CN", "请店长打我电话***********，谢谢")});
    all.back().view.editor.is_masked = true;
    all.push_back({"comment-english.en", writing("en", "Friendly staff, but a long wait")});
    all.back().view.editor.composition.shift = true;
    all.push_back({"comment-numbers.zh-CN", writing("zh-CN", "等了")});
    all.back().view.editor.composition.page = KeyPage::Numbers;
    std::string full;
    while (count_characters(full) < Draft::max_comment_characters)
        full += "上菜太慢了等了四十分钟";
    full.resize(3 * Draft::max_comment_characters);
    all.push_back({"comment-full.zh-CN", writing("zh-CN", full)});
    return all;
}

}

TEST_CASE("The writing screens look as the pictures that were looked at", "[kiosk][ui][golden]")
{
    for (auto const& each : cases()) {
        DYNAMIC_SECTION(each.name)
        {
            ScreenRig rig(each.width, each.height, "人民广场店");
            rig.draw(each.view);
            compare_with_golden(rig.picture(), each.name);
        }
    }
}
