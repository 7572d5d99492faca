#include "kiosk/store/store_opener.h"

#include "kiosk/store/identity_copy.h"
#include "kiosk/store/salvage.h"
#include "kiosk/store/schema.h"
#include "kiosk/store/store_check.h"
#include "platform/sqlite/file_check.h"

#include <utility>

namespace listenpost::kiosk {

StoreOpener::StoreOpener(std::filesystem::path data, std::optional<FileLock> lock, Clock const& clock)
    : data_(std::move(data))
    , store_(data_ / "store.db")
    , lock_(std::move(lock))
    , clock_(&clock)
{
}

Result<ResponseStore> StoreOpener::open()
{
    LISTENPOST_TRY(prepare());
    Result<ResponseStore> store = fail(Errc::Corrupt, "damage was met while it was in use");
    if (!has_opened_)
        store = open_as_it_is();
    if (!store && store.error().code == Errc::Corrupt) {
        LISTENPOST_TRY(salvage_store(store_, store.error().detail, *clock_));
        has_opened_ = false; // a second salvage needs a second reason
        store = ResponseStore::open(store_, StoreCheck::None, left_);
    }
    if (store) {
        has_opened_ = true;
        left_ = LeftDraft::Keep;
    }
    return store;
}

Result<> StoreOpener::prepare()
{
    LISTENPOST_TRY(make_private_folder(data_));
    if (!lock_) {
        auto lock = FileLock::try_acquire(data_ / "kiosk.lock");
        if (!lock)
            return fail(lock.error());
        lock_.emplace(std::move(*lock));
    }
    return finish_salvage(store_);
}

Result<ResponseStore> StoreOpener::open_as_it_is()
{
    LISTENPOST_TRY(sqlite::check_wal(store_));
    // SQLite makes a new database of an empty file. The copy is written only once there was something in it.
    std::error_code missing;
    if (std::filesystem::file_size(store_, missing) == 0 && !missing && read_identity_copy(store_))
        return fail(Errc::Corrupt, "store.db is empty, and was not before");
    auto store = ResponseStore::open(store_, is_checked_ ? StoreCheck::None : StoreCheck::Whole, left_);
    is_checked_ = is_checked_ || store;
    if (store || store.error().code != Errc::Invalid)
        return store;
    // Who wrote it last says which format it had: then a greater number is a damaged one.
    auto const copy = read_identity_copy(store_);
    if (copy && copy->format <= store_schema_version)
        return fail(Errc::Corrupt, "the format's number is damaged: " + store.error().detail);
    return store;
}

}
