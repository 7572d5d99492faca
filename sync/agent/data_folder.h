#pragma once

#include <filesystem>

namespace listenpost::sync {

/// The files of a box, as the agent sees them.
struct DataFolder {
    std::filesystem::path path;

    std::filesystem::path store() const { return path / "store.db"; } ///< the kiosk's; read only
    std::filesystem::path delivery() const { return path / "delivery.db"; } ///< ours
    std::filesystem::path lock() const { return path / "agent.lock"; } ///< held by the agent that runs
    std::filesystem::path inbox() const { return path / "inbox"; } ///< what HQ has for the kiosk
    std::filesystem::path store_profile() const { return inbox() / "store.json"; }
    /// What the kiosk is to give another install, see store_review.h.
    std::filesystem::path conflict_request() const { return inbox() / "conflict.json"; }
    /// What the kiosk is to erase, see box_requests.h.
    std::filesystem::path erase_request() const { return inbox() / "erase.json"; }
    /// The manager's PIN from head office, see pin_inbox.h.
    std::filesystem::path sent_pin() const { return inbox() / "manager_pin.json"; }
    /// The kiosk's; read only.
    std::filesystem::path kept_pin() const { return path / "manager_pin.json"; }
    /// What an operator wants sent again, see quarantine.h.
    std::filesystem::path pending_retry() const { return path / "quarantine.retry"; }
    /// The enrolment once more, should delivery.db be damaged, see delivery_opener.h.
    std::filesystem::path enrolment_copy() const { return path / "enrolment.copy"; }
    /// An enrolment that the agent has not taken over yet, see enrolment.h.
    std::filesystem::path pending_enrolment() const { return path / "enrolment.pending"; }
};

}
