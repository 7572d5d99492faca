#include "tests/fault/shop_day.h"

namespace listenpost::test {

Course run_chain(Plan const& plan)
{
    TempFolder const folder;
    ShopFolders const folders(folder.path());
    Random script(plan.script);
    ShopDay day(plan, folders, Opening::MustBeWhole, {});
    Course course = day.run(12 + draw_below(script, 12));
    auto const said = read_store(folders.box / "store.db");
    if (said)
        day.promises().check(*said, "store.db", course.findings);
    else
        course.findings.add_lost("store.db cannot be read: " + said.error().detail);
    return course;
}

}
