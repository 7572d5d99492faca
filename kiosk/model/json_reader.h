#pragma once

#include "kiosk/model/localized_text.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost::kiosk {

/// Reads a JSON file of somebody's making and notes every fault with its place: what is
/// wrong is read as an empty value, so that one look finds all of it.
class JsonReader {
public:
    using Json = nlohmann::json;

    /// Something in the file, and the path that leads to it.
    struct Node {
        Json const* value;
        std::string place;
    };

    void fault(std::string const& place, std::string const& what);
    std::vector<std::string> const& faults() const { return faults_; }

    /// Members of an object that are none of `known`: most likely slips of the pen. Not
    /// faults, for a newer program may know them.
    void note_unknown(Node const& object, std::set<std::string_view> const& known);
    std::vector<std::string> const& remarks() const { return remarks_; }

    /// A member, null if there is none. A fault if `object` is no object.
    Node member(Node const& object, char const* key);

    std::string identifier(Node const& object, char const* key);
    std::string string(Node const& object, char const* key); ///< may be missing
    int integer(Node const& object, char const* key, int least, int most, std::optional<int> standard = {});
    double number(Node const& object, char const* key, double least, double most, double standard);
    /// The elements; a list that may be empty may also be missing.
    std::vector<Node> list(Node const& object, char const* key, std::size_t least, std::size_t most);
    /// One of `names`, as its index. Missing: `standard`, or a fault without one.
    std::size_t choice(Node const& object, char const* key, std::vector<std::string_view> const& names,
        std::optional<std::size_t> standard);

    /// A text for each of `languages`.
    LocalizedText text(Node const& node);
    LocalizedText text(Node const& object, char const* key) { return text(member(object, key)); }
    LocalizedText optional_text(Node const& object, char const* key);

    std::vector<std::string> languages;

private:
    std::vector<std::string> faults_;
    std::vector<std::string> remarks_;
};

/// 1 to 40 of a-z, 0-9, _ and -: what may stand in files and travel to head office as an id.
bool is_identifier(std::string_view text);

}
