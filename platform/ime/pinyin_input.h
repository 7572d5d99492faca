#pragma once

#include "platform/base/pinyin_engine.h"
#include "platform/ime/background_jobs.h"
#include "platform/ime/ime_data.h"
#include "platform/ime/pinyin_backend.h"
#include "platform/ime/store_vocabulary.h"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost {

/// Pinyin for a store: the store's words first, then what the library says.
///
/// prepare() loads googlepinyin, which answers after some milliseconds, and then libime,
/// which takes over once it is ready. With one of them missing the other one stays; with
/// both missing is_missing() becomes true and a log line says so, once. Before prepare()
/// nothing is loaded.
/// Threads: the screen's; loads on `jobs`.
class PinyinInput final : public PinyinEngine {
public:
    struct Options {
        std::vector<VocabularyWord> vocabulary;
        PinyinData data = installed_pinyin_data();
        /// Called in the background when is_ready() or is_missing() may have changed: wakes the screen.
        std::function<void()> on_change;
    };
    /// Borrows `jobs`.
    PinyinInput(BackgroundJobs& jobs, Options options);
    ~PinyinInput() override;

    void prepare() override;
    bool is_ready() const override { return is_ready_; }
    bool is_missing() const override { return is_missing_; }
    std::vector<PinyinCandidate> candidates(std::string_view letters, std::size_t limit) override;
    std::string syllables(std::string_view letters) override;

    /// "libime", "googlepinyin", or empty: not ready.
    std::string_view engine_name();

private:
    struct Loaded {
        std::unique_ptr<PinyinBackend> backend;
        StoreVocabulary vocabulary;
    };
    void load();
    /// False: it could not be opened.
    bool publish(Result<std::unique_ptr<PinyinBackend>> opened);
    Loaded* newest();

    BackgroundJobs& jobs_;
    Options options_;
    bool is_preparing_ = false;
    std::unique_ptr<Loaded> current_; ///< the screen's own
    std::mutex mutex_;
    std::unique_ptr<Loaded> arrived_; ///< behind mutex_: what the background hands over
    std::atomic<bool> is_ready_ {false};
    std::atomic<bool> is_missing_ {false};
    std::atomic<bool> is_leaving_ {false};
};

}
