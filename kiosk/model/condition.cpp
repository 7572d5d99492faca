#include "kiosk/model/condition.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace listenpost::kiosk {
namespace {

using Test = Condition::Test;

constexpr std::array<std::pair<std::string_view, Test>, 7> tests {
    {{"<=", Test::LessOrEqual}, {">=", Test::GreaterOrEqual}, {"!=", Test::NotEqual}, {"<", Test::Less},
        {">", Test::Greater}, {"=", Test::Equal}, {"has", Test::Has}}};

bool is_word_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/// Cuts the text into words and signs, keeping the place for errors.
class Scanner {
public:
    explicit Scanner(std::string_view text)
        : text_(text)
    {
        skip_blanks();
    }

    bool at_end() const { return place_ == text_.size(); }

    std::string_view word()
    {
        std::size_t end = place_;
        while (end < text_.size() && is_word_character(text_[end]))
            ++end;
        return take(end);
    }

    std::string_view sign()
    {
        std::size_t end = place_;
        while (end < text_.size() && std::string_view("<>=!").find(text_[end]) != std::string_view::npos)
            ++end;
        return take(end);
    }

    tl::unexpected<Error> expected(std::string_view what) const
    {
        return fail(Errc::Invalid,
            "expected " + std::string(what) + " at character " + std::to_string(place_ + 1) + " of \""
                + std::string(text_) + "\"");
    }

private:
    std::string_view take(std::size_t end)
    {
        auto const taken = text_.substr(place_, end - place_);
        place_ = end;
        skip_blanks();
        return taken;
    }
    void skip_blanks()
    {
        while (place_ < text_.size() && text_[place_] == ' ')
            ++place_;
    }

    std::string_view text_;
    std::size_t place_ = 0;
};

Result<Condition::Term> read_term(Scanner& scanner)
{
    Condition::Term term;
    term.question = scanner.word();
    if (term.question.empty())
        return scanner.expected("a question's id");
    Scanner const before_test = scanner;
    std::string_view name = scanner.sign();
    if (name.empty())
        name = scanner.word();
    auto const test = std::ranges::find(tests, name, &std::pair<std::string_view, Test>::first);
    if (test == tests.end())
        return before_test.expected("<, <=, =, !=, >=, > or has");
    term.test = test->second;
    Scanner const before_value = scanner;
    auto const value = scanner.word();
    if (term.test == Test::Has) {
        term.id = value;
        if (value.empty())
            return before_value.expected("the id of a reason or an option");
        return term;
    }
    auto const [end, error] = std::from_chars(value.data(), value.data() + value.size(), term.number);
    if (value.empty() || error != std::errc() || end != value.data() + value.size())
        return before_value.expected("a whole number");
    return term;
}

bool compares(int left, Test test, int right)
{
    switch (test) {
    case Test::Less:
        return left < right;
    case Test::LessOrEqual:
        return left <= right;
    case Test::Equal:
        return left == right;
    case Test::NotEqual:
        return left != right;
    case Test::GreaterOrEqual:
        return left >= right;
    case Test::Greater:
        return left > right;
    case Test::Has:
        break;
    }
    return false;
}

bool is_true(Condition::Term const& term, std::vector<Answer> const& answers)
{
    auto const answer = std::ranges::find(answers, term.question, &Answer::question);
    if (answer == answers.end())
        return false;
    if (term.test == Test::Has)
        return std::ranges::count(answer->reasons, term.id) > 0
            || std::ranges::count(answer->choices, term.id) > 0;
    auto const number = answer->score ? answer->score : answer->minutes;
    return number && compares(*number, term.test, term.number);
}

}

Result<Condition> Condition::parse(std::string_view text)
{
    Condition condition;
    condition.alternatives_.emplace_back();
    Scanner scanner(text);
    while (true) {
        auto term = read_term(scanner);
        if (!term)
            return fail(term.error());
        condition.alternatives_.back().push_back(std::move(*term));
        if (scanner.at_end())
            return condition;
        Scanner const before = scanner;
        auto const word = scanner.word();
        if (word == "or")
            condition.alternatives_.emplace_back();
        else if (word != "and")
            return before.expected("and, or, or the end");
    }
}

bool Condition::holds(std::vector<Answer> const& answers) const
{
    return std::ranges::any_of(alternatives_, [&](auto const& terms) {
        return std::ranges::all_of(terms, [&](Term const& term) { return is_true(term, answers); });
    });
}

}
