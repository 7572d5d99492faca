#include "sync/agent/uploader.h"

#include "platform/base/log.h"
#include "sync/wire/digest.h"

#include <algorithm>
#include <span>

namespace listenpost::sync {
namespace {

using namespace std::chrono_literals;

/// A hub that does not know us will not learn it by being asked more often; but an
/// operator's mistake that HQ has put right should heal by itself.
constexpr std::chrono::milliseconds not_welcome_pause = 1h;
constexpr std::chrono::milliseconds not_welcome_jitter = 10min;
constexpr std::chrono::milliseconds stuck_pause = 30s;
constexpr std::chrono::milliseconds busy_pause = 1s;
/// A network that comes up does so in several steps, and some never stop changing.
constexpr std::chrono::milliseconds between_fresh_starts = 30s;
constexpr std::chrono::milliseconds fresh_start_jitter = 2s;
/// After a 413, larger batches are tried again once so many have gone through.
constexpr unsigned batches_before_growing = 16;

std::chrono::milliseconds part_of(std::chrono::milliseconds whole, double random)
{
    return std::chrono::milliseconds(static_cast<std::int64_t>(static_cast<double>(whole.count()) * random));
}

}

Uploader::Uploader(std::filesystem::path store_path, DeliveryStore& delivery, Transport& transport,
    Clock const& clock, std::function<double()> random)
    : store_path_(std::move(store_path))
    , delivery_(delivery)
    , transport_(transport)
    , clock_(clock)
    , random_(std::move(random))
{
}

UploadStep Uploader::step()
{
    if (pause_ && clock_.steady_now() < *pause_->next)
        return *pause_;
    pause_.reset();

    auto const enrolment = delivery_.enrolment();
    if (!enrolment)
        return stuck(enrolment.error());
    if (!*enrolment)
        return {UploadState::NotEnrolled, std::nullopt, "this box is not enrolled with a hub"};
    auto const waiting = prepare_batch();
    if (!waiting)
        return stuck(waiting.error());
    if (!*waiting)
        return {UploadState::Idle, std::nullopt, ""};
    return send_batch(**enrolment);
}

void Uploader::forget_troubles()
{
    transport_.renew_connection();
    auto const now = clock_.steady_now();
    auto due = now + part_of(fresh_start_jitter, random_());
    if (fresh_start_ && now < *fresh_start_ + between_fresh_starts) {
        // Not so soon again, but not forgotten either: this may have been the change that mattered.
        due = std::max(due, *fresh_start_ + between_fresh_starts);
    } else {
        fresh_start_ = now;
        failures_ = 0;
    }
    if (pause_)
        pause_->next = std::min(*pause_->next, due);
}

Result<> Uploader::open_store()
{
    auto const file = file_identity(store_path_);
    if (!store_ || !file || *file != store_->file) {
        store_.reset();
        suspects_ = 0;
        if (!file)
            return fail(file.error());
        auto reader = kiosk::ResponseReader::open(store_path_);
        if (!reader)
            return fail(reader.error());
        store_.emplace(OpenStore {std::move(*reader), *file});
    }
    auto const last = store_->reader.last_seq();
    auto installs = store_->reader.installs();
    if (!last || !installs) {
        store_.reset();
        return fail(last ? installs.error() : last.error());
    }
    store_->last = *last;
    store_->install = std::move(installs->back());
    return {};
}

Result<bool> Uploader::prepare_batch()
{
    auto const opened = open_store();
    // A batch whose store.db is gone is the last copy of what it holds: it still goes out.
    if (batch_ && (!store_ || store_->install.id != batch_->install))
        return true;
    if (!opened && opened.error().code == Errc::NotFound)
        return false;
    if (!opened)
        return fail(opened.error());
    // Without a set clock the hub counts back from the receipt by what `sent` says: it must
    // be of this attempt, or an outage is added to the time of every response. (The digest
    // leaves `sent` out: the hub still counts once.)
    if (batch_ && batch_->clock_was_set)
        return true;

    std::string const& install = store_->install.id;
    auto mark = delivery_.mark(install);
    if (!mark)
        return fail(mark.error());
    std::int64_t const last = store_->last;
    if (last < *mark) {
        log(LogLevel::Warn, "store_went_back", {{"install", install}, {"mark", *mark}, {"last", last}});
        LISTENPOST_TRY(delivery_.rewind(install));
        *mark = 0;
    }
    std::int64_t const after = std::max(*mark, store_->install.first_seq - 1);
    if (last <= after) {
        suspects_ = 0;
        return false;
    }
    LISTENPOST_TRY(fill_batch(after, last, max_responses()));
    while (packed_.size() > limits::max_packed_bytes && batch_->seqs.size() > 1)
        LISTENPOST_TRY(fill_batch(after, last, batch_->seqs.size() / 2));
    return batch_.has_value();
}

Result<> Uploader::fill_batch(std::int64_t after, std::int64_t up_to, std::size_t max_responses)
{
    batch_.reset();
    auto& reader = store_->reader;
    auto const sent = Stamp::now(clock_);
    writer_.set_max_responses(max_responses);
    auto const clocks = reader.boot_clocks();
    if (!clocks) // they are help, no customer's word: what can be read goes out
        log(LogLevel::Warn, "boot_clocks_unread", {{"detail", clocks.error().detail}});
    auto const known = clocks ? std::span(*clocks) : std::span<kiosk::BootClock const>();
    writer_.begin(store_->install.id, sent, known);
    reader.seek(after, up_to);
    for (;;) {
        auto const response = reader.next();
        if (!response) {
            reader.stop();
            return fail(response.error());
        }
        if (!*response || !writer_.add(**response))
            break;
    }
    reader.stop();
    if (writer_.seqs().empty())
        return {};
    LISTENPOST_TRY(compressor_.compress(Encoding::Zstd, writer_.finish(), packed_));
    batch_.emplace(Batch {store_->install.id, writer_.seqs(), sent.wall_is_set, sent.steady});
    return {};
}

std::size_t Uploader::max_responses() const
{
    if (suspects_ == 0)
        return size_limit_;
    return std::clamp<std::size_t>(suspects_ / 2, 1, size_limit_);
}

UploadStep Uploader::send_batch(Enrolment const& enrolment)
{
    HttpRequest request;
    request.method = "POST";
    request.url = enrolment.hub + "/v1/batches";
    request.headers = {{"Authorization", "Bearer " + enrolment.token}, {"Content-Type", "application/json"},
        {"Content-Encoding", name(Encoding::Zstd)},
        {"ListenPost-Sent-Age", std::to_string((clock_.steady_now() - batch_->read) / 1ms)}};
    request.body = packed_;
    auto const reply = transport_.send(request, enrolment.ca_file);
    if (!reply && reply.error().code == Errc::Cancelled)
        return {UploadState::BackingOff, clock_.steady_now(), reply.error().detail};
    return act_on(judge(reply, batch_->seqs, request_digest(request.body), clock_.wall_now()));
}

UploadStep Uploader::act_on(Verdict const& verdict)
{
    bool const single = batch_->seqs.size() == 1;
    switch (verdict.outcome) {
    case Outcome::Done:
        return settle(verdict.reply.refused);
    case Outcome::NotWelcome:
        return wait(UploadState::NotWelcome, verdict);
    case Outcome::Later:
        break;
    case Outcome::Never:
        return single ? set_aside(verdict) : halve(verdict);
    case Outcome::Split:
        if (!single)
            return halve(verdict);
        // A proxy with a limit below one response is a fault to be mended, not a reason to give it up.
        if (verdict.speaker == Speaker::Hub)
            return set_aside(verdict);
        break;
    }
    return wait(UploadState::BackingOff, verdict);
}

UploadStep Uploader::settle(std::vector<Refusal> const& refused)
{
    std::size_t const count = batch_->seqs.size();
    std::int64_t const last = batch_->seqs.back();
    // Should this fail, the batch stays: sent again, the hub acknowledges it again.
    auto const stored = delivery_.settle(batch_->install, last, refused, clock_.wall_now());
    if (!stored)
        return stuck(stored.error());
    log(LogLevel::Info, "settled",
        {{"responses", count}, {"refused", refused.size()}, {"mark", last}, {"bytes", packed_.size()}});
    batch_.reset();
    failures_ = 0;
    suspects_ -= std::min(suspects_, count);
    if (size_limit_ < limits::max_responses && ++batches_since_split_ >= batches_before_growing) {
        size_limit_ = std::min(size_limit_ * 2, limits::max_responses);
        batches_since_split_ = 0;
    }
    return again();
}

UploadStep Uploader::halve(Verdict const& verdict)
{
    std::size_t const count = batch_->seqs.size();
    log(LogLevel::Warn, "batch_not_taken",
        {{"code", verdict.code}, {"detail", verdict.detail}, {"responses", count}});
    if (!store_ || store_->install.id != batch_->install) {
        // Nothing is left to build the halves from.
        log(LogLevel::Error, "batch_lost_with_its_store", {{"install", batch_->install}});
    } else if (verdict.outcome == Outcome::Never) {
        suspects_ = count;
    } else {
        size_limit_ = count / 2;
        batches_since_split_ = 0;
    }
    batch_.reset();
    return again();
}

UploadStep Uploader::set_aside(Verdict const& verdict)
{
    std::int64_t const seq = batch_->seqs.front();
    log(LogLevel::Warn, "quarantined", {{"seq", seq}, {"code", verdict.code}, {"detail", verdict.detail}});
    suspects_ = 0;
    return settle({{seq, verdict.code, verdict.detail}});
}

UploadStep Uploader::wait(UploadState state, Verdict const& verdict)
{
    ++failures_;
    auto delay = state == UploadState::NotWelcome ? not_welcome_pause + part_of(not_welcome_jitter, random_())
                                                  : backoff(failures_, random_());
    // The pause asked for, and then a random bit more, so that not all come back at its end.
    delay += verdict.retry_after.value_or(0ms);
    auto const now = clock_.wall_now();
    log(LogLevel::Warn, "not_delivered",
        {{"code", verdict.code}, {"detail", verdict.detail}, {"attempt", failures_},
            {"wait_ms", delay.count()}});
    bool const heard = verdict.speaker == Speaker::Hub;
    auto const noted = delivery_.record_failure(
        verdict.code, verdict.detail, now, now + delay, heard ? std::optional(now) : std::nullopt);
    if (!noted)
        log(LogLevel::Error, "failure_not_noted", {{"detail", noted.error().detail}});
    pause_ = UploadStep {state, clock_.steady_now() + delay, verdict.detail};
    return *pause_;
}

UploadStep Uploader::stuck(Error const& error)
{
    log(LogLevel::Error, "stuck", {{"code", name(error.code)}, {"detail", error.detail}});
    auto const now = clock_.wall_now();
    auto const delay = error.code == Errc::Busy ? busy_pause : stuck_pause;
    auto const noted
        = delivery_.record_failure(name(error.code), error.detail, now, now + delay, std::nullopt);
    if (!noted)
        log(LogLevel::Error, "failure_not_noted", {{"detail", noted.error().detail}});
    pause_ = UploadStep {UploadState::Stuck, clock_.steady_now() + delay, error.detail};
    return *pause_;
}

}
