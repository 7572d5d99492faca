#include "tests/fault/network_box.h"

#include "kiosk/store/schema.h"
#include "platform/sqlite/database.h"
#include "tests/support/must.h"
#include "tests/support/sample_responses.h"
#include "tests/support/store_sentences.h"

#include <thread>

namespace listenpost::test {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds short_timeout = 30ms;

}

NetworkBox::NetworkBox(std::string const& hub, std::string const& token, std::filesystem::path const& ca_file,
    Patience patience, std::uint64_t seed, Wrapper wrapper)
    : customers_(seed)
    , jitter_(seed + 1)
    , wrapper_(std::move(wrapper))
{
    store_.emplace(must(kiosk::ResponseStore::open(folder_ / "store.db"), "make store.db"));
    restart_agent(patience);
    must(delivery_->set_enrolment(
             {hub, "dev_1", token, ca_file.string(), "sh-001", "人民广场店", "Asia/Shanghai", clock.wall}),
        "enrol");
}

std::int64_t NetworkBox::close(std::string const& comment)
{
    auto draft = sample_draft();
    draft.opened = Stamp::now(clock);
    draft.touched = clock.steady + 2'500ms;
    draft.comment = comment;
    must(store_->save_draft(draft, kiosk::Outcome::Partial), "save a draft");
    return must(store_->close_draft(kiosk::ClosedBy::Finish, draft.touched), "close a draft");
}

void NetworkBox::write_event()
{
    // Not a longer number: the store masks what looks like an account's or a card's.
    std::string const note = "done " + std::to_string(customers_() % 100'000);
    must(store_->add_event(
             {.of = {install(), 1, clock.boot_id(), 5'000}, .by = "LW", .note = note}, Stamp::now(clock)),
        "write an event");
    said_[must(store_->last_seq(), "read the last seq")] = note;
}

void NetworkBox::close_response()
{
    constexpr unsigned one_in = 8;
    if (draw(customers_, one_in) == 0)
        write_event();
    auto const& sentence = store_sentences[draw(customers_, store_sentences.size())].text;
    std::string const comment = std::string(sentence) + " " + std::to_string(customers_());
    said_[close(comment)] = comment;
}

void NetworkBox::close_poisoned(Random& random)
{
    std::int64_t const seq = close("");
    poisoned_.insert(seq);
    static constexpr char const* faults[] = {
        "answers = '[{'", // the whole batch cannot be read
        "answers = ']'",
        "answers = '[{\"q\":\"quality\",\"score\":99}]'", // the hub refuses this one
        "answers = '[]'",
        "comment = hex(zeroblob(1500))",
        "comment = hex(zeroblob(40000))", // more than a response may have
        "took_ms = -1",
        "outcome = 'perhaps'",
    };
    auto database = must(sqlite::Database::open(folder_ / "store.db", sqlite::OpenMode::Writer), "open");
    std::string const sql = std::string("UPDATE response SET ") + faults[draw(random, std::size(faults))]
        + " WHERE seq = " + std::to_string(seq);
    must(database.execute(sql.c_str()), "poison a response");
    // As if the kiosk itself had written it: a row that is merely damaged is not sent.
    must(database.execute(("UPDATE response SET row_check = " LISTENPOST_RESPONSE_CHECK " WHERE seq = "
             + std::to_string(seq))
                              .c_str()),
        "seal the poisoned response");
}

void NetworkBox::restart_agent(Patience patience)
{
    uploader_.reset();
    wrapped_.reset();
    http_.reset();
    delivery_.reset();
    delivery_.emplace(must(sync::DeliveryStore::open(folder_ / "delivery.db"), "open delivery.db"));
    HttpOptions options;
    if (patience == Patience::Short)
        options.total_timeout = short_timeout;
    http_ = std::make_unique<sync::HttpTransport>(std::function<bool()> {}, options);
    wrapped_ = wrapper_ ? wrapper_(*http_) : nullptr;
    uploader_ = std::make_unique<sync::Uploader>(folder_ / "store.db", *delivery_,
        wrapped_ ? *wrapped_ : static_cast<sync::Transport&>(*http_), clock,
        [this] { return std::uniform_real_distribution<double>()(jitter_); });
}

sync::UploadStep NetworkBox::step(int customers)
{
    std::thread shop;
    if (customers > 0)
        shop = std::thread([this, customers] {
            for (int i = 0; i < customers; ++i)
                close_response();
        });
    auto step = uploader_->step();
    if (shop.joinable())
        shop.join();
    if (step.next && *step.next > clock.steady)
        clock.advance(*step.next - clock.steady);
    return step;
}

std::set<std::int64_t> NetworkBox::quarantined()
{
    std::set<std::int64_t> seqs;
    for (auto const& item : must(delivery_->quarantined(10'000), "read the quarantine"))
        seqs.insert(item.refusal.seq);
    return seqs;
}

}
