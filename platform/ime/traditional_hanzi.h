#pragma once

#include "platform/base/hanzi_converter.h"
#include "platform/ime/background_jobs.h"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace listenpost {

/// Traditional Hanzi as Taiwan writes them, by OpenCC (Apache-2.0).
///
/// Characters are converted, words are not exchanged for Taiwan's (OpenCC's s2tw and not
/// s2twp): whoever types wants their own word, and s2twp makes a restaurant's 菜单 the
/// 選單 of a computer program.
/// Threads: the screen's; loads on `jobs`.
class TraditionalHanzi final : public HanziConverter {
public:
    struct Options {
        std::string configuration = "s2tw.json";
        /// Called in the background once is_ready(): wakes the screen.
        std::function<void()> on_change;
    };
    /// Borrows `jobs`.
    TraditionalHanzi(BackgroundJobs& jobs, Options options);
    ~TraditionalHanzi() override;

    void prepare() override;
    bool is_ready() const override { return is_ready_; }
    std::string convert(std::string_view simplified) const override;

private:
    struct Library;
    void load();

    BackgroundJobs& jobs_;
    Options options_;
    bool is_preparing_ = false;
    std::unique_ptr<Library> library_; ///< the background's until is_ready_, then the screen's
    std::atomic<bool> is_ready_ {false};
};

}
