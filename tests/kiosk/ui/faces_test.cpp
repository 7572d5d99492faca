#include "kiosk/ui/faces.h"

#include "tests/kiosk/ui/scene.h"

using namespace listenpost;
using namespace listenpost::kiosk;

namespace {

constexpr int side = 120;

/// All five scores in the same colours: what is left to tell them apart is their shape.
theme::Palette in_one_colour(theme::Palette palette)
{
    palette.face_rest.fill(palette.face_rest[2]);
    palette.face_chosen.fill(palette.face_chosen[2]);
    palette.face_features.fill(palette.face_features[2]);
    return palette;
}

int different_pixels(Picture& a, Picture& b)
{
    int count = 0;
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x)
            count += a.span().row(y)[x] != b.span().row(y)[x] ? 1 : 0;
    return count;
}

}

TEST_CASE("Without any colour, five faces are five shapes", "[kiosk][ui]")
{
    Scene scene({side, side});
    // The smallest face that is ever touched: 43 design pixels.
    constexpr float radius = 43;
    // A straight mouth: .68 R long, .11 R thick, round ends.
    constexpr double mouth = (0.68 * 0.11 + 3.14159 * 0.055 * 0.055) * radius * radius;
    for (auto const& shipped : {theme::light, theme::high_contrast})
        for (FaceState const state : {FaceState::Rest, FaceState::Chosen}) {
            auto const palette = in_one_colour(shipped);
            std::vector<Picture> faces;
            for (int score = 1; score <= 5; ++score) {
                scene.show([&](ImDrawList& list, Fonts&) {
                    list.AddRectFilled({0, 0}, {side, side}, palette.card);
                    draw_face(list, palette, {side / 2, side / 2}, radius, score, state, 1);
                });
                faces.push_back(scene.shown());
            }
            for (std::size_t a = 0; a < faces.size(); ++a)
                for (std::size_t b = a + 1; b < faces.size(); ++b) {
                    INFO(a + 1 << " and " << b + 1 << ", state " << static_cast<int>(state));
                    // Not the edges of one mouth: another mouth. The nearest two, 2 and 3, have 178.
                    CHECK(different_pixels(faces[a], faces[b]) > mouth);
                }
        }
}
