#include "kiosk/export/page_pdf.h"

#include <cstdint>
#include <cstdio>
#include <vector>

namespace listenpost::kiosk {
namespace {

constexpr std::string_view signature = "\x89PNG\r\n\x1a\n";
constexpr double metres_per_point = 0.0254 / 72;
constexpr std::size_t around_data = 12; ///< of a chunk: length, type and check

struct Image {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    std::uint32_t dots_per_metre = 0;
    std::string rows; ///< deflated, each behind its filter's number
};

std::uint32_t number_at(std::string_view bytes, std::size_t at)
{
    std::uint32_t value = 0;
    for (std::size_t index = at; index < at + 4; ++index)
        value = value << 8 | static_cast<unsigned char>(bytes[index]);
    return value;
}

tl::unexpected<Error> not_ours() { return fail(Errc::Invalid, "not a PNG as our pages are"); }

Result<Image> read_png(std::string_view png)
{
    Image image;
    if (!png.starts_with(signature))
        return not_ours();
    png.remove_prefix(signature.size());
    while (png.size() >= around_data) {
        std::size_t const size = number_at(png, 0);
        if (size > png.size() - around_data)
            return not_ours();
        auto const type = png.substr(4, 4);
        auto const data = png.substr(8, size);
        constexpr std::string_view eight_bits_rgb("\x08\x02\x00\x00\x00", 5);
        if (type == "IHDR" && data.size() == 13 && data.substr(8) == eight_bits_rgb) {
            image.width = number_at(data, 0);
            image.height = number_at(data, 4);
        } else if (type == "pHYs" && data.size() == 9 && data[8] == 1) {
            image.dots_per_metre = number_at(data, 0);
        } else if (type == "IDAT") {
            image.rows += data;
        } else if (type == "IEND") {
            break;
        }
        png.remove_prefix(around_data + size);
    }
    if (image.width == 0 || image.height == 0 || image.dots_per_metre == 0 || image.rows.empty())
        return not_ours();
    return image;
}

/// The objects, and where each begins: a PDF ends with that table.
class Pdf {
public:
    void add(std::string const& object)
    {
        places_.push_back(text_.size());
        text_ += std::to_string(places_.size()) + " 0 obj\n" + object + "\nendobj\n";
    }
    void add_stream(std::string const& dictionary, std::string_view stream)
    {
        add("<<" + dictionary + "/Length " + std::to_string(stream.size()) + ">>\nstream\n"
            + std::string(stream) + "\nendstream");
    }
    /// The first object is its root.
    std::string finish()
    {
        auto const table = text_.size();
        std::string const count = std::to_string(places_.size() + 1);
        text_ += "xref\n0 " + count + "\n0000000000 65535 f \n";
        for (auto const place : places_) {
            char line[32];
            std::snprintf(line, sizeof line, "%010zu 00000 n \n", place);
            text_ += line;
        }
        text_ += "trailer\n<</Size " + count + "/Root 1 0 R>>\nstartxref\n" + std::to_string(table)
            + "\n%%EOF\n";
        return std::move(text_);
    }

private:
    std::string text_ = "%PDF-1.4\n%\xE2\xE3\xCF\xD3\n"; // bytes above 127 say that it is no text
    std::vector<std::size_t> places_;
};

std::string points(std::uint32_t pixels, Image const& image)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.2f", pixels / (image.dots_per_metre * metres_per_point));
    return text;
}

}

Result<std::string> pdf_of_png(std::string_view png)
{
    auto const image = read_png(png);
    if (!image)
        return fail(image.error());
    std::string const width = points(image->width, *image);
    std::string const height = points(image->height, *image);
    std::string const columns = std::to_string(image->width);
    Pdf pdf;
    pdf.add("<</Type/Catalog/Pages 2 0 R>>");
    pdf.add("<</Type/Pages/Kids[3 0 R]/Count 1>>");
    pdf.add("<</Type/Page/Parent 2 0 R/MediaBox[0 0 " + width + " " + height
        + "]/Contents 4 0 R/Resources<</XObject<</Page 5 0 R>>>>>>");
    pdf.add_stream("", "q " + width + " 0 0 " + height + " 0 0 cm /Page Do Q");
    pdf.add_stream("/Type/XObject/Subtype/Image/Width " + columns + "/Height " + std::to_string(image->height)
            + "/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/FlateDecode/DecodeParms<</Predictor 15/Colors "
              "3/BitsPerComponent 8/Columns "
            + columns + ">>",
        image->rows);
    return pdf.finish();
}

}
