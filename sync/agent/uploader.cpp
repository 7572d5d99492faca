#include "sync/agent/uploader.h"

#include "platform/base/log.h"
#include "sync/agent/data_folder.h"
#include "sync/wire/digest.h"

#include <algorithm>
#include <limits>

namespace listenpost::sync {
namespace {

bool is_damaged(DeliveryStore& delivery)
{
    auto const checked = delivery.check();
    return !checked && checked.error().code == Errc::Corrupt;
}

}

Uploader::Uploader(std::filesystem::path const& store_path, DeliveryStore& delivery, Transport& transport,
    Clock const& clock, std::function<double()> random)
    : delivery_(delivery)
    , transport_(transport)
    , clock_(clock)
    , store_(store_path)
    , review_(store_, delivery, clock, DataFolder {store_path.parent_path()}.conflict_request())
    , builder_(clock)
    , pauses_(clock, std::move(random))
{
}

UploadStep Uploader::step()
{
    if (auto const running = pauses_.running())
        return *running;
    if (unrecorded_)
        return settle(*unrecorded_);

    auto const enrolment = delivery_.enrolment();
    if (!enrolment)
        return stuck(enrolment.error());
    if (!*enrolment) {
        pauses_.before_first(Backlog::Nothing); // the moment of enrolling is a random one
        return {UploadState::NotEnrolled, std::nullopt, "this box is not enrolled with a hub"};
    }
    auto const waiting = prepare_batch();
    if (!waiting)
        return stuck(waiting.error());
    auto const pause = pauses_.before_first(*waiting ? Backlog::Waits : Backlog::Nothing);
    if (!*waiting) {
        pauses_.went_well();
        return {UploadState::Idle, std::nullopt, ""};
    }
    if (pause)
        return start_later(*pause);
    return send_batch(**enrolment);
}

void Uploader::forget_troubles(Change change)
{
    transport_.renew_connection();
    pauses_.forget_troubles(change);
}

bool Uploader::is_last_copy() const
{
    return batch_ && (!store_.holds(batch_->install) || batch_->store != store_.generation());
}

Result<bool> Uploader::prepare_batch()
{
    auto const opened = store_.refresh();
    if (opened)
        LISTENPOST_TRY(review_.run());
    if (is_last_copy())
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
    if (batch_)
        builder_.recycle(std::move(*batch_));
    batch_.reset();

    auto prepared = prepare_retry();
    if (prepared && !*prepared)
        prepared = prepare_backlog();
    if (!prepared)
        return prepared;
    if (!*prepared) {
        size_.new_queue();
        LISTENPOST_TRY(review_.all_is_settled());
    } else if (batch_->kind != queue_) {
        size_.new_queue();
        queue_ = batch_->kind;
    }
    return *prepared;
}

Result<bool> Uploader::prepare_retry()
{
    for (;;) {
        auto const wanted = delivery_.to_retry(size_.max_responses());
        if (!wanted)
            return fail(wanted.error());
        if (wanted->seqs.empty())
            return false;
        auto built = builder_.selection(store_, wanted->install, wanted->seqs);
        if (!built)
            return fail(built.error());
        batch_ = std::move(*built);
        for (auto const seq : wanted->seqs) {
            if (batch_ && (seq > batch_->seqs.back() || std::ranges::binary_search(batch_->seqs, seq)))
                continue;
            log(LogLevel::Warn, "not_sent_again",
                {{"install", wanted->install}, {"seq", seq}, {"detail", "store.db has it no longer"}});
            LISTENPOST_TRY(delivery_.drop_retry(wanted->install, seq));
        }
        if (batch_)
            return true;
    }
}

Result<bool> Uploader::prepare_backlog()
{
    for (auto const& range : store_.installs()) {
        auto const mark = delivery_.mark(range.install);
        if (!mark)
            return fail(mark.error());
        if (*mark >= range.last)
            continue;
        auto built = builder_.backlog(store_, range, *mark, size_.max_responses());
        if (!built)
            return fail(built.error());
        batch_ = std::move(*built);
        if (batch_) {
            batch_->mark = *mark;
            return true;
        }
    }
    return false;
}

UploadStep Uploader::send_batch(Enrolment const& enrolment)
{
    HttpRequest request;
    request.method = "POST";
    request.url = enrolment.hub + "/v1/batches";
    request.headers = {{"Authorization", "Bearer " + enrolment.token}, {"Content-Type", "application/json"},
        {"Content-Encoding", name(Encoding::Zstd)},
        {"ListenPost-Sent-Age",
            std::to_string((clock_.steady_now() - batch_->sent) / std::chrono::milliseconds(1))}};
    request.body = batch_->packed;
    request.pinned_key = enrolment.pin;
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

Result<std::vector<RowDigest>> Uploader::digests(std::vector<Refusal> const& refused)
{
    std::vector<RowDigest> known;
    bool const same_store = !is_last_copy();
    auto const add = [&](std::int64_t seq) -> Result<> {
        auto const digest
            = same_store ? store_.digest(batch_->install, seq) : Result<std::int64_t>(std::int64_t {0});
        if (!digest && digest.error().code == Errc::Busy)
            return fail(digest.error());
        // A store.db that cannot be read must not keep the hub's word from being recorded: until that
        // is done no other file is looked at, not even the one that the kiosk makes of it.
        known.push_back({seq, digest.value_or(0)});
        return {};
    };
    for (auto const& refusal : refused)
        LISTENPOST_TRY(add(refusal.seq));
    auto const newest = std::ranges::find_if(batch_->seqs.rbegin(), batch_->seqs.rend(),
        [&](auto seq) { return std::ranges::find(refused, seq, &Refusal::seq) == refused.end(); });
    if (newest == batch_->seqs.rend())
        return known;
    if (*newest == batch_->last.seq)
        known.push_back(batch_->last);
    else
        LISTENPOST_TRY(add(*newest));
    return known;
}

UploadStep Uploader::settle(std::vector<Refusal> refused)
{
    auto const recorded = record(refused);
    if (!recorded) {
        // The hub's word is kept, and the next step records it: on a disk that is full for days the
        // batch does not go out again and again.
        unrecorded_ = std::move(refused);
        return stuck(recorded.error(), "the hub has what was sent, but that cannot be recorded");
    }
    log(LogLevel::Info, "settled",
        {{"responses", batch_->seqs.size()}, {"refused", refused.size()}, {"last", batch_->seqs.back()},
            {"bytes", batch_->packed.size()}});
    unrecorded_.reset();
    size_.settled(batch_->seqs.size());
    builder_.recycle(std::move(*batch_));
    batch_.reset();
    pauses_.went_well();
    return again();
}

Result<> Uploader::record(std::vector<Refusal> const& refused)
{
    auto digests_known = digests(refused);
    if (!digests_known)
        return fail(digests_known.error());
    Settlement settlement {
        batch_->install, batch_->seqs, batch_->mark, refused, std::move(*digests_known), clock_.wall_now()};
    // The mark is about the file that is there now, which may have others under the same numbers.
    if (is_last_copy() && store_.holds(batch_->install))
        settlement.mark = std::numeric_limits<std::int64_t>::max();
    return batch_->kind == Batch::Kind::Retry ? delivery_.settle_retried(settlement)
                                              : delivery_.settle(settlement);
}

UploadStep Uploader::halve(Verdict const& verdict)
{
    std::size_t const count = batch_->seqs.size();
    log(LogLevel::Warn, "batch_not_taken",
        {{"code", verdict.code}, {"detail", verdict.detail}, {"responses", count}});
    if (is_last_copy()) {
        // Nothing is left to build the halves from.
        log(LogLevel::Error, "batch_lost_with_its_store", {{"install", batch_->install}});
    } else if (verdict.outcome == Outcome::Never) {
        size_.poisoned(count);
    } else {
        size_.too_large(count);
    }
    builder_.recycle(std::move(*batch_));
    batch_.reset();
    return again();
}

UploadStep Uploader::set_aside(Verdict const& verdict)
{
    std::int64_t const seq = batch_->seqs.front();
    log(LogLevel::Warn, "quarantined", {{"seq", seq}, {"code", verdict.code}, {"detail", verdict.detail}});
    size_.new_queue();
    return settle({{seq, verdict.code, verdict.detail}});
}

UploadStep Uploader::wait(UploadState state, Verdict const& verdict)
{
    auto const delay = pauses_.after_failure(state, verdict.retry_after);
    log(LogLevel::Warn, "not_delivered",
        {{"code", verdict.code}, {"detail", verdict.detail}, {"attempt", pauses_.failures()},
            {"wait_ms", delay.count()}});
    note_pause(verdict.code, verdict.detail, delay, verdict.speaker);
    return pauses_.begin(state, delay, verdict.detail);
}

UploadStep Uploader::start_later(std::chrono::milliseconds delay)
{
    static constexpr char why[]
        = "this machine has just started, and with it perhaps a whole town: what waits "
          "goes out at a moment of its own";
    log(LogLevel::Info, "start_spread", {{"wait_ms", delay.count()}});
    note_pause("starting", why, delay, Speaker::Unknown);
    return pauses_.begin(UploadState::Starting, delay, why);
}

UploadStep Uploader::stuck(Error const& error, std::string const& what)
{
    std::string const detail = what.empty() ? error.detail : what + ": " + error.detail;
    log(LogLevel::Error, "stuck", {{"code", name(error.code)}, {"detail", detail}});
    bool const delivery_is_damaged = error.code == Errc::Corrupt && is_damaged(delivery_);
    auto const delay = pauses_.after_stuck(error.code);
    // SQL and paths are for the log; what the operator is told goes by the code, see plain_words().
    std::string const code = (delivery_is_damaged ? "delivery_" : "file_") + std::string(name(error.code));
    note_pause(code, what, delay, Speaker::Unknown);
    auto step = pauses_.begin(UploadState::Stuck, delay, detail);
    step.delivery_is_damaged = delivery_is_damaged;
    return step;
}

void Uploader::note_pause(
    std::string const& code, std::string const& detail, std::chrono::milliseconds delay, Speaker speaker)
{
    auto const now = clock_.wall_now();
    auto const heard = speaker == Speaker::Hub ? std::optional(now) : std::nullopt;
    if (auto const noted = delivery_.record_failure(code, detail, now, now + delay, heard); !noted)
        log(LogLevel::Error, "failure_not_noted", {{"detail", noted.error().detail}});
}

}
