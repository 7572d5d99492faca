#pragma once

#include "kiosk/model/response.h"
#include "platform/base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace listenpost::kiosk {

/// When a question is asked, over the answers given so far:
///
///     quality <= 3
///     service <= 2 and service has long_wait
///     dish has soup or wait >= 15
///
/// A comparison (<, <=, =, !=, >=, >) looks at a score or at minutes, `has` at reasons and
/// choices. `and` binds closer than `or`; there are no brackets. A question without an
/// answer makes its term false, whatever it compares.
class Condition {
public:
    /// Errors: Invalid; the detail says what was expected, and at which character.
    static Result<Condition> parse(std::string_view text);

    bool holds(std::vector<Answer> const& answers) const;

    enum class Test { Less, LessOrEqual, Equal, NotEqual, GreaterOrEqual, Greater, Has };
    struct Term {
        std::string question;
        Test test;
        int number = 0;
        std::string id; ///< of Has
    };
    /// For checking it against a survey: `or` of `and`s.
    std::vector<std::vector<Term>> const& alternatives() const { return alternatives_; }

private:
    std::vector<std::vector<Term>> alternatives_;
};

}
