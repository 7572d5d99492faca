#include "platform/ime/pinyin_input.h"

#include "platform/base/log.h"

#include <algorithm>
#include <utility>

namespace listenpost {

PinyinInput::PinyinInput(BackgroundJobs& jobs, Options options)
    : jobs_(jobs)
    , options_(std::move(options))
{
}

PinyinInput::~PinyinInput()
{
    is_leaving_ = true;
    if (is_preparing_)
        jobs_.finish(); // it works on our members
}

void PinyinInput::prepare()
{
    if (std::exchange(is_preparing_, true))
        return;
    is_preparing_ = jobs_.start([this] { load(); });
}

void PinyinInput::load()
{
    bool const light = publish(open_googlepinyin(options_.data.googlepinyin_dictionary));
    if (is_leaving_)
        return;
    bool const full
        = publish(open_libime(options_.data.libime_dictionary, options_.data.libime_language_model));
    if (light || full)
        return;
    log(LogLevel::Error, "pinyin_missing",
        {{"libime", options_.data.libime_dictionary.string()},
            {"googlepinyin", options_.data.googlepinyin_dictionary.string()}});
    is_missing_ = true;
    if (options_.on_change)
        options_.on_change();
}

bool PinyinInput::publish(Result<std::unique_ptr<PinyinBackend>> opened)
{
    if (!opened) {
        log(LogLevel::Warn, "pinyin_engine_unavailable", {{"detail", opened.error().detail}});
        return false;
    }
    auto loaded = std::make_unique<Loaded>();
    loaded->backend = std::move(*opened);
    bool const must_look_up = std::ranges::any_of(
        options_.vocabulary, [](VocabularyWord const& word) { return word.pinyin.empty(); });
    loaded->vocabulary = StoreVocabulary(
        options_.vocabulary, must_look_up ? loaded->backend->readings() : [](std::string_view) {
            return std::vector<std::string> {};
        });
    loaded->backend->add(loaded->vocabulary);
    log(LogLevel::Info, "pinyin_ready", {{"engine", loaded->backend->name()}});
    {
        std::lock_guard const lock(mutex_);
        arrived_ = std::move(loaded);
        is_ready_ = true;
    }
    if (options_.on_change)
        options_.on_change();
    return true;
}

PinyinInput::Loaded* PinyinInput::newest()
{
    std::unique_lock const lock(mutex_, std::try_to_lock);
    // Held only while a pointer is handed over; if it is just now, the next key sees it.
    if (lock.owns_lock() && arrived_)
        current_ = std::move(arrived_);
    return current_.get();
}

std::vector<PinyinCandidate> PinyinInput::candidates(std::string_view letters, std::size_t limit)
{
    auto* const loaded = newest();
    if (loaded == nullptr || letters.empty())
        return {};
    auto found = loaded->vocabulary.whole(letters);
    auto const add = [&found](PinyinCandidate candidate) {
        if (std::ranges::find(found, candidate) == found.end())
            found.push_back(std::move(candidate));
    };
    auto engines = loaded->backend->candidates(letters, limit);
    // After the library's own sentence: what follows the word is likely part of it.
    auto const beginning = loaded->vocabulary.beginning(letters);
    found.reserve(found.size() + engines.size() + beginning.size());
    auto const sentence_end = engines.empty() ? engines.end() : engines.begin() + 1;
    std::for_each(engines.begin(), sentence_end, add);
    std::ranges::for_each(beginning, add);
    std::for_each(sentence_end, engines.end(), add);
    if (found.size() > limit)
        found.resize(limit);
    return found;
}

std::string PinyinInput::syllables(std::string_view letters)
{
    auto* const loaded = newest();
    return loaded == nullptr ? std::string(letters) : loaded->backend->syllables(letters);
}

std::string_view PinyinInput::engine_name()
{
    auto* const loaded = newest();
    return loaded == nullptr ? "" : loaded->backend->name();
}

}
